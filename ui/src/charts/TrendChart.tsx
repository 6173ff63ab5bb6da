import { useMemo } from "react";
import { toPixels } from "../format/decimal";
import { Chart, type ChartOption } from "./Chart";
import { useColors } from "./use-colors";

export interface TrendSeries {
  name: string;
  /** Decimal text by day; `null` where nothing is known. */
  values: readonly (string | null)[];
  previous: readonly (string | null)[];
  format: (value: string) => string;
  tick: (value: number) => string;
}

interface TrendChartProps {
  days: readonly string[];
  previousDays: readonly (string | null)[];
  bars: TrendSeries;
  line: TrendSeries | undefined;
  dayLabel: (day: string) => string;
  longDayLabel: (day: string) => string;
  nothing: string;
  label: string;
  height?: number;
}

const pixels = (values: readonly (string | null)[]) =>
  values.map((value) => (value === null ? null : toPixels(value)));

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** One metric as bars, another as a line, and the compared period as a broken ghost of the bars' metric. */
export function TrendChart(props: TrendChartProps) {
  const { days, previousDays, bars, line, dayLabel, longDayLabel, nothing, label, height = 268 } = props;
  const colors = useColors();

  const option = useMemo((): ChartOption => {
    const axisText = { color: colors["ink-3"], fontSize: 11, fontFamily: "inherit" };
    const tip = (index: number): string => {
      const day = days[index];
      if (day === undefined) return "";
      const row = (name: string, value: string, mark: string, extra = "") =>
        `<div class="chart-tip__line${extra}"><span class="chart-tip__name"><i class="chart-tip__mark" style="background:${mark}"></i>${escaped(name)}</span><span>${escaped(value)}</span></div>`;
      const parts = [`<div class="chart-tip__day">${escaped(longDayLabel(day))}</div>`];
      const say = (series: TrendSeries, values: readonly (string | null)[]) => {
        const value = values[index];
        return value == null ? nothing : series.format(value);
      };
      parts.push(row(bars.name, say(bars, bars.values), colors.accent));
      if (line) parts.push(row(line.name, say(line, line.values), colors["series-2"]));
      const before = previousDays[index];
      if (before != null) {
        parts.push(
          row(
            `${dayLabel(before)} ${bars.name}`,
            say(bars, bars.previous),
            colors.ghost,
            " chart-tip__line--before",
          ),
        );
        if (line)
          parts.push(
            row(
              `${dayLabel(before)} ${line.name}`,
              say(line, line.previous),
              "transparent",
              " chart-tip__line--before",
            ),
          );
      }
      return `<div class="chart-tip">${parts.join("")}</div>`;
    };
    const valueAxis = (position: "left" | "right", series: TrendSeries | undefined) => ({
      type: "value" as const,
      position,
      splitNumber: 4,
      axisLabel: { ...axisText, formatter: (value: number) => series?.tick(value) ?? "" },
      splitLine: { show: position === "left", lineStyle: { color: colors.line } },
      axisLine: { show: false },
      axisTick: { show: false },
    });
    return {
      animation: false,
      grid: { left: 4, right: 4, top: 12, bottom: 2, containLabel: true },
      tooltip: {
        trigger: "axis",
        confine: true,
        padding: 0,
        borderWidth: 0,
        backgroundColor: "transparent",
        extraCssText: "box-shadow:none",
        axisPointer: { type: "shadow", shadowStyle: { color: colors.ink, opacity: 0.05 } },
        formatter: (points: unknown) => {
          const first = Array.isArray(points) ? (points[0] as { dataIndex?: number } | undefined) : undefined;
          return tip(first?.dataIndex ?? -1);
        },
      },
      xAxis: {
        type: "category",
        data: days.map(dayLabel),
        axisLabel: { ...axisText, hideOverlap: true },
        axisLine: { lineStyle: { color: colors.line } },
        axisTick: { show: false },
      },
      yAxis: [valueAxis("left", bars), valueAxis("right", line)],
      series: [
        {
          type: "bar",
          data: pixels(bars.values),
          barMaxWidth: 40,
          barCategoryGap: "32%",
          itemStyle: { color: colors.accent, opacity: 0.86, borderRadius: [2, 2, 0, 0] },
          emphasis: { disabled: true },
        },
        {
          type: "line",
          data: pixels(bars.previous),
          step: false,
          symbol: "none",
          lineStyle: { color: colors.ghost, width: 1.5, type: [4, 3] },
          emphasis: { disabled: true },
          silent: true,
        },
        ...(line
          ? [
              {
                type: "line" as const,
                yAxisIndex: 1,
                data: pixels(line.values),
                symbol: "circle",
                symbolSize: 5,
                showSymbol: days.length <= 31,
                lineStyle: { color: colors["series-2"], width: 2 },
                itemStyle: { color: colors["series-2"], borderColor: colors.surface, borderWidth: 1 },
                emphasis: { disabled: true },
              },
            ]
          : []),
      ],
    };
  }, [days, previousDays, bars, line, dayLabel, longDayLabel, nothing, colors]);

  return <Chart option={option} height={height} label={label} testId="trend-chart" />;
}
