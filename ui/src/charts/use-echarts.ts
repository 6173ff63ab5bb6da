import type { echarts } from "./echarts-core";
import { useEffect, useState } from "react";

type Echarts = typeof echarts;

let loaded: Echarts | undefined;

/** Begins as soon as a screen with a chart does, beside its question. */
const loading = import("./echarts-core");

/** The chart library, once it is here; the first screen never waits for it. */
export function useEcharts(): Echarts | undefined {
  const [library, setLibrary] = useState<Echarts | undefined>(() => loaded);
  useEffect(() => {
    if (library) return;
    void loading.then((module) => {
      loaded = module.echarts;
      setLibrary(() => module.echarts);
    });
  }, [library]);
  return library;
}
