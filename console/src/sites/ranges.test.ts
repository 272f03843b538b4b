import { describe, expect, it } from "vitest";

import { choiceOf, DAY, dayOf, moved, queryOf, spanBetween, spanFor, zoomed } from "./ranges";

const NOW = Date.parse("2026-05-01T12:00:00Z");

describe("a range in the address", () => {
  it("is a preset, two instants, or the last day", () => {
    const fixed = { from: NOW - DAY, to: NOW };
    expect(choiceOf({ range: "d7" })).toEqual({ preset: "d7" });
    expect(choiceOf(queryOf(fixed))).toEqual(fixed);
    expect(choiceOf({ range: "constructor" })).toEqual({ preset: "h24" });
    expect(choiceOf({ from: "2026-05-02", to: "2026-05-01" })).toEqual({ preset: "h24" });
    expect(choiceOf({ from: "nonsense", to: ["x"] })).toEqual({ preset: "h24" });
  });

  it("goes with the time when it is a preset", () => {
    expect(spanFor({ preset: "h1" }, NOW)).toEqual({ from: NOW - 3_600_000, to: NOW });
  });
});

describe("moving through time", () => {
  const span = { from: NOW - 2 * DAY, to: NOW - DAY };

  it("zooms around the middle and never into the future", () => {
    expect(zoomed(span, 0.5, NOW)).toEqual({ from: NOW - 1.75 * DAY, to: NOW - 1.25 * DAY });
    expect(zoomed(span, 4, NOW).to).toBe(NOW);
  });

  it("moves by half its length and stops at now", () => {
    expect(moved(span, -1, NOW)).toEqual({ from: NOW - 2.5 * DAY, to: NOW - 1.5 * DAY });
    expect(moved({ from: NOW - DAY, to: NOW - 1000 }, 1, NOW).to).toBe(NOW);
  });

  it("takes the stretch that was dragged across, in either direction, within the frame", () => {
    const day = { from: NOW - DAY, to: NOW };
    expect(spanBetween(day, 0.75, 0.5)).toEqual({ from: NOW - DAY / 2, to: NOW - DAY / 4 });
    expect(spanBetween(day, -3, 0.5)?.from).toBe(NOW - DAY);
    expect(spanBetween(day, 0.5, 0.5001)).toBeNull();
  });
});

describe("the clock of Shanghai", () => {
  it("is where a day begins and ends", () => {
    expect(new Date(dayOf("2026-05-01").from).toISOString()).toBe("2026-04-30T16:00:00.000Z");
    expect(dayOf("2026-05-01").to - dayOf("2026-05-01").from).toBe(DAY);
  });
});
