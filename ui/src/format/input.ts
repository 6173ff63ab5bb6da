import { compareDecimals } from "./decimal";

/** Whether typed text is a plain decimal within the bounds, both ends included. */
export function isDecimalBetween(text: string, low: number, high: number): boolean {
  const trimmed = text.trim();
  if (!/^\d{1,9}(\.\d{1,6})?$/.test(trimmed)) return false;
  return compareDecimals(trimmed, String(low)) >= 0 && compareDecimals(trimmed, String(high)) <= 0;
}
