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

/** The text at a dotted path; a key on the way may itself hold dots. */
export function lookUp(dictionary: Dictionary, path: string): string | Dictionary | undefined {
  const direct = dictionary[path];
  if (direct !== undefined) return direct;
  for (let dot = path.indexOf("."); dot >= 0; dot = path.indexOf(".", dot + 1)) {
    const inner = dictionary[path.slice(0, dot)];
    const found = typeof inner === "object" ? lookUp(inner, path.slice(dot + 1)) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
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
