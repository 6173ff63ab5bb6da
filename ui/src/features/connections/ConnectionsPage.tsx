import { Plug, Plus, RefreshCw } from "lucide-react";
import { useMemo, useState } from "react";
import { Button } from "../../components/Button";
import { EmptyState } from "../../components/EmptyState";
import { TextInput } from "../../components/Field";
import { Badge, PageHead } from "../../components/PageHead";
import { Problem } from "../../components/Problem";
import { Skeleton } from "../../components/Skeleton";
import { DataTable } from "../../components/table/DataTable";
import { isMatch } from "../../format/name-match";
import { useFormat } from "../../format/use-format";
import { useT } from "../../i18n/language";
import type { AccountDto, SyncAsk, Workspace } from "../../ipc/client";
import { type AccountActions, nameOf, useAccountColumns } from "./account-columns";
import { AssignDialog, DisconnectDialog, VatDialog } from "./AccountDialogs";
import { ClaimBanner } from "./ClaimBanner";
import { ConnectDialog } from "./ConnectDialog";
import { useAccounts, useStartSync } from "./queries";
import { StoryDialog } from "./StoryDialog";
import "../../components/panel.css";
import "./connections.css";

/** One dialog at a time, about one account. */
type Shown = { kind: "assign" | "vat" | "story" | "disconnect"; account: AccountDto };

const syncAll: SyncAsk = {
  client: null,
  accounts: [],
  what: "morning",
  from: null,
  to: null,
  by_hour: false,
};

/** Every ad account, how it fares and what to do about it. */
export function ConnectionsPage({ workspace }: { workspace: Workspace }) {
  const t = useT();
  const format = useFormat();
  const accounts = useAccounts();
  const sync = useStartSync();
  const [filter, setFilter] = useState("");
  const [connecting, setConnecting] = useState<{ platform: string | undefined }>();
  const [shown, setShown] = useState<Shown>();
  const { mutate: startSync } = sync;

  const actions = useMemo<AccountActions>(
    () => ({
      onSync: (account, what) => startSync([{ ...syncAll, accounts: [`#${account.id}`], what }]),
      onSignIn: ({ platform }) => setConnecting({ platform }),
      onAssign: (account) => setShown({ kind: "assign", account }),
      onVat: (account) => setShown({ kind: "vat", account }),
      onStory: (account) => setShown({ kind: "story", account }),
      onDisconnect: (account) => setShown({ kind: "disconnect", account }),
    }),
    [startSync],
  );
  const columns = useAccountColumns(workspace.today.slice(0, 4), actions);

  const all = accounts.data ?? [];
  const connected = all.filter((account) => account.connected);
  const fresh = connected.filter(({ health }) => health === "fresh");
  const rows = all.filter(
    (account) =>
      isMatch(nameOf(account), filter) ||
      isMatch(account.client, filter) ||
      account.account_id.includes(filter.trim()),
  );
  const close = () => setShown(undefined);

  return (
    <>
      <PageHead
        title={t("connections.title")}
        badge={
          connected.length > 0 && (
            <Badge tone={fresh.length === connected.length ? "good" : "warn"}>
              {t("connections.summary", {
                count: format.count(connected.length),
                fresh: format.count(fresh.length),
              })}
            </Badge>
          )
        }
        busy={accounts.isFetching && !accounts.isPending}
        actions={
          <>
            {connected.length > 0 && (
              <Button
                icon={<RefreshCw />}
                busy={sync.isPending}
                onClick={() => startSync([syncAll])}
                data-testid="sync-all"
              >
                {t("connections.sync_all")}
              </Button>
            )}
            <Button
              look="primary"
              icon={<Plus />}
              onClick={() => setConnecting({ platform: undefined })}
              data-testid="connect"
            >
              {t("connections.connect")}
            </Button>
          </>
        }
        controls={
          all.length > 8 ? (
            <TextInput
              className="connections__filter"
              value={filter}
              onChange={setFilter}
              placeholder={t("connections.filter")}
              aria-label={t("connections.filter")}
            />
          ) : undefined
        }
      />
      <div className="page connections">
        {sync.error && <Problem error={sync.error} />}
        <ClaimBanner />
        {accounts.error ? (
          <Problem error={accounts.error} onRetry={() => void accounts.refetch()} />
        ) : accounts.isPending ? (
          <section className="panel connections__waiting" aria-busy>
            {[0, 1, 2, 3].map((line) => (
              <Skeleton key={line} width={220 - line * 18} />
            ))}
          </section>
        ) : (
          <section className="panel connections__panel">
            {all.length === 0 ? (
              <EmptyState
                icon={<Plug />}
                title={t("connections.empty_title")}
                text={t("connections.empty_text")}
                testId="connections-empty"
              >
                <Button look="primary" icon={<Plus />} onClick={() => setConnecting({ platform: undefined })}>
                  {t("connections.connect")}
                </Button>
              </EmptyState>
            ) : rows.length === 0 ? (
              <EmptyState small title={t("connections.nothing_found", { text: filter })} />
            ) : (
              <DataTable<AccountDto>
                rows={rows}
                columns={columns}
                rowKey={({ id }) => String(id)}
                label={t("connections.title")}
                initialSort={{ id: "health", desc: false }}
                rowHeight={54}
                maxHeight={rows.length > 60 ? 720 : 4000}
                onOpen={(account) => setShown({ kind: "story", account })}
                rowTestId={({ id }) => `account-row-${id}`}
                testId="accounts-table"
              />
            )}
          </section>
        )}
      </div>
      {connecting && (
        <ConnectDialog
          platform={connecting.platform}
          lang={workspace.settings.lang}
          newClient={{
            currency: workspace.settings.default_currency,
            vat_rate: workspace.settings.default_vat_rate,
          }}
          onClose={() => setConnecting(undefined)}
        />
      )}
      {shown?.kind === "assign" && <AssignDialog account={shown.account} onClose={close} />}
      {shown?.kind === "vat" && <VatDialog account={shown.account} onClose={close} />}
      {shown?.kind === "disconnect" && <DisconnectDialog account={shown.account} onClose={close} />}
      {shown?.kind === "story" && <StoryDialog account={shown.account} onClose={close} />}
    </>
  );
}
