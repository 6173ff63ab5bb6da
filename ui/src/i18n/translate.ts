import type ui from "../../../locales/ko/ui.json";

export type Lang = "ko" | "en" | "pseudo";

/** Dotted paths of every text in the Korean file: a key that is not there does not compile. */
export type TextKey = Paths<typeof ui>;
type Paths<T> = { [K in keyof T & string]: T[K] extends string ? K : `${K}.${Paths<T[K]>}` }[keyof T &
  string];

export type TextValues = Record<string, string | number>;
export type Dictionary = { [key: string]: string | Dictionary };

/**
 * Fills `{name}` from the values. `{count|row|rows}` picks the first word for exactly one, else the second: English
 * needs it, Korean does not.
 */
export function fill(text: string, values: TextValues = {}): string {
  return text
    .replace(/\{(\w+)\|([^|}]*)\|([^|}]*)\}/g, (whole, name: string, one: string, many: string) =>
      name in values ? (String(values[name]) === "1" ? one : many) : whole,
    )
    .replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

/** The text at a dotted path, or at a key that itself holds dots. */
export function lookUp(dictionary: Dictionary, path: string): string | Dictionary | undefined {
  const direct = dictionary[path];
  if (direct !== undefined) return direct;
  let found: string | Dictionary | undefined = dictionary;
  for (const step of path.split(".")) {
    if (typeof found !== "object") return undefined;
    found = found[step];
  }
  return found;
}

/** A language nobody reads: every text longer, accented and bracketed, so that a forgotten or cut one is seen at once. */
export function pseudo(text: string): string {
  const accents: Record<string, string> = { a: "á", e: "ë", i: "ï", o: "ô", u: "ü", c: "ç", n: "ñ", s: "š" };
  const parts = text.split(/(\{[^}]*\})/);
  const changed = parts.map((part) =>
    part.startsWith("{") ? part : part.replace(/[aeioucns]/g, (letter) => accents[letter] ?? letter),
  );
  return `⟦${changed.join("")}${"·".repeat(Math.ceil(text.length / 4))}⟧`;
}
