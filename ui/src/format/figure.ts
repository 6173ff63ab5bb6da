import { atScale, fixed, grouped, parseDecimal, plain } from "./decimal";
import { type Metric, METRICS } from "./metric";

export type Width = "full" | "short";

/** Words for 억, 만 and the currency, given by the locale. */
export interface NumberWords {
  lang: "ko" | "en";
  /** `{amount}원` */
  won: (amount: string) => string;
  eok: string;
  man: string;
}

const digitsByCurrency = new Map<string, number>();

/** Minor digits of a currency: none for KRW and JPY, two for USD. */
export function currencyDigits(currency: string): number {
  const known = digitsByCurrency.get(currency);
  if (known !== undefined) return known;
  let digits = 2;
  try {
    digits =
      new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ??
      2;
  } catch {
    // A code Intl does not know: two digits lose nothing that is shown elsewhere.
  }
  digitsByCurrency.set(currency, digits);
  return digits;
}

function symbolOf(currency: string): string {
  try {
    const parts = new Intl.NumberFormat("en", {
      style: "currency",
      currency,
      currencyDisplay: "narrowSymbol",
    }).formatToParts(0);
    return parts.find(({ type }) => type === "currency")?.value ?? currency;
  } catch {
    return currency;
  }
}

/** An amount with its currency: `1,234,500원`, `₩1,234,500`, `$12.50`. */
export function money(text: string, currency: string, words: NumberWords): string {
  return withCurrency(amount(text, currency), currency, words);
}

/** An amount without its currency, for table columns whose header names it. */
export function amount(text: string, currency: string): string {
  return grouped(fixed(parseDecimal(text), currencyDigits(currency)));
}

function withCurrency(amountText: string, currency: string, words: NumberWords): string {
  if (currency === "KRW" && words.lang === "ko") return words.won(amountText);
  const negative = amountText.startsWith("−");
  const symbol = symbolOf(currency);
  const space = /[A-Za-z]$/.test(symbol) ? " " : "";
  return `${negative ? "−" : ""}${symbol}${space}${negative ? amountText.slice(1) : amountText}`;
}

/** A count: whole unless the source gives fractions (data-driven attribution does). */
export function count(text: string): string {
  const decimal = parseDecimal(text);
  return grouped(plain({ units: atScale(decimal, 2), scale: 2 }));
}

/**
 * Where space is short: `1억 2,346만` and `1,235만` in Korean, `123.5M` in English. Below a hundred million (Korean) or a
 * million (English) nothing is gained, so the full number stands.
 */
export function short(text: string, places: number, words: NumberWords): string {
  const decimal = parseDecimal(text);
  const whole = atScale(decimal, 0);
  const size = whole < 0n ? -whole : whole;
  const sign = whole < 0n ? "−" : "";
  if (words.lang === "ko") {
    if (size < 100_000_000n) return grouped(fixed(decimal, places));
    const tenThousands = (size + 5_000n) / 10_000n;
    const eok = tenThousands / 10_000n;
    const man = tenThousands % 10_000n;
    // From a hundred 억 on, single 만 are noise.
    if (man === 0n || eok >= 100n)
      return `${sign}${grouped(((tenThousands + 5_000n) / 10_000n).toString())}${words.eok}`;
    return `${sign}${grouped(eok.toString())}${words.eok} ${grouped(man.toString())}${words.man}`;
  }
  for (const [limit, letter] of [
    [1_000_000_000n, "B"],
    [1_000_000n, "M"],
  ] as const) {
    if (size >= limit * (letter === "M" ? 10n : 1n)) {
      const hundredths = (size * 100n + limit / 2n) / limit;
      return `${sign}${grouped(fixed({ units: hundredths, scale: 2 }, 2))}${letter}`;
    }
  }
  return grouped(fixed(decimal, places));
}

