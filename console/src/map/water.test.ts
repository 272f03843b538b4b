import { expect, it } from "vitest";

import {
  countWater,
  forgotten,
  type NearWater,
  stateOf,
  WATER,
  WATER_STATES,
  waterSigns,
} from "./water";

const near = (said: Partial<NearWater>, water: object | null = null): NearWater =>
  ({
    site_id: "unit",
    profile_id: "pipe-pressure",
    lon: 103.6,
    lat: 36.4,
    water,
    ...said,
  }) as NearWater;
const SITES = new Map([["unit", { lon: 103.6, lat: 36.4 }]]);
const low = { state: "low", value: 0.05, unit: "MPa" };

it("water that says nothing is unknown, never normal", () => {
  expect(stateOf(near({}))).toBe("unknown");
  expect(countWater([near({}), near({}, low)])).toEqual({ normal: 0, low: 1, high: 0, unknown: 1 });
});

it("each state has a shape of its own", () => {
  expect(new Set(WATER_STATES.map((state) => WATER[state].path)).size).toBe(WATER_STATES.length);
});

it("waters of one building stand one under the other, each saying what it is", () => {
  const waters = [
    near({}, low),
    near({ profile_id: "tank-level" }),
    near({ profile_id: "hydrant-pressure-meokon", lon: 103.7 }, { ...low, state: "normal" }),
  ];
  const signs = waterSigns(waters, SITES);

  expect(signs.map(({ isBeside, line, label }) => [isBeside, line, label])).toEqual([
    [true, -0.5, "消防管网 0.05 MPa 偏低"],
    [true, 0.5, "消防水箱 — 未知"],
    [false, 0, "消火栓 0.05 MPa 正常"],
  ]);
});

it("of water that was asked for too long ago only the place is left", () => {
  expect(waterSigns(forgotten([near({}, low)]), SITES)).toMatchObject([
    { place: { lon: 103.6, lat: 36.4 }, state: "unknown", label: "消防管网 — 未知" },
  ]);
});
