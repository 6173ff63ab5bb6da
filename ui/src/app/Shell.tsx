import { lazy, Suspense, useCallback, useEffect, useState } from "react";
import { Route, Switch, useLocation } from "wouter";
import { CLIENTS, CONNECTIONS, IMPORT, SETTINGS } from "../components/addresses";
import { PageHeadExtras } from "../components/PageHead";
import { ClientsPage } from "../features/clients/ClientsPage";
import { JobsButton } from "../features/jobs/JobsButton";
import { ReportButton } from "../features/report/ReportButton";
import { SearchDialog } from "../features/search/SearchDialog";
import type { Workspace } from "../ipc/client";
import { DropVeil } from "./DropVeil";
import { ScreenBoundary } from "./ScreenBoundary";
import { Sidebar } from "./Sidebar";
import { useScrollMemory } from "./use-scroll-memory";
import { useView } from "./use-view";
import "./shell.css";

const loadDashboard = () => import("../features/dashboard/DashboardPage");
const DashboardPage = lazy(() => loadDashboard().then(({ DashboardPage: page }) => ({ default: page })));
const ImportPage = lazy(() =>
  import("../features/import/ImportPage").then(({ ImportPage: page }) => ({ default: page })),
);
const ConnectionsPage = lazy(() =>
  import("../features/connections/ConnectionsPage").then(({ ConnectionsPage: page }) => ({ default: page })),
);
const SettingsPage = lazy(() =>
  import("../features/settings/SettingsPage").then(({ SettingsPage: page }) => ({ default: page })),
);

export function Shell({ workspace }: { workspace: Workspace }) {
  const [location, navigate] = useLocation();
  const [view, changeView] = useView(workspace.settings.default_basis);
  const [searching, setSearching] = useState(false);
  const [importPaths, setImportPaths] = useState<readonly string[]>([]);
  const [importClient, setImportClient] = useState<number>();
  const clientInSight = Number(/^\/clients\/(\d+)/.exec(location)?.[1]) || undefined;

  const main = useScrollMemory(location);

  useEffect(() => {
    // The first click on a client should not wait for code.
    const later = setTimeout(() => void loadDashboard(), 1_200);
    return () => clearTimeout(later);
  }, []);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        setSearching((open) => !open);
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);

  const openImport = useCallback(
    (clientId: number | undefined, paths: readonly string[] = []) => {
      if (clientId !== undefined) setImportClient(clientId);
      if (paths.length > 0) setImportPaths((before) => [...new Set([...before, ...paths])]);
      navigate(IMPORT);
    },
    [navigate],
  );
  const onDropped = useCallback(
    (paths: string[]) => openImport(clientInSight, paths),
    [openImport, clientInSight],
  );

  const dashboard = (clientId: number, campaignId: number | null) => (
    <DashboardPage
      key={`${clientId}-${campaignId}`}
      clientId={clientId}
      campaignId={campaignId}
      today={workspace.today}
      view={view}
      onViewChange={changeView}
      onImport={() => openImport(clientId)}
      report={(scope) => (
        <ReportButton
          {...scope}
          lang={workspace.settings.lang}
          folder={workspace.settings.reports_folder}
          usualFolder={workspace.reports_folder}
        />
      )}
    />
  );

  return (
    <div className="shell">
      <Sidebar
        workspace={workspace}
        location={location}
        onSearch={() => setSearching(true)}
        onImport={() => openImport(clientInSight)}
      />
      <main className="shell__main" ref={main}>
        <PageHeadExtras value={<JobsButton />}>
          <ScreenBoundary key={location}>
            <Suspense fallback={<div className="page" aria-busy />}>
              <Switch>
                <Route path="/clients/:client/campaigns/:campaign">
                  {({ client, campaign }) => dashboard(Number(client), Number(campaign))}
                </Route>
                <Route path="/clients/:client">{({ client }) => dashboard(Number(client), null)}</Route>
                <Route path={IMPORT}>
                  <ImportPage
                    clientId={importClient}
                    onClient={setImportClient}
                    paths={importPaths}
                    onPaths={setImportPaths}
                    newClient={{
                      currency: workspace.settings.default_currency,
                      vat_rate: workspace.settings.default_vat_rate,
                    }}
                  />
                </Route>
                <Route path={CONNECTIONS}>
                  <ConnectionsPage workspace={workspace} />
                </Route>
                <Route path={SETTINGS}>
                  <SettingsPage workspace={workspace} />
                </Route>
                <Route path={CLIENTS}>
                  <ClientsPage
                    workspace={workspace}
                    view={view}
                    onViewChange={changeView}
                    onImport={openImport}
                  />
                </Route>
                <Route>
                  <ClientsPage
                    workspace={workspace}
                    view={view}
                    onViewChange={changeView}
                    onImport={openImport}
                  />
                </Route>
              </Switch>
            </Suspense>
          </ScreenBoundary>
        </PageHeadExtras>
      </main>
      <SearchDialog open={searching} onOpenChange={setSearching} />
      <DropVeil onDropped={onDropped} />
    </div>
  );
}
