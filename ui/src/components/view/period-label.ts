import { useFormat } from "../../format/use-format";
import { useT } from "../../i18n/language";
import type { PeriodSelection } from "../../format/view";

/** What a period is called: `지난주`, `11월 3주차`, `직접 선택`. */
export function usePeriodLabel(): (selection: PeriodSelection) => string {
  const t = useT();
  const format = useFormat();
  return (selection) => {
    if (selection.name !== "week_of_month") return t(`period.${selection.name}`);
    return t("period.week_of_month", { month: format.monthName(selection.month), week: selection.week });
  };
}