/** Axis labels: as short as the language allows. An axis is drawn from pixels, so its round numbers are the chart's own. */
export function tick(metric: Metric, value: number, words: NumberWords): string {
  const { unit } = METRICS[metric];
  const decimal = parseDecimal(value.toFixed(unit === "ratio" ? 4 : 2));
  if (unit === "percent") return `${grouped(plain(decimal))}%`;
  if (unit === "ratio") return `${grouped(plain({ units: decimal.units * 100n, scale: decimal.scale }))}%`;
  const whole = atScale(decimal, 0);
  const size = whole < 0n ? -whole : whole;
  const steps: readonly (readonly [bigint, string])[] =
    words.lang === "ko"
      ? [
          [100_000_000n, words.eok],
          [10_000n, words.man],
        ]
      : [
          [1_000_000_000n, "B"],
          [1_000_000n, "M"],
          [1_000n, "K"],
        ];
  for (const [limit, letter] of steps) {
    if (size >= limit) {
      const tenths = (whole * 10n) / limit;
      return `${grouped(plain({ units: tenths, scale: 1 }))}${letter}`;
    }
  }
  return grouped(plain(decimal));
}

/** One figure as text with its unit. `full` keeps every digit a person would check; `short` is for cards. */
export function figure(
  metric: Metric,
  text: string,
  currency: string,
  width: Width,
  words: NumberWords,
): string {
  switch (METRICS[metric].unit) {
    case "money": {
      const digits = currencyDigits(currency);
      return withCurrency(
        width === "short" ? short(text, digits, words) : amount(text, currency),
        currency,
        words,
      );
    }
    case "count":
      return width === "short" ? shortCount(text, words) : count(text);
    case "percent":
      return `${grouped(fixed(parseDecimal(text), 2))}%`;
    case "ratio":
      return `${percentOfRatio(text, width === "short" ? 0 : 2)}%`;
  }
}

/** A figure for a table cell: no currency, the header names it. */
export function cell(metric: Metric, text: string, currency: string): string {
  switch (METRICS[metric].unit) {
    case "money":
      return amount(text, currency);
    case "count":
      return count(text);
    case "percent":
      return `${grouped(fixed(parseDecimal(text), 2))}%`;
    case "ratio":
      return `${percentOfRatio(text, 0)}%`;
  }
}

function shortCount(text: string, words: NumberWords): string {
  const { scale } = parseDecimal(text);
  return scale === 0 ? short(text, 0, words) : count(text);
}

/** ROAS is stored as a plain ratio and read as percent: 3.5 is 350 %. */
function percentOfRatio(text: string, places: number): string {
  const { units, scale } = parseDecimal(text);
  return grouped(fixed({ units: units * 100n, scale }, places));
}

/** A change in percent: `+12.3%`, `−4.0%`, `0.0%`; from a thousand percent on without decimals. */
export function change(text: string): string {
  const decimal = parseDecimal(text);
  const large = atScale(decimal, 0) >= 1000n || atScale(decimal, 0) <= -1000n;
  const rounded = fixed(decimal, large ? 0 : 1);
  const isNothing = /^-?0(\.0+)?$/.test(rounded);
  const body = grouped(isNothing ? rounded.replace("-", "") : rounded);
  return `${!isNothing && decimal.units > 0n ? "+" : ""}${body}%`;
}

/** `good`, `bad` or `even`: what a change of this metric means. */
export function meaning(metric: Metric, text: string): "good" | "bad" | "even" {
  const { better } = METRICS[metric];
  const tenths = atScale(parseDecimal(text), 1);
  if (better === "neither" || tenths === 0n) return "even";
  return tenths > 0n === (better === "higher") ? "good" : "bad";
}

/** A file size of bytes as text. */
export function bytes(text: string): string {
  const size = Number(text);
  if (!Number.isFinite(size)) return text;
  const units = ["B", "KB", "MB", "GB", "TB"];
  let value = size;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit] ?? ""}`;
}
