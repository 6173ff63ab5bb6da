import type { Figures } from "../ipc/client";

export type Metric = keyof Figures;

interface MetricKind {
  unit: "count" | "money" | "percent" | "ratio";
  /** Which direction is good news; spending more is neither. */
  better: "higher" | "lower" | "neither";
  /** Why it may be undefined: the count that is missing. */
  needs: "impressions" | "clicks" | "conversions" | "cost" | "source" | null;
}

export const METRICS: Record<Metric, MetricKind> = {
  cost: { unit: "money", better: "neither", needs: null },
  impressions: { unit: "count", better: "neither", needs: null },
  clicks: { unit: "count", better: "higher", needs: null },
  ctr: { unit: "percent", better: "higher", needs: "impressions" },
  cpc: { unit: "money", better: "lower", needs: "clicks" },
  cpm: { unit: "money", better: "lower", needs: "impressions" },
  conversions: { unit: "count", better: "higher", needs: "source" },
  conversion_rate: { unit: "percent", better: "higher", needs: "clicks" },
  cpa: { unit: "money", better: "lower", needs: "conversions" },
  revenue: { unit: "money", better: "higher", needs: "source" },
  roas: { unit: "ratio", better: "higher", needs: "cost" },
  roi: { unit: "percent", better: "higher", needs: "cost" },
};

export const ALL_METRICS = Object.keys(METRICS) as Metric[];

/** Sums that may be added over rows; every other figure is a ratio and never is. */
export const ADDITIVE: readonly Metric[] = ["impressions", "clicks", "cost", "conversions", "revenue"];
