import { describe, expect, it } from "vitest";

import {
  countUntil,
  distance,
  type Fix,
  fixesOf,
  happeningsOf,
  legsOf,
  lengthOf,
  placeAt,
  stopsOf,
} from "./track";

const S = 1000;
const LONGEST = 120 * S;
const fix = (second: number, lon: number, speed: number | null = 36): Fix => ({
  at: second * S,
  lon,
  lat: 36,
  speed,
  direction: 90,
});

const item = (at: string, lon: number) =>
  ({ observed_at: at, lon, lat: 36, speed_kmh: null, direction_deg: null }) as never;

describe("where it was", () => {
  const fixes = [fix(0, 103), fix(30, 103.01, 18), fix(400, 103.2)];

  it("is at a fix exactly there", () => {
    expect(placeAt(fixes, 30 * S, LONGEST)).toMatchObject({ lon: 103.01, how: "fix" });
  });

  it("is reckoned between two fixes, speed too", () => {
    const place = placeAt(fixes, 15 * S, LONGEST)!;
    expect(place.lon).toBeCloseTo(103.005, 9);
    expect(place).toMatchObject({ how: "between", speed: 27, heard: 0 });
  });

  it("is never invented across a gap, nor after the last fix", () => {
    expect(placeAt(fixes, 200 * S, LONGEST)).toMatchObject({
      lon: 103.01,
      how: "last",
      heard: 30 * S,
    });
    expect(placeAt(fixes, 9999 * S, LONGEST)).toMatchObject({ lon: 103.2, how: "last" });
  });

  it("is said to be before the first fix, and nowhere without any", () => {
    expect(placeAt(fixes, -1, LONGEST)).toMatchObject({ lon: 103, how: "first" });
    expect(placeAt([], 0, LONGEST)).toBeNull();
  });

  it("is found in the order of time, though the api tells the newest first", () => {
    const sorted = fixesOf([item("2026-05-01T00:01:00Z", 2), item("2026-05-01T00:00:00Z", 1)]);
    expect(sorted.map(({ lon }) => lon)).toEqual([1, 2]);
    expect([-1, 0, 29, 30, 999].map((second) => countUntil(fixes, second * S))).toEqual([
      0, 1, 1, 2, 3,
    ]);
  });
});

describe("the way", () => {
  it("is measured over ground", () => {
    expect(distance({ lon: 103, lat: 36 }, { lon: 103, lat: 37 })).toBeCloseTo(111.19, 1);
    expect(lengthOf([fix(0, 103), fix(30, 103.01), fix(60, 103.02)])).toBeCloseTo(1.799, 2);
  });

  it("is cut where nothing was heard", () => {
    const legs = legsOf([fix(0, 1), fix(30, 2), fix(400, 3), fix(430, 4)], LONGEST);
    expect(legs.map((leg) => leg.length)).toEqual([2, 2]);
    expect(legsOf([], LONGEST)).toEqual([]);
  });
});

describe("stops", () => {
  it("are three minutes or more at one place", () => {
    const standing = [0, 60, 120, 180].map((second) => fix(second, 103, 0));
    const [stop] = stopsOf([[...standing, fix(240, 103.01)]]);
    expect(stop).toMatchObject({ from: 0, to: 180 * S, lon: 103 });
    expect(stopsOf([standing.slice(0, 3)])).toEqual([]);
  });

  it("are not where the speed says 0 and the place moves", () => {
    expect(stopsOf([[0, 60, 120, 180, 240].map((s) => fix(s, 103 + s / 1000, 0))])).toEqual([]);
  });

  it("do not reach across a gap", () => {
    expect(stopsOf([[fix(0, 103, 0)], [fix(900, 103, 0)]])).toEqual([]);
  });
});

describe("what happened", () => {
  const fixes = [fix(0, 103), fix(60, 103.01), fix(1000, 103.2)];
  const day = {
    fixes,
    legs: legsOf(fixes, LONGEST),
    longest: LONGEST,
    events: [
      { kind: "lift", active: true, observed_at: new Date(30 * S).toISOString() },
      { kind: "lift", active: false, observed_at: new Date(45 * S).toISOString() },
      { kind: "cover_open", active: true, observed_at: new Date(600 * S).toISOString() },
    ] as never[],
    alerts: [{ raised_at: new Date(60 * S).toISOString() }] as never[],
  };

  it("stands where the vehicle was, in the order of time", () => {
    const found = happeningsOf(day);
    expect(found.map(({ kind, from }) => [kind, from / S])).toEqual([
      ["signal", 30],
      ["lost", 60],
      ["alert", 60],
      ["signal", 600],
    ]);
    expect(found[0]!.lon).toBeCloseTo(103.005, 9);
  });

  it("has no place when none is known", () => {
    expect(happeningsOf(day).at(-1)!.lon).toBeNull();
  });
});
