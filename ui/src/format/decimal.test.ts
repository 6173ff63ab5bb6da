import { describe, expect, it } from "vitest";
import { compareDecimals, fixed, grouped, parseDecimal, shareOf, sumDecimals } from "./decimal";

describe("decimals", () => {
  it("keep every digit a JavaScript number would lose", () => {
    expect(grouped(fixed(parseDecimal("9007199254740993.123457"), 6))).toBe("9,007,199,254,740,993.123457");
    expect(sumDecimals(["9007199254740992", "1.000001"])).toBe("9007199254740993.000001");
  });

  it.each([
    ["0.5", 0, "1"],
    ["-0.5", 0, "-1"],
    ["2.4999995", 2, "2.50"],
    ["1.005", 2, "1.01"],
    ["-1.005", 2, "-1.01"],
    ["7", 2, "7.00"],
    ["0.000001", 2, "0.00"],
  ])("round %s to %i places half away from zero", (text, places, rounded) => {
    expect(fixed(parseDecimal(text), places)).toBe(rounded);
  });

  it("group thousands and show the true minus sign", () => {
    expect(grouped("-1234567.50")).toBe("−1,234,567.50");
    expect(grouped("999")).toBe("999");
    expect(grouped("1000")).toBe("1,000");
  });

  it("compare by value, not by text", () => {
    expect(compareDecimals("10", "9.99")).toBe(1);
    expect(compareDecimals("1.50", "1.5")).toBe(0);
    expect(compareDecimals("-2", "1")).toBe(-1);
    expect(compareDecimals("9007199254740993", "9007199254740992")).toBe(1);
  });

  it("give a share only of a whole", () => {
    expect(shareOf("1", "3")).toBe("33.3");
    expect(shareOf("2.5", "2.5")).toBe("100.0");
    expect(shareOf("5", "0")).toBeNull();
  });

  it("refuse what is no decimal", () => {
    for (const text of ["", "1e5", "NaN", "1,000", "."]) expect(() => parseDecimal(text)).toThrow(RangeError);
  });
});
