import { describe, expect, it } from "vitest";

import {
  arrange,
  isStill,
  linesInSight,
  neighbourOf,
  NEVER,
  STILL_AT_MOST_MS,
  STILL_MS,
  touched,
} from "./freezing";

describe("the order stands still", () => {
  it("for a short while after a touch, and no longer", () => {
    const touch = touched(NEVER, 1000);

    expect(isStill(touch, 1000 + STILL_MS - 1)).toBe(true);
    expect(isStill(touch, 1000 + STILL_MS)).toBe(false);
  });

  it("never for long, however busy the hand is", () => {
    let touch = NEVER;
    let now = 0;
    for (; now < STILL_AT_MOST_MS; now += 500) touch = touched(touch, now);

    expect(isStill(touch, now)).toBe(false);
  });

  it("again once a new stay begins", () => {
    const touch = touched(touched(NEVER, 0), STILL_AT_MOST_MS + 1);

    expect(isStill(touch, STILL_AT_MOST_MS + 2)).toBe(true);
  });
});

describe("the arrangement", () => {
  it("keeps every line in its place while it stands still, and says what waits", () => {
    expect(arrange(["a", "b"], ["new", "b"], true)).toEqual({
      order: ["a", "b"],
      waiting: ["new"],
    });
  });

  it("is what is wanted as soon as it may move", () => {
    expect(arrange(["a", "b"], ["new", "b"], false)).toEqual({ order: ["new", "b"], waiting: [] });
  });

  it("shows the first lines at once, whoever is at the queue", () => {
    expect(arrange([], ["a"], true)).toEqual({ order: ["a"], waiting: [] });
  });
});

describe("who stood on a line that is gone", () => {
  it.each([
    ["stays on it while it is there", "b", ["c", "b"], "b"],
    ["goes to the one below", "b", ["a", "c"], "c"],
    ["goes to the one above where there is none below", "c", ["a", "b"], "b"],
    ["goes to the first where all are gone", "b", ["x", "y"], "x"],
    ["stands nowhere where nothing is left", "b", [], null],
  ])("%s", (_name, chosen, after, expected) => {
    expect(neighbourOf(chosen, ["a", "b", "c"], after)).toBe(expected);
  });
});

describe("the lines that are drawn", () => {
  it("are those in sight and a few more, of however many there are", () => {
    expect(linesInSight({ top: 1000, height: 500, line: 50 }, 2000, 6)).toEqual({
      first: 14,
      last: 36,
    });
  });

  it("end with the last", () => {
    expect(linesInSight({ top: 900, height: 500, line: 50 }, 20, 6)).toEqual({
      first: 12,
      last: 20,
    });
  });

  it("are a handful before anything has been measured", () => {
    expect(linesInSight({ top: 0, height: 0, line: 0 }, 2000)).toEqual({ first: 0, last: 30 });
  });
});
