import { type KeyboardEvent, useRef, useState } from "react";
import { toPixels } from "../format/decimal";
import "./hour-heat-map.css";

export interface HourValue {
  weekday: number;
  hour: number;
  value: string | null;
}

interface HourHeatMapProps {
  cells: readonly HourValue[];
  weekday: (weekday: number) => string;
  /** What a cell says when it is pointed at or focused. */
  describe: (weekday: number, hour: number, value: string | null) => string;
  hint: string;
  low: string;
  high: string;
  label: string;
}

const weekdays = [1, 2, 3, 4, 5, 6, 7];
const hours = Array.from({ length: 24 }, (_, hour) => hour);

/** Weekday × hour. The value of the cell under the pointer or the keyboard is said in words under the map. */
export function HourHeatMap({ cells, weekday, describe, hint, low, high, label }: HourHeatMapProps) {
  const [active, setActive] = useState<{ weekday: number; hour: number }>();
  const [stop, setStop] = useState({ weekday: 1, hour: 0 });
  const root = useRef<HTMLDivElement>(null);
  const values = new Map(cells.map((cell) => [cell.weekday * 24 + cell.hour, cell.value]));
  const highest = Math.max(0, ...cells.map(({ value }) => (value === null ? 0 : toPixels(value))));
  const valueAt = (day: number, hour: number) => values.get(day * 24 + hour) ?? null;

  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Record<string, [number, number]> = {
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    const next = {
      weekday: Math.min(7, Math.max(1, stop.weekday + move[0])),
      hour: Math.min(23, Math.max(0, stop.hour + move[1])),
    };
    setStop(next);
    root.current?.querySelector<HTMLElement>(`[data-cell="${next.weekday}-${next.hour}"]`)?.focus();
  };

  return (
    <div className="heat" data-testid="heat-map">
      <div className="heat__scroll">
        <div
          className="heat__grid"
          role="grid"
          aria-label={label}
          ref={root}
          onKeyDown={onKeyDown}
          onPointerLeave={() => setActive(undefined)}
        >
          <div role="row" className="heat__row">
            <span className="heat__corner" />
            {hours.map((hour) => (
              <span key={hour} role="columnheader" className="heat__hour">
                {hour % 3 === 0 ? hour : ""}
              </span>
            ))}
          </div>
          {weekdays.map((day) => (
            <div role="row" className="heat__row" key={day}>
              <span role="rowheader" className="heat__day">
                {weekday(day)}
              </span>
              {hours.map((hour) => {
                const value = valueAt(day, hour);
                const share = value === null || highest <= 0 ? 0 : Math.max(0, toPixels(value) / highest);
                return (
                  <span
                    key={hour}
                    role="gridcell"
                    data-cell={`${day}-${hour}`}
                    className={value === null ? "heat__cell heat__cell--none" : "heat__cell"}
                    style={
                      value === null
                        ? undefined
                        : {
                            background: `color-mix(in oklab, var(--accent) ${Math.round(6 + share * 94)}%, var(--sunken))`,
                          }
                    }
                    aria-label={describe(day, hour, value)}
                    tabIndex={stop.weekday === day && stop.hour === hour ? 0 : -1}
                    onPointerEnter={() => setActive({ weekday: day, hour })}
                    onFocus={() => {
                      setStop({ weekday: day, hour });
                      setActive({ weekday: day, hour });
                    }}
                    onBlur={() => setActive(undefined)}
                  />
                );
              })}
            </div>
          ))}
        </div>
      </div>
      <div className="heat__foot">
        <span className={active ? "heat__said" : "heat__hint"} aria-live="polite">
          {active ? describe(active.weekday, active.hour, valueAt(active.weekday, active.hour)) : hint}
        </span>
        <span className="heat__scale" aria-hidden>
          {low}
          <span className="heat__ramp" />
          {high}
        </span>
      </div>
    </div>
  );
}
