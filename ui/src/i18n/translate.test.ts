import { describe, expect, it } from "vitest";
import en from "../../../locales/en/ui.json";
import ko from "../../../locales/ko/ui.json";
import { makeLanguage } from "./language";
import { type Dictionary, fill, lookUp, pseudo } from "./translate";

function leaves(dictionary: Dictionary, path = ""): [string, string][] {
  return Object.entries(dictionary).flatMap(([key, value]) =>
    typeof value === "string" ? [[path + key, value] as [string, string]] : leaves(value, `${path}${key}.`),
  );
}

const names = (text: string) =>
  [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]))].sort();

describe("the words of the screens", () => {
  it("are there in both languages, with the same values in them", () => {
    const korean = new Map(leaves(ko));
    const english = new Map(leaves(en));
    expect([...english.keys()].sort()).toEqual([...korean.keys()].sort());
    for (const [key, text] of korean)
      expect([key, names(english.get(key) ?? "")]).toEqual([key, names(text)]);
  });

  it("are filled, and counted in English", () => {
    expect(fill("{count} {count|row|rows}", { count: 1 })).toBe("1 row");
    expect(fill("{count} {count|row|rows}", { count: "1,204" })).toBe("1,204 rows");
    expect(fill("{a} {b}", { a: "x" })).toBe("x {b}");
  });

  it("are found by path and by a key that holds dots", () => {
    const dictionary: Dictionary = { a: { b: "deep" }, "c.d": "flat" };
    expect(lookUp(dictionary, "a.b")).toBe("deep");
    expect(lookUp(dictionary, "c.d")).toBe("flat");
    expect(lookUp(dictionary, "a.x.y")).toBeUndefined();
  });

  it("have a pseudo form that keeps its values", () => {
    expect(fill(pseudo("Import {count} files"), { count: 3 })).toMatch(/^⟦.*3.*⟧$/);
  });

  it("word an error by its code, and say when there are no words", () => {
    const language = makeLanguage("ko", {
      ui: ko,
      shared: {},
      errors: { file_x: { message: "{line}행이 비었습니다", hint: "다시" } },
    });
    expect(language.errorOf("file_x", { line: 3 })).toEqual({ message: "3행이 비었습니다", hint: "다시" });
    expect(language.errorOf("nobody_worded_this", {})).toBeUndefined();
  });
});
