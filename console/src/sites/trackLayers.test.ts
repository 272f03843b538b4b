import { expect, it } from "vitest";

import { boundsOf, marksOf, routeOf, wayOf } from "./trackLayers";

const fix = (lon: number, lat: number) => ({ at: 0, lon, lat, speed: null, direction: null });

it("the way is drawn leg by leg, never across a gap", () => {
  const way = wayOf([[fix(1, 2), fix(3, 4)], [fix(9, 9)]]);
  expect(way.features.map(({ geometry }) => geometry)).toEqual([
    {
      type: "LineString",
      coordinates: [
        [1, 2],
        [3, 4],
      ],
    },
  ]);
});

it("what happened nobody knows where is not on the map", () => {
  const marks = marksOf([
    { kind: "signal", from: 0, lon: null, lat: null, signal: "lift" },
    { kind: "stop", from: 0, to: 1, lon: 1, lat: 2 },
  ]);
  expect(marks.features.map(({ properties }) => properties)).toEqual([{ kind: "stop" }]);
});

it("a route is drawn if the registry holds a line", () => {
  const line = {
    type: "LineString",
    coordinates: [
      [1, 2],
      [3, 4],
    ],
  };
  expect(routeOf({ approved_route: line })?.geometry).toEqual(line);
  expect([routeOf({}), routeOf({ approved_route: "north" })]).toEqual([null, null]);
});

it("the box holds every fix", () => {
  expect(boundsOf([fix(3, 2), fix(1, 4)])).toEqual([
    [1, 2],
    [3, 4],
  ]);
  expect(boundsOf([])).toBeNull();
});
