import { Download, Ellipsis, Pencil, Trash2 } from "lucide-react";
import { useMemo } from "react";
import { Button } from "../../components/Button";
import { ChangeText } from "../../components/ChangeText";
import { Menu, MenuItem, MenuLine } from "../../components/Menu";
import { Badge } from "../../components/PageHead";
import { PlatformDot } from "../../components/PlatformDot";
import { Sparkline } from "../../components/Sparkline";
import { useNarrow } from "../../components/use-narrow";
import type { Column } from "../../components/table/DataTable";
import { useWhyMissing } from "../../components/FigureText";
import { METRICS, type Metric } from "../../format/metric";
import { useFormat } from "../../format/use-format";
import { useT } from "../../i18n/language";
import { useNames } from "../../format/names";
import type { ClientDto, ClientRow, CurrencyFigures } from "../../ipc/client";

/** One line of the table: a client in one currency. */
export interface ClientLine {
  row: ClientRow;
  figures: CurrencyFigures | undefined;
}

export function linesOf(rows: readonly ClientRow[]): ClientLine[] {
  return rows.flatMap((row): ClientLine[] =>
    row.figures.length === 0
      ? [{ row, figures: undefined }]
      : row.figures.map((figures) => ({ row, figures })),
  );
}

const shown: readonly (readonly [Metric, number])[] = [
  ["cost", 120],
  ["clicks", 76],
  ["conversions", 74],
  ["cpa", 92],
  ["revenue", 122],
  ["roas", 72],
];

/** Left out where the window is narrow, so that as-of stays in sight. */
const spared: readonly Metric[] = ["clicks", "cpa"];

interface ClientColumnsOptions {
  today: string;
  onEdit: (client: ClientDto) => void;
  onRemove: (client: ClientDto) => void;
  onImport: (clientId: number) => void;
}

export function useClientColumns({
  today,
  onEdit,
  onRemove,
  onImport,
}: ClientColumnsOptions): readonly Column<ClientLine>[] {
  const t = useT();
  const format = useFormat();
  const names = useNames();
  const why = useWhyMissing();
  const isNarrow = useNarrow();
  return useMemo(() => {
    const year = today.slice(0, 4);
    const name: Column<ClientLine> = {
      id: "name",
      header: t("clients.name"),
      width: 184,
      grow: 2.2,
      kind: "text",
      value: ({ row }) => row.client.name,
      cell: ({ row, figures }) => (
        <div className="clients__name">
          <div className="clients__first">
            <span className="truncate clients__label" title={row.client.name}>
              {row.client.name}
            </span>
            {figures && figures.currency !== row.client.currency && (
              <Badge tone="accent">{figures.currency}</Badge>
            )}
            {row.client.is_sample && <Badge>{t("nav.sample")}</Badge>}
          </div>
          <span className="clients__platforms">
            {row.platforms.map((platform) => (
              <PlatformDot key={platform} platform={platform} label={names.platform(platform)} />
            ))}
            {figures === undefined && (
              <span className="truncate">
                {row.last_day === null
                  ? t("clients.no_figures_at_all")
                  : `${t("clients.no_figures")} · ${t("clients.last_figures", { day: format.day(row.last_day) })}`}
              </span>
            )}
          </span>
        </div>
      ),
    };
    const trend: Column<ClientLine> = {
      id: "trend",
      header: t("clients.trend"),
      width: 124,
      grow: 0.4,
      kind: "text",
      value: ({ figures }) => figures?.compared.change?.cost ?? null,
      cell: ({ row, figures }) =>
        figures && (
          <Sparkline values={figures.daily_cost} label={t("clients.trend_of", { client: row.client.name })} />
        ),
    };
    const metrics = shown
      .filter(([metric]) => !isNarrow || !spared.includes(metric))
      .map(([metric, width]): Column<ClientLine> => ({
        id: metric,
        header: names.metric(metric),
        title: names.longMetric(metric),
        width,
        kind: "decimal",
        value: ({ figures }) => figures?.compared.figures[metric] ?? null,
        cell: ({ figures }) => {
          if (!figures) return <span className="muted">{format.figure(metric, null, "KRW")}</span>;
          const value = figures.compared.figures[metric];
          return (
            <>
              <span data-value={value} title={value === null ? why(metric) : undefined}>
                {format.figure(
                  metric,
                  value,
                  figures.currency,
                  METRICS[metric].unit === "ratio" ? "short" : "full",
                )}
              </span>
              <ChangeText metric={metric} change={figures.compared.change?.[metric]} />
            </>
          );
        },
      }));
    const asOf: Column<ClientLine> = {
      id: "as_of",
      header: t("clients.as_of"),
      width: 100,
      grow: 0.4,
      kind: "text",
      value: ({ row }) => oldest(row),
      cell: ({ row }) => {
        const read = oldest(row);
        if (read === null) return null;
        const all = row.as_of.map((entry) =>
          t("as_of.read", { platform: names.platform(entry.platform), moment: format.moment(entry.read_at) }),
        );
        return (
          <span className="clients__as-of" title={all.join("\n")}>
            {format.moment(read, year)}
          </span>
        );
      },
    };
    const menu: Column<ClientLine> = {
      id: "menu",
      header: "",
      width: 46,
      grow: 0,
      kind: "text",
      value: () => null,
      cell: ({ row: { client } }) => (
        <Menu
          trigger={
            <Button
              look="quiet"
              size="s"
              square
              icon={<Ellipsis />}
              aria-label={t("clients.menu", { client: client.name })}
              onClick={(event) => event.stopPropagation()}
              onKeyDown={(event) => event.stopPropagation()}
              data-testid={`client-menu-${client.id}`}
            />
          }
        >
          <MenuItem icon={<Download />} onSelect={() => onImport(client.id)} testId="menu-import">
            {t("clients.import_here")}
          </MenuItem>
          <MenuItem icon={<Pencil />} onSelect={() => onEdit(client)} testId="menu-edit">
            {t("clients.edit")}
          </MenuItem>
          <MenuLine />
          <MenuItem icon={<Trash2 />} danger onSelect={() => onRemove(client)} testId="menu-remove">
            {t("clients.remove")}
          </MenuItem>
        </Menu>
      ),
    };
    return [name, trend, ...metrics, asOf, menu];
  }, [t, format, names, why, isNarrow, today, onEdit, onRemove, onImport]);
}

/** The oldest reading of a client's platforms: its figures are no younger than that. */
function oldest(row: ClientRow): string | null {
  return row.as_of.reduce<string | null>(
    (found, { read_at }) => (found === null || Date.parse(read_at) < Date.parse(found) ? read_at : found),
    null,
  );
}
