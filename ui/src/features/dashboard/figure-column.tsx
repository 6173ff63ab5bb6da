import type { Column } from "../../components/table/DataTable";
import { ChangeText } from "../../components/ChangeText";
import type { Metric } from "../../format/metric";
import type { Format } from "../../format/use-format";
import type { useNames } from "../../format/names";
import type { Change, Compared, Figures } from "../../ipc/client";

export const TABLE_METRICS: readonly Metric[] = [
  "cost",
  "impressions",
  "clicks",
  "ctr",
  "cpc",
  "conversions",
  "conversion_rate",
  "cpa",
  "revenue",
  "roas",
  "cpm",
  "roi",
];

const widths: Partial<Record<Metric, number>> = { cost: 104, impressions: 100, revenue: 110 };

export interface FigureColumnContext {
  currency: string;
  format: Format;
  names: ReturnType<typeof useNames>;
  why: (metric: Metric) => string;
}

interface FigureColumnOptions<Row> {
  figures: (row: Row) => Figures;
  /** Given: the change stands under the figure. */
  change?: ((row: Row) => Change | null) | undefined;
  total?: Compared | undefined;
  showTotalChange?: boolean;
  width?: number;
}

/** A column of one metric: figure, change, total; the same in every table of the dashboard. */
export function figureColumn<Row>(
  metric: Metric,
  context: FigureColumnContext,
  options: FigureColumnOptions<Row>,
): Column<Row> {
  const { currency, format, names, why } = context;
  const draw = (value: string | null, change: string | null | undefined) => (
    <>
      <span
        data-value={value}
        title={value === null ? why(metric) : undefined}
        className={value === null ? "muted" : undefined}
      >
        {format.cell(metric, value, currency)}
      </span>
      {change != null && <ChangeText metric={metric} change={change} />}
    </>
  );
  return {
    id: metric,
    header: names.metric(metric),
    title: names.longMetric(metric),
    width: options.width ?? widths[metric] ?? 78,
    kind: "decimal",
    value: (row) => options.figures(row)[metric],
    cell: (row) => draw(options.figures(row)[metric], options.change?.(row)?.[metric]),
    total:
      options.total &&
      draw(options.total.figures[metric], options.showTotalChange ? options.total.change?.[metric] : null),
  };
}
