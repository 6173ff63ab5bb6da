import { useState } from "react";
import { HourHeatMap } from "../../charts/HourHeatMap";
import { Panel } from "../../components/Panel";
import { Select } from "../../components/Select";
import type { Metric } from "../../format/metric";
import { useFormat } from "../../format/use-format";
import { useT } from "../../i18n/language";
import { useNames } from "../../format/names";
import type { CurrencySection } from "../../ipc/client";

const offered: readonly Metric[] = ["cost", "impressions", "clicks", "ctr", "conversions", "revenue", "roas"];

export function HoursPanel({ section: { hours, currency } }: { section: CurrencySection }) {
  const t = useT();
  const format = useFormat();
  const names = useNames();
  const [metric, setMetric] = useState<Metric>("clicks");
  // Some platforms give no conversions by the hour: then there is nothing to choose.
  const known = offered.filter((other) => hours.some(({ figures }) => figures[other] !== null));
  return (
    <Panel
      title={t("dashboard.hours")}
      testId="hours"
      actions={
        <Select
          value={metric}
          label={t("dashboard.hours")}
          options={known.map((value) => ({ value, label: names.metric(value) }))}
          onChange={setMetric}
          testId="hours-metric"
        />
      }
    >
      <HourHeatMap
        cells={hours.map(({ weekday, hour, figures }) => ({ weekday, hour, value: figures[metric] }))}
        weekday={format.weekday}
        describe={(weekday, hour, value) =>
          `${t("dashboard.hours_of", { weekday: format.weekday(weekday), hour })} · ${names.metric(metric)} ${value === null ? t("dashboard.hours_none") : format.figure(metric, value, currency)}`
        }
        hint={t("dashboard.hours_hint")}
        low={t("dashboard.low")}
        high={t("dashboard.high")}
        label={t("dashboard.hours")}
      />
    </Panel>
  );
}
