import { useCallback, useState } from "react";
import { read, store } from "../components/stored";
import type { View } from "../format/view";
import type { ShownBasis } from "../ipc/client";

const initial: Pick<View, "period" | "comparison"> = {
  period: { name: "last7_days" },
  comparison: "previous",
};

/** The view all screens share; period and comparison are remembered, the basis starts from the settings. */
export function useView(defaultBasis: ShownBasis): [View, (change: Partial<View>) => void] {
  const [view, setView] = useState<View>(() => ({
    ...initial,
    ...read("view", initial),
    basis: defaultBasis,
  }));
  const change = useCallback((part: Partial<View>) => {
    setView((before) => {
      const { period, comparison, basis } = { ...before, ...part };
      store("view", { period, comparison });
      return { period, comparison, basis };
    });
  }, []);
  return [view, change];
}
