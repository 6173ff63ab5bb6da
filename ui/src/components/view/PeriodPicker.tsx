import { CalendarDays, ChevronDown } from "lucide-react";
import { useState } from "react";
import { addDays } from "../../format/date";
import { useFormat } from "../../format/use-format";
import { useT } from "../../i18n/language";
import { Button } from "../Button";
import { Popover } from "../Popover";
import { Calendar } from "./Calendar";
import { usePeriodLabel } from "./period-label";
import {
  choiceOf,
  type PeriodChoice,
  type PeriodSelection,
  type Range,
  selectionOf,
} from "../../format/view";
import "./period-picker.css";

interface PeriodPickerProps {
  selection: PeriodSelection;
  choices: readonly PeriodChoice[];
  range: Range | undefined;
  today: string;
  onChange: (selection: PeriodSelection) => void;
}

/** Date ranges as agencies say them, and a calendar for the rest. */
export function PeriodPicker({ selection, choices, range, today, onChange }: PeriodPickerProps) {
  const t = useT();
  const format = useFormat();
  const labelOf = usePeriodLabel();
  const [open, setOpen] = useState(false);
  const named = choices.filter(({ name }) => name !== "week_of_month");
  // The latest week is the one that is asked for.
  const weeks = choices.filter(({ name }) => name === "week_of_month").reverse();
  const current = choiceOf(selection, choices);

  const choose = (next: PeriodSelection) => {
    onChange(next);
    setOpen(false);
  };

  const entry = (choice: PeriodChoice) => (
    <button
      key={`${choice.name}-${choice.from}`}
      type="button"
      className={choice === current ? "period__choice period__choice--on" : "period__choice"}
      aria-pressed={choice === current}
      data-testid={`period-${choice.name}${choice.week_of_month ? `-${choice.week_of_month.month}-${choice.week_of_month.week}` : ""}`}
      onClick={() => choose(selectionOf(choice))}
    >
      <span>{labelOf(selectionOf(choice))}</span>
      <span className="period__dates">{format.shortRange(choice.from, choice.to)}</span>
    </button>
  );

  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      label={t("period.label")}
      testId="period-popover"
      trigger={
        <Button
          icon={<CalendarDays />}
          className="period__button"
          data-testid="period-picker"
          data-from={range?.from}
          data-to={range?.to}
        >
          <span className="period__name">{labelOf(selection)}</span>
          <span className="period__range">{range && format.range(range.from, range.to)}</span>
          <ChevronDown />
        </Button>
      }
    >
      <div className="period">
        <div className="period__list">
          {named.map(entry)}
          {weeks.length > 0 && <p className="period__group">{t("period.weeks")}</p>}
          {weeks.map(entry)}
        </div>
        <div className="period__calendar">
          <p className="period__group period__group--first">{t("period.custom")}</p>
          <Calendar
            range={range}
            latest={addDays(today, 0)}
            onChange={({ from, to }) => choose({ name: "custom", from, to })}
          />
        </div>
      </div>
    </Popover>
  );
}
