import { useT } from "../../i18n/language";
import { useNames } from "../../format/names";
import { Segmented } from "../Segmented";
import { Select } from "../Select";
import type { Comparison, PeriodChoice, Range, ViewProps } from "../../format/view";
import { PeriodPicker } from "./PeriodPicker";

const comparisons: readonly Comparison[] = ["previous", "previous_month", "year", "none"];

interface ViewControlsProps extends ViewProps {
  choices: readonly PeriodChoice[];
  range: Range | undefined;
  today: string;
}

/** Period and comparison, in the same place on every screen with figures. */
export function ViewControls({ view, onViewChange, choices, range, today }: ViewControlsProps) {
  const t = useT();
  return (
    <>
      <PeriodPicker
        selection={view.period}
        choices={choices}
        range={range}
        today={today}
        onChange={(period) => onViewChange({ period })}
      />
      <Select
        value={view.comparison}
        label={t("comparison.label")}
        prefix={t("comparison.prefix")}
        options={comparisons.map((value) => ({ value, label: t(`comparison.${value}`) }))}
        onChange={(comparison) => onViewChange({ comparison })}
        testId="comparison"
      />
    </>
  );
}

/** 공급가 or VAT 포함: always in sight of the figures it changes. */
export function BasisSwitch({ view, onViewChange }: ViewProps) {
  const t = useT();
  const names = useNames();
  return (
    <Segmented
      value={view.basis}
      label={t("basis.label")}
      options={[
        { value: "net", label: names.basis("net"), testId: "basis-net" },
        { value: "gross", label: names.basis("gross"), testId: "basis-gross" },
      ]}
      onChange={(basis) => onViewChange({ basis })}
      testId="basis-switch"
    />
  );
}
