import { CircleCheck, RefreshCw } from "lucide-react";
import { useState } from "react";
import { Button } from "../../components/Button";
import { Checkbox, Field, TextInput } from "../../components/Field";
import { Badge } from "../../components/PageHead";
import { Problem } from "../../components/Problem";
import { Select } from "../../components/Select";
import { byName } from "../../format/by-name";
import { isMatch } from "../../format/name-match";
import { useFormat } from "../../format/use-format";
import { useT } from "../../i18n/language";
import type { AccountDto, ClientInput, ReachableAccount, SignedInDto } from "../../ipc/client";
import { nameOf } from "./account-columns";
import { useAddClient, useClients, useConnectAccounts, useStartSync } from "./queries";

interface ChooseAccountsProps {
  signedIn: SignedInDto;
  newClient: Omit<ClientInput, "name">;
  onClose: () => void;
}

/** Stands for a client that is made with the connection. */
const NEW = "new";

/** Which of the login's accounts are connected, and to which client they belong. */
export function ChooseAccounts({ signedIn, newClient, onClose }: ChooseAccountsProps) {
  const t = useT();
  const format = useFormat();
  const clients = useClients();
  const addClient = useAddClient();
  const connect = useConnectAccounts();
  const open = signedIn.accounts.filter((account) => !account.connected && !account.closed);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(
    () => new Set(open.length === 1 ? open.map((account) => account.account_id) : []),
  );
  const [filter, setFilter] = useState("");
  const [client, setClient] = useState<string>();
  const [name, setName] = useState("");

  if (connect.data) return <Connected accounts={connect.data.accounts} onClose={onClose} />;

  const all = byName(clients.data ?? []);
  const picked = client ?? (all.length === 0 ? NEW : undefined);
  const shown = signedIn.accounts.filter(
    (account) => isMatch(nameOf(account), filter) || account.account_id.includes(filter.trim()),
  );
  const choose = (account: ReachableAccount, on: boolean) => {
    const next = new Set(chosen);
    if (on) next.add(account.account_id);
    else next.delete(account.account_id);
    setChosen(next);
  };
  const save = (clientId: number) =>
    connect.mutate([
      signedIn.id,
      [...chosen].map((account_id) => ({ account_id, client_id: clientId })),
      null,
    ]);
  const submit = () => {
    if (picked === NEW)
      addClient.mutate([{ name: name.trim(), ...newClient }], { onSuccess: ({ id }) => save(id) });
    else if (picked !== undefined) save(Number(picked));
  };

  return (
    <>
      {signedIn.repaired > 0 && (
        <p className="connect__good" data-testid="repaired">
          <CircleCheck aria-hidden />
          {t("connect.repaired", { count: format.count(signedIn.repaired) })}
        </p>
      )}
      {signedIn.accounts.length > 8 && (
        <TextInput
          value={filter}
          onChange={setFilter}
          placeholder={t("connect.filter")}
          aria-label={t("connect.filter")}
        />
      )}
      {signedIn.accounts.length === 0 && <p>{t("connect.no_accounts")}</p>}
      <ul className="connect__accounts" data-testid="reachable">
        {shown.map((account) => (
          <li key={account.account_id}>
            <Checkbox
              checked={chosen.has(account.account_id)}
              onChange={(on) => choose(account, on)}
              testId={`choose-${account.account_id}`}
            >
              <span className="connect__account">
                <span className="truncate" title={nameOf(account)}>
                  {nameOf(account)}
                </span>
                <span className="muted">
                  {[account.account_name === null ? "" : account.account_id, account.currency ?? ""]
                    .filter(Boolean)
                    .join(" · ")}
                </span>
              </span>
            </Checkbox>
            {account.connected && account.client !== null && (
              <Badge>{t("connect.connected_to", { client: account.client })}</Badge>
            )}
            {account.closed && <Badge tone="warn">{t("connect.closed")}</Badge>}
          </li>
        ))}
      </ul>
      <Field label={t("connect.client")} hint={t("connect.client_hint")}>
        {(id) => (
          <Select
            id={id}
            wide
            value={picked}
            label={t("connect.client")}
            placeholder={t("connect.client_placeholder")}
            options={[
              ...all.map((one) => ({ value: String(one.id), label: one.name })),
              { value: NEW, label: t("connect.new_client") },
            ]}
            onChange={setClient}
            testId="connect-client"
          />
        )}
      </Field>
      {picked === NEW && (
        <Field label={t("connect.new_client_name")}>
          {(id) => <TextInput id={id} value={name} onChange={setName} data-testid="connect-new-client" />}
        </Field>
      )}
      {(addClient.error ?? connect.error) && <Problem error={addClient.error ?? connect.error} />}
      <div className="connect__actions">
        <Button look="quiet" onClick={() => setChosen(new Set(open.map((account) => account.account_id)))}>
          {t("connect.choose_all")}
        </Button>
        <span className="connect__gap" />
        {signedIn.repaired > 0 && chosen.size === 0 && <Button onClick={onClose}>{t("common.close")}</Button>}
        <Button
          look="primary"
          busy={addClient.isPending || connect.isPending}
          disabled={chosen.size === 0 || picked === undefined || (picked === NEW && name.trim() === "")}
          onClick={submit}
          data-testid="connect-save"
        >
          {t("connect.save", { count: format.count(chosen.size) })}
        </Button>
      </div>
    </>
  );
}

/** Done: the figures are one click away. */
function Connected({ accounts, onClose }: { accounts: readonly AccountDto[]; onClose: () => void }) {
  const t = useT();
  const format = useFormat();
  const sync = useStartSync();
  const start = async () => {
    const chosen = accounts.map((account) => `#${account.id}`);
    await sync.mutateAsync([
      { client: null, accounts: chosen, what: "full", from: null, to: null, by_hour: false },
    ]);
    onClose();
  };
  return (
    <>
      <p className="connect__good" data-testid="connected">
        <CircleCheck aria-hidden />
        {t("connect.done", { count: format.count(accounts.length) })}
      </p>
      <p className="muted">{t("connect.done_text")}</p>
      {sync.error && <Problem error={sync.error} />}
      <div className="connect__actions">
        <span className="connect__gap" />
        <Button onClick={onClose}>{t("connect.later")}</Button>
        <Button
          look="primary"
          icon={<RefreshCw />}
          busy={sync.isPending}
          onClick={() => void start()}
          data-testid="connect-sync"
        >
          {t("connect.sync_now")}
        </Button>
      </div>
    </>
  );
}
