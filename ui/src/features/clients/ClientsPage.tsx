import { Building2, Plus } from "lucide-react";
import { useCallback, useState } from "react";
import { useLocation } from "wouter";
import { clientAddress } from "../../components/addresses";
import { Button } from "../../components/Button";
import { ClientDialog, type ClientFields } from "../../components/client/ClientDialog";
import { EmptyState } from "../../components/EmptyState";
import { TextInput } from "../../components/Field";
import { Badge, PageHead } from "../../components/PageHead";
import { Problem } from "../../components/Problem";
import { Skeleton } from "../../components/Skeleton";
import { showToast } from "../../components/toasts";
import { DataTable } from "../../components/table/DataTable";
import { rangeOf, type ViewProps } from "../../format/view";
import { BasisSwitch, ViewControls } from "../../components/view/ViewControls";
import { byName } from "../../format/by-name";
import { useMark } from "../../components/use-mark";
import { isMatch } from "../../format/name-match";
import { useFormat } from "../../format/use-format";
import { useT } from "../../i18n/language";
import type { ClientDto, Workspace } from "../../ipc/client";
import { type ClientLine, linesOf, useClientColumns } from "./client-columns";
import { useAddClient, useClientsOverview, useEditClient, usePeriodChoices } from "./queries";
import { RemoveClientDialog } from "./RemoveClientDialog";
import "../../components/panel.css";
import "./clients.css";

interface ClientsPageProps extends ViewProps {
  workspace: Workspace;
  onImport: (clientId: number) => void;
}

/** Every client with its figures of the period: where the morning starts. */
export function ClientsPage({ workspace, view, onViewChange, onImport }: ClientsPageProps) {
  const t = useT();
  const format = useFormat();
  const [, navigate] = useLocation();
  const periods = usePeriodChoices();
  const choices = periods.data ?? [];
  const range = periods.data && rangeOf(view.period, periods.data);
  const overview = useClientsOverview(range, view);
  useMark("first-figures", overview.data !== undefined);
  const [filter, setFilter] = useState("");
  const [editing, setEditing] = useState<ClientDto | "new">();
  const addClient = useAddClient();
  const editClient = useEditClient();
  const [removing, setRemoving] = useState<ClientDto>();
  const { reset: resetAdd } = addClient;
  const { reset: resetEdit } = editClient;
  const edit = useCallback(
    (client: ClientDto | "new" | undefined) => {
      // What went wrong the last time is no news any more.
      resetAdd();
      resetEdit();
      setEditing(client);
    },
    [resetAdd, resetEdit],
  );
  const save = (fields: ClientFields) => {
    const said = (key: "clients.added" | "clients.edited") => (saved: ClientDto) => {
      edit(undefined);
      showToast({ tone: "good", title: t(key, { client: saved.name }) });
      if (key === "clients.added") navigate(clientAddress(saved.id));
    };
    if (editing === "new") addClient.mutate([fields], { onSuccess: said("clients.added") });
    else if (editing) editClient.mutate([editing.id, fields], { onSuccess: said("clients.edited") });
  };
  const columns = useClientColumns({ today: workspace.today, onEdit: edit, onRemove: setRemoving, onImport });

  const clients = overview.data?.clients ?? [];
  const lines = linesOf(
    byName(
      clients
        .filter(({ client }) => isMatch(client.name, filter))
        .map((row) => ({ ...row, name: row.client.name })),
    ),
  );
  const error = periods.error ?? overview.error;

  return (
    <>
      <PageHead
        title={t("clients.title")}
        badge={overview.data && <Badge>{t("clients.count", { count: format.count(clients.length) })}</Badge>}
        busy={overview.isFetching && overview.isPlaceholderData}
        actions={
          <Button look="primary" icon={<Plus />} onClick={() => edit("new")} data-testid="add-client">
            {t("clients.add")}
          </Button>
        }
        controls={
          <>
            <ViewControls
              view={view}
              onViewChange={onViewChange}
              choices={choices}
              range={range}
              today={workspace.today}
            />
            <TextInput
              className="clients__filter"
              value={filter}
              onChange={setFilter}
              placeholder={t("clients.filter")}
              aria-label={t("clients.filter")}
            />
            <div className="page-head__end">
              <BasisSwitch view={view} onViewChange={onViewChange} />
            </div>
          </>
        }
      />
      <div className="page">
        {error ? (
          <Problem
            error={error}
            onRetry={() => void (periods.error ? periods.refetch() : overview.refetch())}
          />
        ) : !overview.data ? (
          <ClientsSkeleton />
        ) : (
          <section className="panel clients__panel">
            {clients.length === 0 ? (
              <EmptyState
                icon={<Building2 />}
                title={t("clients.empty_title")}
                text={t("clients.empty_text")}
                testId="clients-empty"
              >
                <Button look="primary" icon={<Plus />} onClick={() => edit("new")}>
                  {t("clients.add")}
                </Button>
              </EmptyState>
            ) : lines.length === 0 ? (
              <EmptyState small title={t("clients.nothing_found", { text: filter })} />
            ) : (
              <DataTable<ClientLine>
                rows={lines}
                columns={columns}
                rowKey={({ row, figures }) => `${row.client.id}-${figures?.currency ?? ""}`}
                label={t("clients.title")}
                initialSort={{ id: "cost", desc: true }}
                rowHeight={58}
                maxHeight={lines.length > 60 ? 720 : 4000}
                onOpen={({ row }) => navigate(clientAddress(row.client.id))}
                rowTestId={({ row }) => `client-row-${row.client.id}`}
                testId="clients-table"
              />
            )}
          </section>
        )}
      </div>
      <ClientDialog
        open={editing !== undefined}
        onClose={() => edit(undefined)}
        client={editing === "new" ? undefined : editing}
        defaults={{
          currency: workspace.settings.default_currency,
          vat_rate: workspace.settings.default_vat_rate,
        }}
        busy={addClient.isPending || editClient.isPending}
        error={addClient.error ?? editClient.error}
        onSave={save}
      />
      {removing && <RemoveClientDialog client={removing} onClose={() => setRemoving(undefined)} />}
    </>
  );
}

function ClientsSkeleton() {
  return (
    <section className="panel clients__panel" aria-busy data-testid="clients-loading">
      {[0, 1, 2, 3, 4].map((line) => (
        <div className="clients__waiting" key={line}>
          <Skeleton width={160 - line * 12} />
          <Skeleton width={108} height={24} />
          <Skeleton width={96} />
          <Skeleton width={64} />
          <Skeleton width={84} />
          <Skeleton width={56} />
        </div>
      ))}
    </section>
  );
}
