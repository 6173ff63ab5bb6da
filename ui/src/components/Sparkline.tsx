import { toPixels } from "../format/decimal";

const WIDTH = 108;
const HEIGHT = 28;

/** A small trend line. Days without figures are gaps, never zero. */
export function Sparkline({ values, label }: { values: readonly (string | null)[]; label: string }) {
  const points = values.map((value) => (value === null ? null : toPixels(value)));
  const known = points.filter((point) => point !== null);
  if (known.length === 0) return null;
  const top = Math.max(...known);
  const bottom = Math.min(0, ...known);
  const x = (index: number) =>
    points.length === 1 ? WIDTH / 2 : 2 + (index * (WIDTH - 4)) / (points.length - 1);
  const y = (value: number) => HEIGHT - 3 - ((value - bottom) / (top - bottom || 1)) * (HEIGHT - 6);
  let line = "";
  points.forEach((point, index) => {
    if (point === null) return;
    line += `${index > 0 && points[index - 1] !== null ? "L" : "M"}${x(index).toFixed(1)} ${y(point).toFixed(1)}`;
  });
  const last = points.findLastIndex((point) => point !== null);
  const lastValue = points[last];
  return (
    <svg
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={label}
      className="sparkline"
    >
      <path
        d={line}
        fill="none"
        stroke="var(--accent)"
        strokeWidth={1.6}
        strokeLinejoin="round"
        strokeLinecap="round"
      />
      {lastValue != null && <circle cx={x(last)} cy={y(lastValue)} r={2.4} fill="var(--accent)" />}
    </svg>
  );
}
