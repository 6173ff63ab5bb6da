import { describe, expect, it } from "vitest";
import en from "../../../locales/en/ui.json";
import koErrors from "../../../locales/ko/errors.json";
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

  it("word an error of a family, with the names of its codes and the window's own cure", () => {
    const language = makeLanguage("ko", {
      ui: { error: { cure: { host: "다시 여세요" } } },
      shared: { platform: { kakao: "카카오" } },
      errors: {
        host: { message: "시작하지 못했습니다: {detail}", hint: "moa doctor" },
        why: { not_a_date: "날짜가 아닙니다" },
        file_x: { message: "{platform} 파일, {why}", hint: "다시" },
      },
    });
    expect(language.errorOf("host_keeper_ended", { detail: "x" })).toEqual({
      message: "시작하지 못했습니다: x",
      hint: "다시 여세요",
    });
    expect(language.errorOf("file_x", { platform: "kakao", why: "not_a_date" })?.message).toBe(
      "카카오 파일, 날짜가 아닙니다",
    );
  });

  it("never send a person in the window to the command line", () => {
    const language = makeLanguage("ko", { ui: ko, shared: {}, errors: koErrors });
    // Asked only there: by the command line, or as a question in the window.
    const elsewhere =
      /^(usage|invalid_|restore\.|host_no_home_folder|file_needs_|file_unknown_|import\.needs)/;
    const sent = Object.keys(koErrors)
      .filter((code) => code !== "why" && !elsewhere.test(code))
      .filter((code) => /--|\bmoa [a-z]/.test(language.errorOf(code, {})?.hint ?? ""));
    expect(sent).toEqual([]);
  });
});
