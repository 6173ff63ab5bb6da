import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { renderWorded } from "../../test/words";
import { type Column, DataTable } from "./DataTable";

interface Line {
  name: string;
  cost: string | null;
}

const lines: Line[] = [
  { name: "가", cost: "9.5" },
  { name: "나", cost: null },
  { name: "다", cost: "9007199254740993" },
  { name: "라", cost: "9007199254740992" },
  { name: "마", cost: "10" },
];

const columns: Column<Line>[] = [
  {
    id: "name",
    header: "이름",
    width: 100,
    kind: "text",
    value: ({ name }) => name,
    cell: ({ name }) => name,
  },
  {
    id: "cost",
    header: "비용",
    width: 100,
    kind: "decimal",
    value: ({ cost }) => cost,
    cell: ({ cost }) => cost ?? "–",
    total: "합",
  },
];

function show(onOpen?: (line: Line) => void) {
  renderWorded(
    <DataTable
      rows={lines}
      columns={columns}
      rowKey={({ name }) => name}
      label="표"
      initialSort={{ id: "cost", desc: true }}
      totalLabel="합계"
      testId="t"
      {...(onOpen ? { onOpen } : {})}
    />,
  );
  return () =>
    screen
      .getAllByRole("row")
      .slice(1, -1)
      .map((row) => within(row).getAllByRole("gridcell")[0]?.textContent);
}

it("sorts decimals exactly and keeps the unknown last either way", async () => {
  const names = show();
  expect(names()).toEqual(["다", "라", "마", "가", "나"]);
  await userEvent.click(screen.getByRole("button", { name: /비용/ }));
  expect(names()).toEqual(["가", "마", "라", "다", "나"]);
  await userEvent.click(screen.getByRole("button", { name: /이름/ }));
  expect(names()).toEqual(["가", "나", "다", "라", "마"]);
});

it("is walked with arrows and opened with Enter", async () => {
  const opened = vi.fn();
  show(opened);
  await userEvent.click(screen.getByRole("button", { name: /이름/ }));
  await userEvent.tab();
  await userEvent.tab();
  expect(document.activeElement?.textContent).toContain("가");
  await userEvent.keyboard("{ArrowDown}{ArrowDown}");
  await vi.waitFor(() => expect(document.activeElement?.textContent).toContain("다"));
  await userEvent.keyboard("{Enter}");
  expect(opened).toHaveBeenCalledWith(lines[2]);
});

it("says its size and its totals", () => {
  show();
  expect(screen.getByRole("grid", { name: "표" }).getAttribute("aria-rowcount")).toBe("6");
  expect(screen.getByTestId("t-total").textContent).toBe("합계합");
});
