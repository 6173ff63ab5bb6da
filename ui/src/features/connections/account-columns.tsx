import { ArrowLeftRight, Ellipsis, History, LogIn, Percent, RefreshCw, Unplug } from "lucide-react";
import { useMemo } from "react";
import { Button } from "../../components/Button";
import { Menu, MenuItem, MenuLine } from "../../components/Menu";
import { Badge } from "../../components/PageHead";
import { PlatformDot } from "../../components/PlatformDot";
import type { Column } from "../../components/table/DataTable";
import { useFormat } from "../../format/use-format";
import { useNames } from "../../format/names";
import { useErrorText } from "../../i18n/error-text";
import { useT } from "../../i18n/language";
import type { AccountDto, AccountHealth, SyncAsk } from "../../ipc/client";

export const nameOf = (account: Pick<AccountDto, "account_id" | "account_name">): string =>
  account.account_name ?? account.account_id;

/** The gravest first: what a person has to act on stands on top. */
const GRAVITY: readonly AccountHealth[] = ["needs_login", "failing", "partial", "late", "fresh", "file_only"];

const TONES = {
  fresh: "good",
  late: "warn",
  partial: "warn",
  needs_login: "bad",
  failing: "bad",
  file_only: "plain",
} as const;

export interface AccountActions {
  onSync: (account: AccountDto, what: SyncAsk["what"]) => void;
  onSignIn: (account: AccountDto) => void;
  onAssign: (account: AccountDto) => void;
  onVat: (account: AccountDto) => void;
  onStory: (account: AccountDto) => void;
  onDisconnect: (account: AccountDto) => void;
}

export function useAccountColumns(year: string, actions: AccountActions): readonly Column<AccountDto>[] {
  const t = useT();
  const format = useFormat();
  const names = useNames();
  const errorText = useErrorText();
  return useMemo(() => {
    const account: Column<AccountDto> = {
      id: "account",
      header: t("connections.account"),
      width: 210,
      grow: 1.6,
      kind: "text",
      value: nameOf,
      cell: (row) => (
        <div className="connections__cell">
          <span className="connections__first">
            <PlatformDot platform={row.platform} label={names.platform(row.platform)} />
            <span className="truncate connections__name" title={nameOf(row)}>
              {nameOf(row)}
            </span>
          </span>
          <span className="connections__second truncate selectable">
            {[names.platform(row.platform), row.account_name === null ? "" : row.account_id]
              .filter(Boolean)
              .join(" · ")}
          </span>
        </div>
      ),
    };
    const client: Column<AccountDto> = {
      id: "client",
      header: t("connections.client"),
      width: 130,
      grow: 1,
      kind: "text",
      value: (row) => row.client,
      cell: (row) => (
        <span className="truncate" title={row.client}>
          {row.client}
        </span>
      ),
    };
    const health: Column<AccountDto> = {
      id: "health",
      header: t("connections.health"),
      width: 250,
      grow: 2,
      kind: "text",
      value: (row) => String(GRAVITY.indexOf(row.health)),
      cell: (row) => {
        const trouble = row.trouble && errorText(row.trouble);
        const cure = trouble ? (trouble.hint ?? trouble.message) : t(`connections.cure.${row.health}`);
        return (
          <div className="connections__cell" data-testid={`health-${row.id}`} data-health={row.health}>
            <span className="connections__first">
              <Badge tone={TONES[row.health]}>{t(`connections.state.${row.health}`)}</Badge>
              {row.vat_is_assumed && <Badge tone="warn">{t("connections.vat_assumed")}</Badge>}
            </span>
            {row.health !== "fresh" && (
              <span
                className="connections__second truncate"
                title={trouble ? `${trouble.message}\n${cure}` : cure}
              >
                {cure}
              </span>
            )}
          </div>
        );
      },
    };
    const read: Column<AccountDto> = {
      id: "read",
      header: t("connections.read"),
      width: 128,
      grow: 0.5,
      kind: "text",
      value: (row) => row.last_sync,
      cell: (row) => (
        <div className="connections__cell">
          <span className="truncate">
            {row.last_day === null ? t("connections.never") : format.monthDay(row.last_day)}
          </span>
          {row.last_sync !== null && (
            <span className="connections__second truncate">{format.moment(row.last_sync, year)}</span>
          )}
        </div>
      ),
    };
    const balance: Column<AccountDto> = {
      id: "balance",
      header: t("connections.balance"),
      width: 112,
      grow: 0.3,
      kind: "decimal",
      value: (row) => row.balance,
      cell: (row) =>
        row.balance === null ? (
          <span className="muted">{"–"}</span>
        ) : (
          <span title={row.balance_at === null ? undefined : format.moment(row.balance_at, year)}>
            {format.money(row.balance, row.currency ?? "KRW")}
          </span>
        ),
    };
    const menu: Column<AccountDto> = {
      id: "menu",
      header: "",
      width: 46,
      grow: 0,
      kind: "text",
      value: () => null,
      cell: (row) => (
        <Menu
          trigger={
            <Button
              look="quiet"
              size="s"
              square
              icon={<Ellipsis />}
              aria-label={t("connections.menu", { account: nameOf(row) })}
              data-testid={`account-menu-${row.id}`}
            />
          }
        >
          {row.connected && (
            <>
              <MenuItem
                icon={<RefreshCw />}
                onSelect={() => actions.onSync(row, "morning")}
                testId="menu-sync"
              >
                {t("connections.sync_morning")}
              </MenuItem>
              <MenuItem
                icon={<RefreshCw />}
                onSelect={() => actions.onSync(row, "full")}
                testId="menu-sync-full"
              >
                {t("connections.sync_full")}
              </MenuItem>
              <MenuItem icon={<RefreshCw />} onSelect={() => actions.onSync(row, "hourly")}>
                {t("connections.sync_hourly")}
              </MenuItem>
              <MenuItem icon={<LogIn />} onSelect={() => actions.onSignIn(row)} testId="menu-sign-in">
                {t("connections.sign_in_again")}
              </MenuItem>
              <MenuItem icon={<Percent />} onSelect={() => actions.onVat(row)}>
                {t("connections.vat_confirm")}
              </MenuItem>
            </>
          )}
          <MenuItem icon={<ArrowLeftRight />} onSelect={() => actions.onAssign(row)} testId="menu-assign">
            {t("connections.assign")}
          </MenuItem>
          <MenuItem icon={<History />} onSelect={() => actions.onStory(row)} testId="menu-story">
            {t("connections.story")}
          </MenuItem>
          {row.connected && (
            <>
              <MenuLine />
              <MenuItem
                icon={<Unplug />}
                danger
                onSelect={() => actions.onDisconnect(row)}
                testId="menu-disconnect"
              >
                {t("connections.disconnect")}
              </MenuItem>
            </>
          )}
        </Menu>
      ),
    };
    return [account, client, health, read, balance, menu];
  }, [t, format, names, errorText, year, actions]);
}
