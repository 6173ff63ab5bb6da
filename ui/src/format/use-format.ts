import { useMemo } from "react";
import { type Language, useLanguage } from "../i18n/language";
import { shareOf } from "./decimal";
import * as dates from "./date";
import * as figures from "./figure";
import type { Metric } from "./metric";

/** What stands where a figure is unknown or undefined. */
export const NO_FIGURE = "–";

/** Every number and date of the screens becomes text here, in the language in use. */
export function makeFormat({ lang, locale, t }: Pick<Language, "lang" | "locale" | "t">) {
  const words: figures.NumberWords = {
    lang: lang === "ko" ? "ko" : "en",
    won: (amount) => t("format.won", { amount }),
    eok: t("format.eok"),
    man: t("format.man"),
  };
  return {
    figure: (
      metric: Metric,
      text: string | null | undefined,
      currency: string,
      width: figures.Width = "full",
    ) => (text == null ? NO_FIGURE : figures.figure(metric, text, currency, width, words)),
    /** For table cells, whose header names the currency. */
    cell: (metric: Metric, text: string | null | undefined, currency: string) =>
      text == null ? NO_FIGURE : figures.cell(metric, text, currency),
    money: (text: string, currency: string) => figures.money(text, currency, words),
    amount: figures.amount,
    count: (value: string | number) => figures.count(String(value)),
    tick: (metric: Metric, value: number) => figures.tick(metric, value, words),
    change: figures.change,
    share: (part: string, whole: string) => {
      const share = shareOf(part, whole);
      return share === null ? NO_FIGURE : `${share}%`;
    },
    bytes: figures.bytes,
    day: (day: string) => dates.day(day, locale),
    shortDay: (day: string) => dates.shortDay(day, locale),
    monthDay: (day: string) => dates.monthDay(day, locale),
    month: (month: string) => dates.month(month, locale),
    monthName: (month: string) => dates.monthName(month, locale),
    range: (from: string, to: string) => dates.range(from, to, locale),
    shortRange: (from: string, to: string) => dates.shortRange(from, to, locale),
    moment: (moment: string, thisYear?: string) => dates.moment(moment, locale, thisYear),
    weekday: (weekday: number) => dates.weekdayName(weekday, locale),
  };
}

export type Format = ReturnType<typeof makeFormat>;

export function useFormat(): Format {
  const language = useLanguage();
  return useMemo(() => makeFormat(language), [language]);
}
