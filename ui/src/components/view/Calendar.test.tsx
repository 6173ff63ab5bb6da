import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { renderWorded } from "../../test/words";
import { Calendar } from "./Calendar";

const day = (text: string) => document.querySelector<HTMLButtonElement>(`[data-day="${text}"]`)!;

it("takes two clicks in either order", async () => {
  const chosen = vi.fn();
  renderWorded(
    <Calendar range={{ from: "2026-11-17", to: "2026-11-23" }} latest="2026-11-24" onChange={chosen} />,
  );
  await userEvent.click(day("2026-11-12"));
  expect(screen.getByText(/종료일을 누르세요/)).toBeTruthy();
  await userEvent.click(day("2026-11-03"));
  expect(chosen).toHaveBeenCalledExactlyOnceWith({ from: "2026-11-03", to: "2026-11-12" });
});

it("does not offer days to come", () => {
  renderWorded(<Calendar range={undefined} latest="2026-11-24" onChange={vi.fn()} />);
  expect(day("2026-11-25").disabled).toBe(true);
  expect(day("2026-11-24").disabled).toBe(false);
});

it("is walked with the keyboard, over the month's edge too", async () => {
  const chosen = vi.fn();
  renderWorded(
    <Calendar range={{ from: "2026-11-02", to: "2026-11-02" }} latest="2026-11-24" onChange={chosen} />,
  );
  day("2026-11-02").focus();
  await userEvent.keyboard("{ArrowUp}{ArrowLeft}");
  expect(document.activeElement).toBe(day("2026-10-25"));
  await userEvent.keyboard("{Enter}{ArrowRight}{Enter}");
  expect(chosen).toHaveBeenCalledExactlyOnceWith({ from: "2026-10-25", to: "2026-10-26" });
});
