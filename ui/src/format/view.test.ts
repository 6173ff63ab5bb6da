import { expect, it } from "vitest";
import { PERIOD_CHOICES } from "../ipc/fake-agency";
import { choiceOf, rangeOf, selectionOf } from "./view";

it("finds every entry of the menu again by what is remembered of it", () => {
  for (const choice of PERIOD_CHOICES) expect(choiceOf(selectionOf(choice), PERIOD_CHOICES)).toBe(choice);
});

it("falls back to the last seven days when a week has left the menu", () => {
  const gone = rangeOf({ name: "week_of_month", month: "2025-01", week: 2 }, PERIOD_CHOICES);
  expect(gone).toEqual({ from: "2026-11-17", to: "2026-11-23" });
});

it("keeps a custom range as it is", () => {
  expect(rangeOf({ name: "custom", from: "2026-10-03", to: "2026-10-09" }, PERIOD_CHOICES)).toEqual({
    from: "2026-10-03",
    to: "2026-10-09",
  });
});
