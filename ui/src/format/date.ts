/** Days are `YYYY-MM-DD` without a zone; arithmetic runs in UTC so that no clock change can move one. */
export type Day = string;

function utc(day: Day): Date {
  return new Date(`${day}T00:00:00Z`);
}

export function addDays(day: Day, days: number): Day {
  const date = utc(day);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

/** How many days the range holds, both ends counted. */
export function daysBetween(from: Day, to: Day): number {
  return Math.round((utc(to).getTime() - utc(from).getTime()) / 86_400_000) + 1;
}

export function monthOf(day: Day): string {
  return day.slice(0, 7);
}

export function addMonths(month: string, months: number): string {
  const date = utc(`${month}-01`);
  date.setUTCMonth(date.getUTCMonth() + months);
  return date.toISOString().slice(0, 7);
}

/** 1 = Monday. */
export function weekdayOf(day: Day): number {
  return utc(day).getUTCDay() || 7;
}

export function isDay(text: string): boolean {
  return (
    /^\d{4}-\d{2}-\d{2}$/.test(text) &&
    !Number.isNaN(utc(text).getTime()) &&
    utc(text).toISOString().startsWith(text)
  );
}

export type Locale = "ko-KR" | "en-US";

const formats = new Map<string, Intl.DateTimeFormat>();

function intl(locale: Locale, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options);
  const format = formats.get(key) ?? new Intl.DateTimeFormat(locale, options);
  formats.set(key, format);
  return format;
}

/** `월`, `Mon`. */
export function weekdayName(weekday: number, locale: Locale): string {
  // 2024-01-01 was a Monday.
  return intl(locale, { weekday: "short", timeZone: "UTC" }).format(utc(addDays("2024-01-01", weekday - 1)));
}

/** `2026.11.23`, `Nov 23, 2026`. */
export function day(text: Day, locale: Locale): string {
  return locale === "ko-KR"
    ? text.replaceAll("-", ".")
    : intl(locale, { dateStyle: "medium", timeZone: "UTC" }).format(utc(text));
}

/** `11.23(월)`, `Mon, Nov 23`. */
export function shortDay(text: Day, locale: Locale): string {
  if (locale === "ko-KR")
    return `${Number(text.slice(5, 7))}.${Number(text.slice(8, 10))}(${weekdayName(weekdayOf(text), locale)})`;
  return intl(locale, { weekday: "short", month: "short", day: "numeric", timeZone: "UTC" }).format(
    utc(text),
  );
}

/** `11.23`, `Nov 23`. */
export function monthDay(text: Day, locale: Locale): string {
  if (locale === "ko-KR") return `${Number(text.slice(5, 7))}.${Number(text.slice(8, 10))}`;
  return intl(locale, { month: "short", day: "numeric", timeZone: "UTC" }).format(utc(text));
}

/** `2026년 11월`, `November 2026`. */
export function month(text: string, locale: Locale): string {
  return intl(locale, { year: "numeric", month: "long", timeZone: "UTC" }).format(utc(`${text}-01`));
}

/** `11월`, `November`. */
export function monthName(text: string, locale: Locale): string {
  return intl(locale, { month: "long", timeZone: "UTC" }).format(utc(`${text}-01`));
}

/** A range as short as it can be said: one day, days of one year, or two full dates. */
export function range(from: Day, to: Day, locale: Locale): string {
  if (from === to)
    return `${day(from, locale)}${locale === "ko-KR" ? `(${weekdayName(weekdayOf(from), locale)})` : ""}`;
  if (locale === "ko-KR") {
    const end = from.slice(0, 4) === to.slice(0, 4) ? to.slice(5).replace("-", ".") : day(to, locale);
    return `${day(from, locale)} – ${end}`;
  }
  return (
    intl(locale, { dateStyle: "medium", timeZone: "UTC" })
      .formatRange(utc(from), utc(to))
      // Engines differ in the narrow spaces they put around the dash.
      .replace(/[\u2009\u202f]/g, " ")
  );
}

/** A range without its year, for lists: `11.16 – 11.22`, `Nov 16 – 22`. */
export function shortRange(from: Day, to: Day, locale: Locale): string {
  if (from === to) return shortDay(from, locale);
  if (locale === "ko-KR") return `${monthDay(from, locale)} – ${monthDay(to, locale)}`;
  return intl(locale, { month: "short", day: "numeric", timeZone: "UTC" })
    .formatRange(utc(from), utc(to))
    .replace(/[\u2009\u202f]/g, " ");
}

/** A moment in the clock of this machine: `11.24 08:12`, `Nov 24, 08:12`; with the year when it is not `thisYear`. */
export function moment(text: string, locale: Locale, thisYear?: string): string {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) return text;
  const two = (value: number) => String(value).padStart(2, "0");
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}`;
  const local = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const sameYear = thisYear === undefined || local.startsWith(thisYear);
  return `${sameYear ? monthDay(local, locale) : day(local, locale)}${locale === "en-US" ? "," : ""} ${clock}`;
}
