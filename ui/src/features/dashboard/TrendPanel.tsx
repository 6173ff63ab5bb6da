import { useMemo } from "react";
import { TrendChart, type TrendSeries } from "../../charts/TrendChart";
import { Panel } from "../../components/Panel";
import { Select } from "../../components/Select";
import type { Metric } from "../../format/metric";
import { useFormat } from "../../format/use-format";
import { useT } from "../../i18n/language";
import { useNames } from "../../format/names";
import type { CurrencySection } from "../../ipc/client";

const offered: readonly Metric[] = [
  "cost",
  "impressions",
  "clicks",
  "conversions",
  "revenue",
  "ctr",
  "cpc",
  "cpm",
  "conversion_rate",
  "cpa",
  "roas",
  "roi",
];

interface TrendPanelProps {
  section: CurrencySection;
  bars: Metric;
  line: Metric | "none";
  onBars: (metric: Metric) => void;
  onLine: (metric: Metric | "none") => void;
}

export function TrendPanel({ section, bars, line, onBars, onLine }: TrendPanelProps) {
  const t = useT();
  const format = useFormat();
  const names = useNames();
  const { days, currency } = section;

  const series = useMemo(() => {
    const of = (metric: Metric): TrendSeries => ({
      name: names.metric(metric),
      values: days.map(({ figures }) => figures?.[metric] ?? null),
      previous: days.map(({ previous }) => previous?.[metric] ?? null),
      format: (value) => format.figure(metric, value, currency),
      tick: (value) => format.tick(metric, value),
    });
    return { bars: of(bars), line: line === "none" ? undefined : of(line) };
  }, [days, bars, line, currency, names, format]);
  const dates = useMemo(
    () => ({ days: days.map(({ date }) => date), previous: days.map(({ previous_date }) => previous_date) }),
    [days],
  );

  const options = offered.map((metric) => {
    const [label, long] = [names.metric(metric), names.longMetric(metric)];
    return label === long ? { value: metric, label } : { value: metric, label, hint: long };
  });
  const hasPrevious = days.some(({ previous }) => previous !== null);

  return (
    <Panel
      title={t("dashboard.trend")}
      testId="trend"
      actions={
        <>
          {hasPrevious && (
            <span className="trend__legend">
              <span className="trend__ghost" aria-hidden />
              {t("dashboard.previous_line")}
            </span>
          )}
          <Select
            value={bars}
            label={t("dashboard.bars")}
            prefix={<span className="trend__mark trend__mark--bars" />}
            options={options}
            onChange={onBars}
            testId="trend-bars"
          />
          <Select<Metric | "none">
            value={line}
            label={t("dashboard.line")}
            prefix={<span className="trend__mark trend__mark--line" />}
            options={[{ value: "none", label: t("dashboard.no_line") }, ...options]}
            onChange={onLine}
            testId="trend-line"
          />
        </>
      }
    >
      <TrendChart
        days={dates.days}
        previousDays={dates.previous}
        bars={series.bars}
        line={series.line}
        dayLabel={format.monthDay}
        longDayLabel={format.shortDay}
        nothing={t("dashboard.no_figures_that_day")}
        label={`${t("dashboard.trend")}: ${[series.bars.name, series.line?.name].filter(Boolean).join(t("common.list_separator"))}`}
      />
    </Panel>
  );
}
