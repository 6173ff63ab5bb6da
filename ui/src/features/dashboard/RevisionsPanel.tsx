import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { Problem } from "../../components/Problem";
import { type Column, DataTable } from "../../components/table/DataTable";
import { METRICS, type Metric } from "../../format/metric";
import { useFormat } from "../../format/use-format";
import { useT } from "../../i18n/language";
import { useNames } from "../../format/names";
import type { RevisionDto } from "../../ipc/client";
import { useRevisions } from "./queries";

interface RevisionsPanelProps {
  clientId: number;
  from: string;
  to: string;
  currency: string;
}

const isMetric = (column: string): column is Metric => column in METRICS;

/** What a platform changed after it had been read once: old value, new value, when it was seen. */
export function RevisionsPanel({ clientId, from, to, currency }: RevisionsPanelProps) {
  const t = useT();
  const format = useFormat();
  const names = useNames();
  const [open, setOpen] = useState(false);
  const revisions = useRevisions(clientId, from, to);
  const rows = revisions.data ?? [];

  const value = (column: string, text: string) =>
    isMetric(column) ? format.cell(column, text, currency) : names.vat(text);
  const text = (
    id: string,
    header: string,
    width: number,
    of: (row: RevisionDto) => string,
  ): Column<RevisionDto> => ({
    id,
    header,
    width,
    kind: "text",
    value: of,
    cell: (row) => <span className="truncate">{of(row)}</span>,
  });
  const figure = (id: "old" | "new", header: string): Column<RevisionDto> => ({
    id,
    header,
    width: 110,
    kind: "decimal",
    value: (row) => (/^-?\d+(\.\d+)?$/.test(row[id]) ? row[id] : null),
    cell: (row) => <span data-value={row[id]}>{value(row.column, row[id])}</span>,
  });
  const columns: Column<RevisionDto>[] = [
    {
      ...text("date", t("dashboard.revision_date"), 112, (row) => row.date),
      cell: (row) => <span>{format.shortDay(row.date)}</span>,
    },
    { ...text("campaign", t("dashboard.campaign"), 220, (row) => row.campaign_name), grow: 2 },
    text("channel", t("dashboard.channel"), 130, (row) => names.channel(row.channel)),
    text("column", t("dashboard.revision_column"), 84, (row) =>
      isMetric(row.column) ? names.metric(row.column) : names.field(row.column),
    ),
    figure("old", t("dashboard.revision_old")),
    figure("new", t("dashboard.revision_new")),
    {
      ...text("seen", t("dashboard.revision_seen"), 120, (row) => row.seen_at),
      cell: (row) => <span>{format.moment(row.seen_at)}</span>,
    },
    text("source", t("dashboard.revision_source"), 140, (row) => row.source),
  ];

  return (
    <section className="panel" data-testid="revisions" aria-label={t("dashboard.revisions")}>
      <button
        type="button"
        className="revisions__head"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        disabled={rows.length === 0}
      >
        <ChevronRight
          aria-hidden
          className={open ? "revisions__arrow revisions__arrow--open" : "revisions__arrow"}
        />
        <h2>{t("dashboard.revisions")}</h2>
        <span className="panel__hint">
          {revisions.data &&
            (rows.length === 0
              ? t("dashboard.revisions_none")
              : t("dashboard.revisions_count", { count: format.count(rows.length) }))}
        </span>
      </button>
      {revisions.error && <Problem error={revisions.error} onRetry={() => void revisions.refetch()} />}
      {open && rows.length > 0 && (
        <DataTable<RevisionDto>
          rows={rows}
          columns={columns}
          rowKey={(row) => [row.seen_at, row.date, row.campaign_id, row.channel, row.column].join("\u0001")}
          label={t("dashboard.revisions")}
          initialSort={{ id: "seen", desc: true }}
          maxHeight={360}
          testId="revisions-table"
        />
      )}
    </section>
  );
}
