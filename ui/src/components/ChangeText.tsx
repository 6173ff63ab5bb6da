import { meaning } from "../format/figure";
import type { Metric } from "../format/metric";
import { useFormat } from "../format/use-format";
import "./change-text.css";

/** A change in percent, coloured by what it means for this metric and marked by an arrow for those who see no colour. */
export function ChangeText({
  metric,
  change,
  className,
}: {
  metric: Metric;
  change: string | null | undefined;
  className?: string;
}) {
  const format = useFormat();
  if (change == null) return null;
  const text = format.change(change);
  const arrow = text.startsWith("+") ? "▲" : text.startsWith("−") ? "▼" : "";
  return (
    <span
      className={["change", `change--${meaning(metric, change)}`, className].filter(Boolean).join(" ")}
      data-change={change}
    >
      {arrow !== "" && (
        <span className="change__arrow" aria-hidden>
          {arrow}
        </span>
      )}
      {text}
    </span>
  );
}
