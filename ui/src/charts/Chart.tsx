import type { BarSeriesOption, LineSeriesOption } from "echarts/charts";
import type { GridComponentOption, TooltipComponentOption } from "echarts/components";
import type { ComposeOption, ECharts } from "echarts/core";
import { useEffect, useRef, useState } from "react";
import { Skeleton } from "../components/Skeleton";
import { useEcharts } from "./use-echarts";
import "./chart.css";

export type ChartOption = ComposeOption<
  BarSeriesOption | LineSeriesOption | GridComponentOption | TooltipComponentOption
>;

interface ChartProps {
  option: ChartOption;
  height: number;
  /** What the picture says, for those who do not see it. */
  label: string;
  testId?: string;
}

/** The only place that touches ECharts: loads it when first needed, draws SVG, follows its container's size. */
export function Chart({ option, height, label, testId }: ChartProps) {
  const echarts = useEcharts();
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts>(undefined);
  const [isDrawn, setDrawn] = useState(false);

  useEffect(() => {
    if (!echarts || !box.current) return undefined;
    const drawn = echarts.init(box.current, undefined, { renderer: "svg" });
    chart.current = drawn;
    drawn.on("rendered", () => setDrawn(true));
    const observer = new ResizeObserver(() => drawn.resize());
    observer.observe(box.current);
    return () => {
      observer.disconnect();
      drawn.dispose();
      chart.current = undefined;
    };
  }, [echarts]);

  useEffect(() => {
    chart.current?.setOption(option, { notMerge: true });
  }, [option, echarts]);

  return (
    <div className="chart" style={{ height }} role="img" aria-label={label} data-testid={testId}>
      {echarts && <div ref={box} className="chart__box" />}
      {!isDrawn && (
        <div className="chart__waiting">
          <Skeleton height={height} />
        </div>
      )}
    </div>
  );
}
