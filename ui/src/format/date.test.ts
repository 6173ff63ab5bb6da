import { describe, expect, it } from "vitest";
import { addDays, addMonths, daysBetween, isDay, moment, range, shortDay, weekdayOf } from "./date";

describe("days", () => {
  it("are counted without a clock", () => {
    expect(addDays("2026-03-28", 2)).toBe("2026-03-30");
    expect(addDays("2024-02-28", 1)).toBe("2024-02-29");
    expect(daysBetween("2026-11-17", "2026-11-23")).toBe(7);
    expect(addMonths("2026-01", -1)).toBe("2025-12");
    expect(weekdayOf("2026-11-22")).toBe(7);
    expect(weekdayOf("2026-11-23")).toBe(1);
  });

  it("are told from other texts", () => {
    expect(isDay("2026-02-28")).toBe(true);
    expect(isDay("2026-02-30")).toBe(false);
    expect(isDay("26-02-28")).toBe(false);
  });

  it("are said as agencies say them", () => {
    expect(shortDay("2026-11-23", "ko-KR")).toBe("11.23(월)");
    expect(range("2026-11-17", "2026-11-23", "ko-KR")).toBe("2026.11.17 – 11.23");
    expect(range("2025-12-29", "2026-01-04", "ko-KR")).toBe("2025.12.29 – 2026.01.04");
    expect(range("2026-11-23", "2026-11-23", "ko-KR")).toBe("2026.11.23(월)");
    expect(range("2026-11-17", "2026-11-23", "en-US")).toBe("Nov 17 – 23, 2026");
  });

  it("say a moment on this machine's clock, with its year when it is another", () => {
    const local = new Date(2026, 10, 24, 8, 5).toISOString();
    expect(moment(local, "ko-KR", "2026")).toBe("11.24 08:05");
    expect(moment(local, "ko-KR", "2027")).toBe("2026.11.24 08:05");
    expect(moment("never", "ko-KR")).toBe("never");
  });
});
