import type { Comparison, PeriodChoice, PeriodName, ShownBasis } from "../ipc/client";

export type { Comparison, PeriodChoice, ShownBasis };

/** The period a person chose. A named one is kept by name, so that tomorrow `yesterday` is another day. */
export type PeriodSelection =
  | { name: Exclude<PeriodName, "week_of_month"> }
  | { name: "week_of_month"; month: string; week: number }
  | { name: "custom"; from: string; to: string };

/** How figures are looked at; the same on every screen until it is changed. */
export interface View {
  period: PeriodSelection;
  comparison: Comparison;
  basis: ShownBasis;
}

export interface ViewProps {
  view: View;
  onViewChange: (change: Partial<View>) => void;
}

export interface Range {
  from: string;
  to: string;
}

/** The entry of the period menu that a selection means, if it is still there. */
export function choiceOf(
  selection: PeriodSelection,
  choices: readonly PeriodChoice[],
): PeriodChoice | undefined {
  return choices.find(
    (choice) =>
      choice.name === selection.name &&
      (selection.name !== "week_of_month" ||
        (choice.week_of_month?.month === selection.month && choice.week_of_month.week === selection.week)),
  );
}

export function selectionOf(choice: PeriodChoice): PeriodSelection {
  if (choice.name !== "week_of_month") return { name: choice.name };
  return {
    name: "week_of_month",
    month: choice.week_of_month?.month ?? "",
    week: choice.week_of_month?.week ?? 0,
  };
}

/** The days of a selection. A named week that has left the menu falls back to the last seven days. */
export function rangeOf(selection: PeriodSelection, choices: readonly PeriodChoice[]): Range | undefined {
  if (selection.name === "custom") return { from: selection.from, to: selection.to };
  const choice =
    choiceOf(selection, choices) ?? choices.find(({ name }) => name === "last7_days") ?? choices[0];
  return choice && { from: choice.from, to: choice.to };
}
