import { type FormEvent, useId, useState } from "react";
import { isDecimalBetween } from "../../format/input";
import { useT } from "../../i18n/language";
import { Button } from "../Button";
import { Dialog } from "../Dialog";
import { Field, TextInput } from "../Field";
import { Problem } from "../Problem";
import { CurrencySelect } from "./CurrencySelect";

export interface ClientFields {
  name: string;
  currency: string;
  /** Percent. */
  vat_rate: string;
}

interface ClientDialogProps {
  open: boolean;
  onClose: () => void;
  /** The client to edit; `undefined` adds one. */
  client: ClientFields | undefined;
  /** What a new client starts with. */
  defaults: Omit<ClientFields, "name">;
  onSave: (fields: ClientFields) => void;
  busy: boolean;
  error: unknown;
}

/** Adds or edits a client; whoever shows it does the saving. */
export function ClientDialog({ open, onClose, client, defaults, onSave, busy, error }: ClientDialogProps) {
  const t = useT();
  const form = useId();
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={t(client ? "clients.edit_title" : "clients.add_title")}
      testId="client-dialog"
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button look="primary" type="submit" form={form} busy={busy} data-testid="client-save">
            {t("common.save")}
          </Button>
        </>
      }
    >
      <ClientForm id={form} initial={client ?? { name: "", ...defaults }} onSave={onSave} error={error} />
    </Dialog>
  );
}

interface ClientFormProps {
  id: string;
  initial: ClientFields;
  onSave: (fields: ClientFields) => void;
  error: unknown;
}

function ClientForm({ id: form, initial, onSave, error }: ClientFormProps) {
  const t = useT();
  const [fields, setFields] = useState<ClientFields>({
    name: initial.name,
    currency: initial.currency,
    vat_rate: initial.vat_rate,
  });
  const [tried, setTried] = useState(false);
  const nameMissing = fields.name.trim() === "";
  const vatWrong = !isDecimalBetween(fields.vat_rate, 0, 100);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!nameMissing && !vatWrong)
      onSave({ ...fields, name: fields.name.trim(), vat_rate: fields.vat_rate.trim() });
  };

  return (
    <form id={form} onSubmit={submit} noValidate>
      <Field
        label={t("clients.name_label")}
        hint={t("clients.name_hint")}
        error={tried && nameMissing ? t("clients.name_missing") : undefined}
      >
        {(id) => (
          <TextInput
            id={id}
            value={fields.name}
            onChange={(name) => setFields({ ...fields, name })}
            maxLength={255}
            data-testid="client-name"
          />
        )}
      </Field>
      <Field label={t("clients.currency_label")} hint={t("clients.currency_hint")}>
        {(id) => (
          <CurrencySelect
            id={id}
            value={fields.currency}
            label={t("clients.currency_label")}
            onChange={(currency) => setFields({ ...fields, currency })}
          />
        )}
      </Field>
      <Field
        label={t("clients.vat_label")}
        hint={t("clients.vat_hint")}
        error={tried && vatWrong ? t("clients.vat_wrong") : undefined}
      >
        {(id) => (
          <TextInput
            id={id}
            value={fields.vat_rate}
            onChange={(vat_rate) => setFields({ ...fields, vat_rate })}
            inputMode="decimal"
            unit="%"
            data-testid="client-vat"
          />
        )}
      </Field>
      {error != null && (
        <div className="field">
          <Problem error={error} />
        </div>
      )}
    </form>
  );
}
