import { expect, it } from "vitest";
import { isMatch } from "./name-match";

it.each([
  ["한빛리빙", "빛리", true],
  ["한빛리빙", "ㅎㅂ", true],
  ["한빛리빙", "ㅂㅎ", false],
  ["Moa Fit 코리아", "moafit", true],
  ["한빛리빙".normalize("NFD"), "한빛", true],
  ["한빛리빙", "", true],
  ["한빛리빙", "x", false],
])("%s is meant by %s: %s", (name, typed, meant) => {
  expect(isMatch(name, typed)).toBe(meant);
});
