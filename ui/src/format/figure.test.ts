import { describe, expect, it } from "vitest";
import { bytes, cell, change, figure, meaning, money, type NumberWords, tick } from "./figure";

const ko: NumberWords = { lang: "ko", won: (amount) => `${amount}원`, eok: "억", man: "만" };
const en: NumberWords = { lang: "en", won: (amount) => `₩${amount}`, eok: "", man: "" };

describe("figures", () => {
  it.each([
    ["cost", "12345678.4", "KRW", "full", "12,345,678원"],
    ["cost", "12345678", "KRW", "short", "12,345,678원"],
    ["cost", "123456789", "KRW", "short", "1억 2,346만원"],
    ["cost", "100000000", "KRW", "short", "1억원"],
    ["cost", "99999999", "KRW", "short", "99,999,999원"],
    ["cost", "199996000", "KRW", "short", "2억원"],
    ["cost", "1234567890123", "KRW", "short", "12,346억원"],
    ["cost", "-123456789", "KRW", "short", "−1억 2,346만원"],
    ["cost", "1234.5", "USD", "full", "$1,234.50"],
    ["impressions", "1234567", "KRW", "full", "1,234,567"],
    ["conversions", "12.5", "KRW", "full", "12.5"],
    ["conversions", "12.000001", "KRW", "full", "12"],
    ["ctr", "2.254999", "KRW", "full", "2.25%"],
    ["roas", "3.5", "KRW", "short", "350%"],
    ["roas", "3.512345", "KRW", "full", "351.23%"],
  ] as const)("Korean: %s %s %s %s is %s", (metric, value, currency, width, text) => {
    expect(figure(metric, value, currency, width, ko)).toBe(text);
  });

  it.each([
    ["cost", "123456789", "KRW", "short", "₩123.46M"],
    ["cost", "9999999", "KRW", "short", "₩9,999,999"],
    ["cost", "-12.5", "USD", "full", "−$12.50"],
    ["impressions", "2500000000", "KRW", "short", "2.50B"],
  ] as const)("English: %s %s %s %s is %s", (metric, value, currency, width, text) => {
    expect(figure(metric, value, currency, width, en)).toBe(text);
  });

  it("leave the currency to the header in table cells", () => {
    expect(cell("cost", "286110.4", "KRW")).toBe("286,110");
    expect(cell("roas", "4.449", "KRW")).toBe("445%");
    expect(money("0", "JPY", ko)).toBe("¥0");
  });

  it("say a change with its sign", () => {
    expect(change("12.34")).toBe("+12.3%");
    expect(change("-4.05")).toBe("−4.1%");
    expect(change("0.04")).toBe("0.0%");
    expect(change("-0.04")).toBe("0.0%");
    expect(change("1234.5")).toBe("+1,235%");
  });

  it("know what a change means", () => {
    expect(meaning("cpa", "-5")).toBe("good");
    expect(meaning("cpa", "5")).toBe("bad");
    expect(meaning("roas", "5")).toBe("good");
    expect(meaning("cost", "50")).toBe("even");
    expect(meaning("ctr", "0.01")).toBe("even");
  });

  it("label axes in the unit of the metric", () => {
    expect(tick("cost", 12_000_000, ko)).toBe("1,200만");
    expect(tick("cost", 150_000_000, ko)).toBe("1.5억");
    expect(tick("roas", 6, ko)).toBe("600%");
    expect(tick("ctr", 1.5, en)).toBe("1.5%");
    expect(tick("clicks", 2_500, en)).toBe("2.5K");
  });

  it("size files", () => {
    expect(bytes("512")).toBe("512 B");
    expect(bytes("186646528")).toBe("178 MB");
  });
});
