import { describe, expect, test } from "vitest";
import { secondsLeft } from "./JobsButton";

const began = "2026-11-02T09:00:00Z";
const after = (seconds: number) => Date.parse(began) + seconds * 1000;
const left = (percent: number | null, seconds: number) =>
  secondsLeft({ percent, started_at: began }, after(seconds));

describe("how long a job still takes", () => {
  test("is told from its pace", () => {
    expect(left(25, 60)).toBe(180);
    expect(left(100, 60)).toBe(0);
  });

  test("is not told while it would be a guess", () => {
    expect(left(null, 60)).toBeNull();
    expect(left(4, 60)).toBeNull();
    expect(left(50, 4)).toBeNull();
  });

  test("is not told when it would be half a day or more", () => {
    expect(left(5, 3000)).toBeNull();
  });
});
