/**
 * Decimals that arrive as text. A JavaScript number cannot hold them, so whatever becomes text again stays in `bigint`;
 * `toPixels` is the one way out and serves lengths, colours and order on the screen only.
 */
export interface Decimal {
  /** The value without its decimal mark. */
  units: bigint;
  /** How many of its digits stand behind the mark. */
  scale: number;
}

export function parseDecimal(text: string): Decimal {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text.trim());
  if (!match) throw new RangeError(`not a decimal: ${text}`);
  const fraction = match[3] ?? "";
  const units = BigInt(`${match[2] ?? "0"}${fraction}`);
  return { units: match[1] ? -units : units, scale: fraction.length };
}

function power(exponent: number): bigint {
  return 10n ** BigInt(exponent);
}

/** Quotient rounded half away from zero, as everywhere in Moa. */
function divide(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n !== denominator < 0n;
  const top = numerator < 0n ? -numerator : numerator;
  const bottom = denominator < 0n ? -denominator : denominator;
  const rounded = (top * 2n + bottom) / (bottom * 2n);
  return negative ? -rounded : rounded;
}

/** The units at another scale, rounded when digits are lost. */
export function atScale({ units, scale }: Decimal, places: number): bigint {
  return places >= scale ? units * power(places - scale) : divide(units, power(scale - places));
}

export function isZero(text: string): boolean {
  return parseDecimal(text).units === 0n;
}

export function compareDecimals(left: string, right: string): number {
  const a = parseDecimal(left);
  const b = parseDecimal(right);
  const places = Math.max(a.scale, b.scale);
  const difference = atScale(a, places) - atScale(b, places);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export function sumDecimals(texts: readonly string[]): string {
  const places = 6;
  let sum = 0n;
  for (const text of texts) sum += atScale(parseDecimal(text), places);
  return plain({ units: sum, scale: places });
}

/** Decimal text without trailing zeros, as it came. */
export function plain({ units, scale }: Decimal): string {
  const text = fixed({ units, scale }, scale);
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** With exactly `places` digits behind the mark. */
export function fixed(decimal: Decimal, places: number): string {
  const units = atScale(decimal, places);
  const digits = (units < 0n ? -units : units).toString().padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places);
  const text = places === 0 ? whole : `${whole}.${digits.slice(digits.length - places)}`;
  return units < 0n ? `-${text}` : text;
}

/** `1234567.5` → `1,234,567.5`, with the true minus sign, which is as wide as a digit. */
export function grouped(text: string): string {
  const [whole = "", fraction] = text.replace("-", "").split(".");
  const sign = text.startsWith("-") ? "−" : "";
  const groups = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return `${sign}${groups}${fraction === undefined ? "" : `.${fraction}`}`;
}

/** Part of a whole in percent, or `null` when there is no whole. */
export function shareOf(part: string, whole: string, places = 1): string | null {
  const a = parseDecimal(part);
  const b = parseDecimal(whole);
  if (b.units <= 0n) return null;
  const common = Math.max(a.scale, b.scale);
  const units = divide(atScale(a, common) * 100n * power(places), atScale(b, common));
  return fixed({ units, scale: places }, places);
}

/** For lengths, colours and order on the screen, never for text. */
export function toPixels(text: string): number {
  return Number(text);
}
