import { useMemo } from "react";
import type { Metric } from "./metric";
import type { ShownBasis } from "../ipc/client";
import { useLanguage } from "../i18n/language";

/** Names of figures, platforms and channels; what the locale files do not name is shown as the data names it. */
export function useNames() {
  const { sharedName, textOf } = useLanguage();
  return useMemo(
    () => ({
      /** `CTR`, `전환율`: for headers and cards. */
      metric: (metric: Metric) => sharedName(`kpi_short.${metric}`) ?? metric,
      /** `클릭률(CTR)`: for tooltips. */
      longMetric: (metric: Metric) => sharedName(`kpi.${metric}`) ?? metric,
      basis: (basis: ShownBasis) => sharedName(`basis_short.${basis}`) ?? basis,
      vat: (vat: string) => sharedName(`vat.${vat}`) ?? vat,
      dimension: (dimension: string) => sharedName(`dimension.${dimension}`) ?? dimension,
      platform: (code: string) => sharedName(`platform.${code}`) ?? code,
      channel: (code: string, displayName?: string) => sharedName(`channel.${code}`) ?? (displayName || code),
      status: (status: string) => textOf(`status.${status.toLowerCase()}`) ?? status,
      field: (field: string) => textOf(`import.field.${field}`) ?? field,
    }),
    [sharedName, textOf],
  );
}
