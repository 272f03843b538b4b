import { describe, expect, it } from "vitest";

import type { Schemas } from "@/api/client";

import {
  coarser,
  curveOf,
  extentOf,
  gapAfter,
  gapsOf,
  limitsOf,
  resolutionFor,
  rowsOf,
} from "./history";
import { DAY, PRESETS } from "./ranges";

const T = Date.parse("2026-05-01T12:00:00Z");
const at = (minute: number) => new Date(T + minute * 60_000).toISOString();
const span = (length: number) => ({ from: T - length, to: T });

describe("the resolution", () => {
  it.each([
    ["h1", 60, "raw"],
    ["h24", 60, "raw"],
    ["h24", 30, "1m"],
    ["d7", 60, "1h"],
    ["d30", 60, "1h"],
    ["y1", 60, "1d"],
    ["y1", 86_400, "raw"], // one message a day is never too many
  ] as const)("for %s of a device that reports every %i s is %s", (preset, interval, expected) => {
    expect(resolutionFor(span(PRESETS[preset]), interval)).toBe(expected);
  });

  it("gets coarser where the finer one is kept no more", () => {
    expect([coarser("raw"), coarser("1h"), coarser("1d")]).toEqual(["1m", "1d", null]);
  });
});

describe("gaps", () => {
  it("are what is longer than the device or the bucket explains", () => {
    expect(gapAfter("raw", 60)).toBe(150_000);
    expect(gapAfter("1h", 60)).toBe(5_400_000);
    expect(gapAfter("1m", 300)).toBe(750_000);
  });

  it("are found between points, before the first and after the last", () => {
    const times = [10, 11, 12, 20].map((minute) => T + minute * 60_000);
    const whole = { from: T, to: T + 21 * 60_000 };
    expect(gapsOf(times, whole, 150_000)).toEqual([
      { from: T, to: T + 600_000 },
      { from: T + 720_000, to: T + 1_200_000 },
    ]);
    expect(gapsOf([], whole, 150_000)).toEqual([whole]);
    expect(gapsOf([], whole, 2 * DAY)).toEqual([]);
  });

  it("break the line instead of being bridged", () => {
    const points = [0, 1, 9].map((minute) => ({ at: at(minute), value: minute, quality: 0 }));
    expect(curveOf(points, 150_000).middle.map(([, value]) => value)).toEqual([0, 1, null, 9]);
  });

  it("stand in the table where they were", () => {
    const points = [0, 9].map((minute) => ({ at: at(minute), value: minute }));
    const rows = rowsOf(points, [{ from: T, to: T + 540_000 }]);
    expect(rows.map((row) => ("gap" in row ? "gap" : row.point.value))).toEqual([0, "gap", 9]);
  });
});

describe("a curve", () => {
  it("of buckets has a band from minimum to maximum", () => {
    const curve = curveOf([{ at: at(0), count: 3, minimum: 1, maximum: 5, average: 2 }], 1e9);
    expect([curve.middle, curve.low, curve.high]).toEqual([[[T, 2]], [[T, 1]], [[T, 5]]]);
  });

  it("shows apart what cannot be trusted, and knows its extent", () => {
    const points = [
      { at: at(0), value: 1, quality: 1 },
      { at: at(1), value: 900, quality: 65 },
    ];
    expect(curveOf(points, 1e9).doubtful).toEqual([[T + 60_000, 900]]);
    expect(extentOf(points)).toEqual([1, 900]);
    expect(extentOf([])).toBeNull();
  });
});

const rule = (fields: Record<string, unknown>) =>
  ({
    rule: { kind: "threshold", metric: "level_m", ...fields },
  }) as unknown as Schemas["RuleShown"];

describe("limits", () => {
  const about = { metric: "level_m", profile: "tank-level", domain: "fire" };
  const values = (rules: Schemas["RuleShown"][]) =>
    limitsOf(rules, about).map(({ side, value }) => `${side} ${value}`);

  it("come from the rules that concern this metric of this kind of device", () => {
    expect(
      values([
        rule({
          above: { limit: 5 },
          below: [{ limit: 1 }, { limit: 0.5 }],
          profiles: ["tank-level"],
        }),
        rule({ above: { limit: 6 }, profiles: ["pipe-pressure"] }),
        rule({ above: { limit: 7 }, domains: ["lighting"] }),
        rule({ above: { limit: 8 }, metric: "pressure_mpa" }),
        rule({ above: { limit: 9 }, kind: "rate" }),
        { rule: null } as unknown as Schemas["RuleShown"],
      ]),
    ).toEqual(["above 5", "below 1", "below 0.5"]);
  });

  it("that are equal are drawn once", () => {
    expect(values([rule({ above: { limit: 5 } }), rule({ above: { limit: 5 } })])).toHaveLength(1);
  });
});
