import { describe, expect, it } from "vitest";

import { Fleet, lookOf, type Vehicle } from "./fleet";
import { SHAPE, Signs } from "./signs";

const NOON = new Date("2026-05-01T04:00:00Z");
const after = (seconds: number): string => new Date(NOON.getTime() + seconds * 1000).toISOString();

const truck = (said: Partial<Vehicle> = {}): Vehicle => ({
  device_id: "truck-1",
  name: "甘A00001",
  site_id: "firm-1",
  company: "公司",
  state: "loaded",
  load: 1,
  violations: 0,
  lon: 103.65,
  lat: 36.47,
  speed_kmh: 40,
  direction_deg: 90,
  observed_at: after(0),
  received_at: after(0),
  ...said,
});

const fleet = (isStill = false) => new Fleet(new Signs({ lon: 103.65, lat: 36.47 }), () => isStill);

describe("a truck on the map", () => {
  it("glides to its new place for as long as lay between its reports", () => {
    const trucks = fleet();
    trucks.take([truck()], 10, NOON);
    trucks.take([truck({ lon: 103.652, observed_at: after(20) })], 30, NOON);

    expect(trucks.signs.placeOf("truck-1", 40)?.lon).toBeCloseTo(103.651, 6);
    expect(trucks.busyUntil).toBe(50);
  });

  it("steps instead for whoever wants no motion", () => {
    const trucks = fleet(true);
    trucks.take([truck()], 10, NOON);
    trucks.take([truck({ lon: 103.652, observed_at: after(20) })], 30, NOON);

    expect(trucks.signs.placeOf("truck-1", 30)?.lon).toBeCloseTo(103.652, 6);
    expect(trucks.busyUntil).toBe(0);
  });

  it("does not glide across the city when its place was wrong before", () => {
    const trucks = fleet();
    trucks.take([truck()], 10, NOON);
    trucks.take([truck({ lon: 104.2, observed_at: after(20) })], 30, NOON);

    expect(trucks.signs.placeOf("truck-1", 30)?.lon).toBeCloseTo(104.2, 5);
  });

  it("is not moved back by older news", () => {
    const trucks = fleet();
    trucks.take([truck({ observed_at: after(30) })], 10, NOON);
    trucks.take([truck({ lon: 103.7, observed_at: after(0) })], 20, NOON);

    expect(trucks.signs.placeOf("truck-1", 60)?.lon).toBeCloseTo(103.65, 6);
  });

  it("leaves when it is not registered any more", () => {
    const trucks = fleet();
    trucks.take([truck()], 10, NOON);
    trucks.keepOnly(new Set());

    expect(trucks.signs.count).toBe(0);
  });
});

describe("a truck's look", () => {
  it.each([
    ["loaded", SHAPE.arrow],
    ["empty", SHAPE.hollowArrow],
    ["standing", SHAPE.target],
    ["violation", SHAPE.alarmArrow],
    ["unknown", SHAPE.cross],
  ] as const)("has a shape of its own when %s", (state, shape) => {
    expect(lookOf(truck({ state }), 5).shape).toBe(shape);
  });

  it("fades and becomes unknown when nothing was heard for two minutes", () => {
    expect(lookOf(truck(), 120)).toMatchObject({ shape: SHAPE.arrow, alpha: 1 });
    expect(lookOf(truck(), 121)).toMatchObject({ shape: SHAPE.cross, alpha: 0.55 });
  });

  it("keeps saying that a violation is open, though it is old", () => {
    expect(lookOf(truck({ state: "violation" }), 900).shape).toBe(SHAPE.alarmArrow);
  });
});
