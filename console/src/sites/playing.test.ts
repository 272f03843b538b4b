import { expect, it } from "vitest";

import { movedOn } from "./playing";

it("a day is played as fast as asked, and stops at its end", () => {
  const span = { from: 0, to: 100_000 };
  expect(movedOn(1000, 16, 60, span)).toBe(1960);
  expect(movedOn(99_990, 16, 60, span)).toBe(100_000);
});
