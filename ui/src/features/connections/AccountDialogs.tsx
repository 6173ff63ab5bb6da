import { useState } from "react";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { Field } from "../../components/Field";
import { Problem } from "../../components/Problem";
import { Segmented } from "../../components/Segmented";
import { Select } from "../../components/Select";
import { byName } from "../../format/by-name";
import { useNames } from "../../format/names";
import { useT } from "../../i18n/language";
import type { AccountDto } from "../../ipc/client";
import { nameOf } from "./account-columns";
import { useAssignAccount, useClients, useConfirmVat, useDisconnect } from "./queries";

interface AccountDialogProps {
  account: AccountDto;
  onClose: () => void;
}

/** Gives an account to another client: its figures go with it. */
export function AssignDialog({ account, onClose }: AccountDialogProps) {
  const t = useT();
  const clients = useClients();
  const assign = useAssignAccount();
  const [client, setClient] = useState(account.client);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("connections.assign")}
      description={t("connections.assign_text", { account: nameOf(account) })}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button
            look="primary"
            busy={assign.isPending}
            disabled={client === account.client}
            onClick={() => assign.mutate([account.id, client], { onSuccess: onClose })}
            data-testid="assign-save"
          >
            {t("common.save")}
          </Button>
        </>
      }
    >
      <Field label={t("connections.client")}>
        {(id) => (
          <Select
            id={id}
            wide
            value={client}
            label={t("connections.client")}
            options={byName(clients.data ?? []).map(({ name }) => ({ value: name, label: name }))}
            onChange={setClient}
            testId="assign-client"
          />
        )}
      </Field>
      {assign.error && <Problem error={assign.error} />}
    </Dialog>
  );
}

/** Somebody who has looked at the platform says whether its cost includes VAT. */
export function VatDialog({ account, onClose }: AccountDialogProps) {
  const t = useT();
  const names = useNames();
  const confirm = useConfirmVat();
  const [vat, setVat] = useState(account.vat ?? "excluded");
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("connections.vat_confirm")}
      description={t("connections.vat_text", { account: nameOf(account) })}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button
            look="primary"
            busy={confirm.isPending}
            onClick={() => confirm.mutate([account.id, vat], { onSuccess: onClose })}
          >
            {t("common.save")}
          </Button>
        </>
      }
    >
      <Segmented
        value={vat}
        label={t("connections.vat_confirm")}
        options={["included", "excluded"].map((value) => ({ value, label: names.vat(value) }))}
        onChange={setVat}
      />
      <p className="muted connections__note">{t("connections.vat_note")}</p>
      {confirm.error && <Problem error={confirm.error} />}
    </Dialog>
  );
}

export function DisconnectDialog({ account, onClose }: AccountDialogProps) {
  const t = useT();
  const disconnect = useDisconnect();
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("connections.disconnect_title", { account: nameOf(account) })}
      description={t("connections.disconnect_text")}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button
            look="danger"
            busy={disconnect.isPending}
            onClick={() => disconnect.mutate([account.id], { onSuccess: onClose })}
            data-testid="disconnect-confirm"
          >
            {t("connections.disconnect")}
          </Button>
        </>
      }
    >
      {disconnect.error && <Problem error={disconnect.error} />}
    </Dialog>
  );
}
