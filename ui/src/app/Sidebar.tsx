import { Download, LayoutList, Plug, Search, Settings2 } from "lucide-react";
import { Link } from "wouter";
import { CLIENTS, clientAddress, CONNECTIONS, IMPORT, SETTINGS } from "../components/addresses";
import { Skeleton } from "../components/Skeleton";
import { byName } from "../format/by-name";
import { useT } from "../i18n/language";
import type { ClientDto, Workspace } from "../ipc/client";
import { useRead } from "../ipc/queries";
import { Brand } from "./Brand";

interface SidebarProps {
  workspace: Workspace;
  location: string;
  onSearch: () => void;
  onImport: () => void;
}

/** Sample clients begin with the same word, which says nothing about them. */
function initial({ name, is_sample: isSample }: ClientDto): string | undefined {
  const own = isSample ? (name.split(" · ").at(-1) ?? name) : name;
  return Array.from(own)[0];
}

const isMac = /Mac/.test(navigator.userAgent);

export function Sidebar({ workspace, location, onSearch, onImport }: SidebarProps) {
  const t = useT();
  const clients = useRead("clientList", []);
  const link = (on: boolean) => (on ? "sidebar__link sidebar__link--on" : "sidebar__link");
  const database = workspace.database.embedded
    ? t("settings.database_embedded")
    : workspace.database.location;
  return (
    <nav className="sidebar" aria-label={t("nav.label")}>
      <div className="sidebar__brand">
        <Brand />
      </div>
      <button
        type="button"
        className="sidebar__search"
        onClick={onSearch}
        data-testid="open-search"
        aria-label={t("nav.search")}
      >
        <Search />
        <span className="sidebar__text">{t("nav.search")}</span>
        <kbd>{isMac ? "⌘K" : "Ctrl K"}</kbd>
      </button>
      <Link
        href={CLIENTS}
        className={link(location === CLIENTS || location === "")}
        data-testid="nav-clients"
        title={t("nav.all_clients")}
      >
        <LayoutList />
        <span className="sidebar__text">{t("nav.all_clients")}</span>
      </Link>
      <p className="sidebar__group">{t("nav.clients")}</p>
      <ul className="sidebar__clients">
        {clients.isPending &&
          [1, 2, 3].map((line) => (
            <li key={line} style={{ padding: 8 }}>
              <Skeleton />
            </li>
          ))}
        {byName(clients.data ?? []).map((client) => {
          const on =
            location === clientAddress(client.id) || location.startsWith(`${clientAddress(client.id)}/`);
          return (
            <li key={client.id}>
              <Link
                href={clientAddress(client.id)}
                className={link(on)}
                title={client.name}
                data-testid={`nav-client-${client.id}`}
              >
                <span className="sidebar__initial" aria-hidden>
                  {initial(client)}
                </span>
                <span className="sidebar__text truncate">{client.name}</span>
              </Link>
            </li>
          );
        })}
      </ul>
      <div className="sidebar__foot">
        <button
          type="button"
          className={link(location === IMPORT)}
          onClick={onImport}
          data-testid="nav-import"
          title={t("nav.import")}
        >
          <Download />
          <span className="sidebar__text">{t("nav.import")}</span>
        </button>
        <Link
          href={CONNECTIONS}
          className={link(location === CONNECTIONS)}
          data-testid="nav-connections"
          title={t("nav.connections")}
        >
          <Plug />
          <span className="sidebar__text">{t("nav.connections")}</span>
        </Link>
        <Link
          href={SETTINGS}
          className={link(location === SETTINGS)}
          data-testid="nav-settings"
          title={t("nav.settings")}
        >
          <Settings2 />
          <span className="sidebar__text">{t("nav.settings")}</span>
        </Link>
        <p className="sidebar__database" title={workspace.database.location}>
          <span className="truncate">{database}</span>
        </p>
      </div>
    </nav>
  );
}
