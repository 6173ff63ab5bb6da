import { type FormEvent, useId, useState } from "react";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { Field, TextInput } from "../../components/Field";
import { Problem } from "../../components/Problem";
import { showToast } from "../../components/toasts";
import { useT } from "../../i18n/language";
import type { ClientDto } from "../../ipc/client";
import { useRemoveClient } from "./queries";

/** Removing takes every figure of the client with it, so the name is typed once more. */
export function RemoveClientDialog({ client, onClose }: { client: ClientDto; onClose: () => void }) {
  const t = useT();
  const form = useId();
  const remove = useRemoveClient();
  const [typed, setTyped] = useState("");

  const isSame = typed.normalize("NFC").trim() === client.name.normalize("NFC").trim();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isSame) return;
    remove.mutate([client.id], {
      onSuccess: () => {
        showToast({ tone: "good", title: t("clients.removed", { client: client.name }) });
        onClose();
      },
    });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("clients.remove_title", { client: client.name })}
      description={t("clients.remove_text")}
      testId="remove-dialog"
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button
            look="danger"
            type="submit"
            form={form}
            disabled={!isSame}
            busy={remove.isPending}
            data-testid="remove-confirm"
          >
            {t("clients.remove_confirm")}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit}>
        <Field label={t("clients.name_label")}>
          {(id) => (
            <TextInput
              id={id}
              value={typed}
              onChange={setTyped}
              placeholder={client.name}

              data-testid="remove-name"
            />
          )}
        </Field>
        {remove.error && <Problem error={remove.error} />}
      </form>
    </Dialog>
  );
}
