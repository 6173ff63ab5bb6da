import { ChangeText } from "../../components/ChangeText";
import { FigureText } from "../../components/FigureText";
import type { Metric } from "../../format/metric";
import { useFormat } from "../../format/use-format";
import { useT } from "../../i18n/language";
import { useNames } from "../../format/names";
import type { Compared } from "../../ipc/client";

const cards: readonly Metric[] = [
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
];

interface KpiCardsProps {
  total: Compared;
  currency: string;
  /** The metric the trend shows as bars. */
  chosen: Metric;
  onChoose: (metric: Metric) => void;
}

/** The ten figures an agency is asked for, with what they were before; a click draws one as the trend. */
export function KpiCards({ total, currency, chosen, onChoose }: KpiCardsProps) {
  const t = useT();
  const format = useFormat();
  const names = useNames();
  return (
    <section className="kpis" aria-label={t("dashboard.kpis")} data-testid="kpi-cards">
      {cards.map((metric) => {
        const value = total.figures[metric];
        const previous = total.previous?.[metric];
        return (
          <div
            key={metric}
            className={metric === chosen ? "kpi kpi--chosen" : "kpi"}
            data-testid={`kpi-${metric}`}
            data-value={value}
            data-previous={previous}
          >
            <button
              type="button"
              className="kpi__name"
              title={names.longMetric(metric)}
              onClick={() => onChoose(metric)}
              aria-pressed={metric === chosen}
            >
              {names.metric(metric)}
              <span className="visually-hidden">{` ${t("dashboard.use_in_trend")}`}</span>
            </button>
            <p className="kpi__value">
              <FigureText metric={metric} value={value} currency={currency} />
            </p>
            {total.previous && (
              <p className="kpi__before">
                <ChangeText metric={metric} change={total.change?.[metric]} />
                <span className="truncate" title={format.figure(metric, previous, currency)}>
                  {format.figure(metric, previous, currency, "short")}
                </span>
              </p>
            )}
          </div>
        );
      })}
    </section>
  );
}
