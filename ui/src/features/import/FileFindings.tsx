import { Info } from "lucide-react";
import type { ReactNode } from "react";
import { PlatformDot } from "../../components/PlatformDot";
import type { Metric } from "../../format/metric";
import { useFormat } from "../../format/use-format";
import { useLanguage } from "../../i18n/language";
import { useNames } from "../../format/names";
import type { ImportedFile } from "../../ipc/client";

const sums: readonly (Metric & ("impressions" | "clicks" | "cost" | "conversions" | "revenue"))[] = [
  "impressions",
  "clicks",
  "cost",
  "conversions",
  "revenue",
];

/** What the reader made of a file: recognised as, totals to compare, what was left out and why. */
export function FileFindings({ done }: { done: ImportedFile }) {
  const { t, textOf } = useLanguage();
  const format = useFormat();
  const names = useNames();
  const used = done.columns.filter(({ field }) => field !== null);
  const changed = done.rows_written + done.rows_restated;

  // Values come as codes and raw numbers; a note is a sentence for people.
  const worded = (values: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => {
        if (name === "field") return [name, names.field(value)];
        if (name === "layout") return [name, textOf(`import.layout.${value}`) ?? value];
        if (value === "included" || value === "excluded") return [name, names.vat(value)];
        return [name, /^-?\d+(\.\d+)?$/.test(value) ? format.count(value) : value];
      }),
    );

  const fact = (label: string, value: ReactNode) => (
    <div className="fact">
      <dt>{label}</dt>
      <dd className="selectable">{value}</dd>
    </div>
  );

  return (
    <div className="findings">
      <dl className="findings__facts">
        {fact(
          t("import.platform"),
          <span className="findings__platform" data-testid="found-platform" data-platform={done.platform}>
            <PlatformDot platform={done.platform} />
            {names.platform(done.platform)}
          </span>,
        )}
        {fact(t("import.account"), done.account)}
        {done.from !== null && done.to !== null && fact(t("import.period"), format.range(done.from, done.to))}
        {fact(
          t("import.grain"),
          [
            t(done.grain === "hourly" ? "import.grain_hourly" : "import.grain_daily"),
            ...done.dimensions.map(names.dimension),
          ].join(t("common.list_separator")),
        )}
        {fact(
          t("import.rows"),
          `${t("import.rows_count", { count: format.count(done.rows_read) })} · ${t("import.campaigns")} ${t("import.campaigns_count", { count: format.count(done.campaigns) })}`,
        )}
        {fact(t("import.encoding"), done.sheet === null ? done.encoding : `${done.encoding} · ${done.sheet}`)}
      </dl>

      <div className="findings__totals">
        <p className="findings__label">
          {t("import.totals")}
          <span>{t("import.totals_hint")}</span>
        </p>
        {done.totals.map((total) => (
          <div
            key={`${total.currency}-${total.vat}`}
            className="totals"
            data-testid="file-totals"
            data-currency={total.currency}
            data-vat={total.vat}
          >
            <span className="totals__kind">{`${total.currency} · ${names.vat(total.vat)}`}</span>
            {sums.map((metric) => (
              <span
                key={metric}
                className="totals__figure"
                data-testid={`total-${metric}`}
                data-value={total[metric]}
              >
                <small>{names.metric(metric)}</small>
                <b className="selectable">{format.figure(metric, total[metric], total.currency)}</b>
              </span>
            ))}
          </div>
        ))}
      </div>

      <p
        className="findings__changes"
        data-testid="file-changes"
        data-written={done.rows_written}
        data-restated={done.rows_restated}
        data-unchanged={done.rows_unchanged}
      >
        <span className="findings__label">{t("import.changes")}</span>
        {changed === 0 && done.rows_unchanged > 0 ? (
          <span>{t("import.nothing_new")}</span>
        ) : (
          <span>
            {[
              t("import.new_rows", { count: format.count(done.rows_written) }),
              t("import.restated_rows", { count: format.count(done.rows_restated) }),
              t("import.unchanged_rows", { count: format.count(done.rows_unchanged) }),
            ].join(" · ")}
          </span>
        )}
      </p>

      {done.notes.length > 0 && (
        <ul className="findings__notes" aria-label={t("import.notes")}>
          {done.notes.map((note) => (
            <li key={note.code + JSON.stringify(note.values)}>
              <Info aria-hidden />
              <span>
                {textOf(`import.note.${note.code}`, worded(note.values)) ??
                  [note.code, ...Object.values(note.values)].join(" · ")}
              </span>
            </li>
          ))}
        </ul>
      )}

      <div className="findings__more">
        <details>
          <summary>
            {t("import.columns", { used: used.length, unused: done.columns.length - used.length })}
          </summary>
          <ul className="findings__columns">
            {done.columns.map(({ header, field }, index) => (
              // Two columns may bear the same header.
              <li
                key={`${index}-${header}`}
                className={field === null ? "findings__column findings__column--unused" : "findings__column"}
              >
                <span className="truncate" title={header}>
                  {header}
                </span>
                <span>{field === null ? t("import.column_unused") : names.field(field)}</span>
              </li>
            ))}
          </ul>
        </details>
        {done.dropped.length === 0 ? (
          <span className="muted">{t("import.dropped_none")}</span>
        ) : (
          <details data-testid="dropped">
            <summary>{t("import.dropped", { count: format.count(done.dropped.length) })}</summary>
            <ul className="findings__dropped">
              {done.dropped.slice(0, 200).map(({ line, reason }) => (
                <li key={`${line}-${reason}`}>
                  <span>{t("import.line", { line: format.count(line) })}</span>
                  <span>{textOf(`import.dropped_reason.${reason}`) ?? reason}</span>
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
    </div>
  );
}
