import { expect, it } from "vitest";
import { byName } from "./by-name";

it("sorts numbers in names as numbers and leaves the list alone", () => {
  const list = ["거래처 10", "거래처 2", "가나상사"].map((name) => ({ name }));
  expect(byName(list).map(({ name }) => name)).toEqual(["가나상사", "거래처 2", "거래처 10"]);
  expect(list[0]?.name).toBe("거래처 10");
});
