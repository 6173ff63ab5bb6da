import { ChevronLeft, ChevronRight } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { addDays, addMonths, monthOf, weekdayOf } from "../../format/date";
import { useFormat } from "../../format/use-format";
import { useT } from "../../i18n/language";
import { Button } from "../Button";
import type { Range } from "../../format/view";
import "./calendar.css";

interface CalendarProps {
  range: Range | undefined;
  /** The last day that may be chosen. */
  latest: string;
  onChange: (range: Range) => void;
}

const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

/** Two months side by side; the first click sets one end, the second the other. Arrow keys move, Enter chooses. */
export function Calendar({ range, latest, onChange }: CalendarProps) {
  const t = useT();
  const format = useFormat();
  const [anchor, setAnchor] = useState<string>();
  const [focused, setFocused] = useState(range?.to ?? latest);
  const [shown, setShown] = useState(addMonths(monthOf(range?.to ?? latest), -1));
  const [pointed, setPointed] = useState<string>();
  const keyboard = useRef(false);
  const root = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (!keyboard.current) return;
    keyboard.current = false;
    root.current?.querySelector<HTMLButtonElement>(`[data-day="${focused}"]`)?.focus();
  }, [focused]);

  const choose = (day: string) => {
    if (anchor === undefined) {
      setAnchor(day);
      return;
    }
    setAnchor(undefined);
    setPointed(undefined);
    onChange(day < anchor ? { from: day, to: anchor } : { from: anchor, to: day });
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = addDays(focused, step);
    if (next > latest) return;
    keyboard.current = true;
    if (monthOf(next) < shown || monthOf(next) > addMonths(shown, 1))
      setShown(addMonths(monthOf(next), step < 0 ? 0 : -1));
    setFocused(next);
    setPointed(next);
  };

  const end = anchor === undefined ? undefined : (pointed ?? anchor);
  const drawn =
    anchor !== undefined && end !== undefined
      ? end < anchor
        ? { from: end, to: anchor }
        : { from: anchor, to: end }
      : range;

  return (
    <div className="calendar" ref={root} onKeyDown={onKeyDown}>
      <div className="calendar__months">
        {[shown, addMonths(shown, 1)].map((month, position) => (
          <div className="calendar__month" key={month}>
            <div className="calendar__head">
              {position === 0 ? (
                <Button
                  look="quiet"
                  size="s"
                  square
                  icon={<ChevronLeft />}
                  aria-label={t("calendar.earlier")}
                  onClick={() => setShown(addMonths(shown, -1))}
                />
              ) : (
                <span className="calendar__gap" />
              )}
              <span className="calendar__title">{format.month(month)}</span>
              {position === 1 ? (
                <Button
                  look="quiet"
                  size="s"
                  square
                  icon={<ChevronRight />}
                  aria-label={t("calendar.later")}
                  disabled={addMonths(shown, 1) >= monthOf(latest)}
                  onClick={() => setShown(addMonths(shown, 1))}
                />
              ) : (
                <span className="calendar__gap" />
              )}
            </div>
            <div className="calendar__grid">
              {[1, 2, 3, 4, 5, 6, 7].map((weekday) => (
                <span key={weekday} className="calendar__weekday">
                  {format.weekday(weekday)}
                </span>
              ))}
              {daysOf(month).map((day, index) => {
                const inside = drawn !== undefined && day >= drawn.from && day <= drawn.to;
                const edge = drawn !== undefined && (day === drawn.from || day === drawn.to);
                return (
                  <button
                    key={day}
                    type="button"
                    data-day={day}
                    className={[
                      "calendar__day",
                      inside && "calendar__day--inside",
                      edge && "calendar__day--edge",
                    ]
                      .filter(Boolean)
                      .join(" ")}
                    style={index === 0 ? { gridColumnStart: weekdayOf(day) } : undefined}
                    disabled={day > latest}
                    tabIndex={day === focused ? 0 : -1}
                    aria-pressed={inside}
                    aria-label={format.day(day)}
                    onPointerEnter={() => setPointed(day)}
                    onFocus={() => setFocused(day)}
                    onClick={() => choose(day)}
                  >
                    {Number(day.slice(8))}
                  </button>
                );
              })}
            </div>
          </div>
        ))}
      </div>
      <p className="calendar__hint">
        {anchor === undefined
          ? t("calendar.choose_first")
          : t("calendar.choose_second", { day: format.day(anchor) })}
      </p>
    </div>
  );
}

function daysOf(month: string): string[] {
  const days: string[] = [];
  for (let day = `${month}-01`; monthOf(day) === month; day = addDays(day, 1)) days.push(day);
  return days;
}
