import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { renderWorded } from "../test/words";
import { HourHeatMap } from "./HourHeatMap";

function show() {
  renderWorded(
    <HourHeatMap
      cells={[
        { weekday: 1, hour: 0, value: "0" },
        { weekday: 1, hour: 1, value: "12" },
        { weekday: 2, hour: 1, value: null },
      ]}
      weekday={String}
      describe={(weekday, hour, value) => `${weekday}-${hour}: ${value ?? "unknown"}`}
      hint="hint"
      low="low"
      high="high"
      label="map"
    />,
  );
}

it("tells zero from unknown", () => {
  show();
  expect(screen.getByLabelText("1-0: 0").className).not.toContain("none");
  expect(screen.getByLabelText("2-1: unknown").className).toContain("none");
});

it("says the cell under the keyboard", async () => {
  show();
  await userEvent.tab();
  await userEvent.keyboard("{ArrowRight}");
  expect(screen.getByText("1-1: 12")).toBeTruthy();
  await userEvent.keyboard("{ArrowDown}");
  expect(screen.getByText("2-1: unknown")).toBeTruthy();
});
