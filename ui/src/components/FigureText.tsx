import { METRICS, type Metric } from "../format/metric";
import { useFormat } from "../format/use-format";
import { useT } from "../i18n/language";
import { Tooltip } from "./Tooltip";

/** Why a figure is missing: unknown is not zero, and a ratio without its denominator does not exist. */
export function useWhyMissing(): (metric: Metric) => string {
  const t = useT();
  return (metric) => {
    const { needs } = METRICS[metric];
    return t(`figure.missing.${needs ?? "source"}`);
  };
}

/** One figure for a card: short where space is short, with every digit in its tooltip. */
export function FigureText({
  metric,
  value,
  currency,
}: {
  metric: Metric;
  value: string | null;
  currency: string;
}) {
  const format = useFormat();
  const why = useWhyMissing();
  const short = format.figure(metric, value, currency, "short");
  const full = value === null ? why(metric) : format.figure(metric, value, currency, "full");
  if (short === full) return <span>{short}</span>;
  return (
    <Tooltip text={full}>
      <span tabIndex={0}>{short}</span>
    </Tooltip>
  );
}
