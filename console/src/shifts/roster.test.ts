import { describe, expect, it } from "vitest";

import {
  begunIn,
  gapsIn,
  later,
  overlapsIn,
  patterned,
  replaced,
  segmentsOf,
  type Shift,
  spanOfWeek,
  thinIn,
  weekOf,
} from "./roster";

const WEEK = weekOf("2026-05-01"); // a Friday
const SPAN = spanOfWeek("2026-05-01");
const TWELVE_HOURS = [
  { from: "08:00", to: "20:00", officers: ["li", "wang"] },
  { from: "20:00", to: "08:00", officers: ["zhao"] },
];
const shift = (start: string, end: string, ...officers: string[]): Shift => ({
  start: `${start}:00.000Z`,
  end: `${end}:00.000Z`,
  officers,
});

describe("a week", () => {
  it("begins on Monday, also seen from a Sunday", () => {
    expect(WEEK).toEqual(weekOf("2026-05-03"));
    expect([WEEK[0], WEEK[6]]).toEqual(["2026-04-27", "2026-05-03"]);
  });

  it("is one of Shanghai's midnights", () => {
    expect(SPAN).toEqual({ start: "2026-04-26T16:00:00.000Z", end: "2026-05-03T16:00:00.000Z" });
  });

  it("is seven days before the next", () => {
    expect(later("2026-04-27", 7)).toBe("2026-05-04");
  });
});

describe("a pattern", () => {
  const plan = patterned(WEEK, TWELVE_HOURS);

  it("crosses midnight at night", () => {
    expect(plan[1]).toEqual(shift("2026-04-27T12:00", "2026-04-28T00:00", "zhao"));
  });

  it("leaves the first morning to the night before, and no other gap", () => {
    expect(gapsIn(plan, SPAN)).toEqual([{ start: SPAN.start, end: "2026-04-27T00:00:00.000Z" }]);
    expect(overlapsIn(plan, SPAN)).toEqual([]);
  });

  it("has shifts with too few people for a desk that needs two", () => {
    expect(thinIn(plan, 2)).toHaveLength(7);
    expect(thinIn(plan, 1)).toEqual([]);
  });
});

describe("gaps and overlaps", () => {
  it("are the whole week where nothing is planned", () => {
    expect(gapsIn([], SPAN)).toEqual([SPAN]);
  });

  it("are told to the minute", () => {
    const span = { start: "2026-05-01T00:00:00.000Z", end: "2026-05-01T12:00:00.000Z" };
    const early = shift("2026-05-01T00:00", "2026-05-01T05:00", "li");
    const late = shift("2026-05-01T05:30", "2026-05-01T12:00", "li");
    const long = shift("2026-05-01T04:00", "2026-05-01T05:15", "wang");
    expect(gapsIn([late, early, long], span)).toEqual([
      { start: "2026-05-01T05:15:00.000Z", end: "2026-05-01T05:30:00.000Z" },
    ]);
    expect(overlapsIn([late, early, long], span)).toEqual([
      { start: "2026-05-01T04:00:00.000Z", end: "2026-05-01T05:00:00.000Z" },
    ]);
  });

  it("do not count shifts that only touch as overlapping", () => {
    const one = shift("2026-05-01T00:00", "2026-05-01T05:00", "li");
    const next = shift("2026-05-01T05:00", "2026-05-01T09:00", "li");
    expect(overlapsIn([one, next], SPAN)).toEqual([]);
  });
});

describe("a day", () => {
  it("shows both halves of the nights that belong to it", () => {
    const plan = patterned(WEEK, TWELVE_HOURS);
    expect(segmentsOf("2026-04-28", plan).map(({ from, to }) => [from, to])).toEqual([
      [0, 8 / 24],
      [8 / 24, 20 / 24],
      [20 / 24, 1],
    ]);
  });

  it("marks what is planned twice", () => {
    const one = shift("2026-05-01T00:00", "2026-05-01T05:00", "li");
    const other = shift("2026-05-01T04:00", "2026-05-01T09:00", "wang");
    expect(segmentsOf("2026-05-01", [one, other]).every(({ isDouble }) => isDouble)).toBe(true);
  });
});

describe("the plan", () => {
  it("keeps other weeks when one is replaced", () => {
    const before = patterned([...WEEK, ...weekOf("2026-05-05")], TWELVE_HOURS);
    const after = replaced(before, SPAN, []);
    expect(after).toHaveLength(14);
    expect(begunIn(after, SPAN)).toEqual([]);
  });
});
