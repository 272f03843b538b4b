import { describe, expect, it } from "vitest";

import { circleAround, latOf, lonOf, metresBetween, xOf, yOf } from "./mercator";
import { SHAPE, Signs } from "./signs";
import { shifted } from "./signPainter";

const CITY = { lon: 103.65, lat: 36.47 };
const EAST = { lon: 103.66, lat: 36.47 };
const LOOK = { shape: SHAPE.arrow, colour: 1, size: 0.7, alpha: 1 };
const at = (to: typeof CITY, seconds = 0) => ({ to, heading: 0, seconds });

describe("places in a unit square", () => {
  it("come back as they were", () => {
    expect(lonOf(xOf(103.65))).toBeCloseTo(103.65, 10);
    expect(latOf(yOf(36.47))).toBeCloseTo(36.47, 10);
  });

  it("have a circle whose every corner is as far away as it says", () => {
    for (const [lon, lat] of circleAround(CITY, 500))
      expect(Math.abs(metresBetween(CITY, { lon, lat }) - 500)).toBeLessThan(1);
  });
});

describe("the table of signs", () => {
  it("puts a new sign where it was seen, at once", () => {
    const signs = new Signs(CITY);
    signs.move("t", at(EAST, 30), 100);

    expect(signs.placeOf("t", 100)?.lon).toBeCloseTo(103.66, 6);
  });

  it("draws a sign half way after half the time, and stays where it has arrived", () => {
    const signs = new Signs(CITY);
    signs.move("t", at(CITY), 0);
    signs.move("t", at(EAST, 30), 100);

    expect(signs.placeOf("t", 100)?.lon).toBeCloseTo(103.65, 6);
    expect(signs.placeOf("t", 115)?.lon).toBeCloseTo(103.655, 6);
    expect(signs.placeOf("t", 999)?.lon).toBeCloseTo(103.66, 6);
  });

  it("turns a sign on its way from where it is drawn, so that it never jumps", () => {
    const signs = new Signs(CITY);
    signs.move("t", at(CITY), 0);
    signs.move("t", at(EAST, 30), 100);
    signs.move("t", at(CITY, 30), 115);

    expect(signs.placeOf("t", 115)?.lon).toBeCloseTo(103.655, 6);
    expect(signs.placeOf("t", 145)?.lon).toBeCloseTo(103.65, 6);
  });

  it("is written only by what is new", () => {
    const signs = new Signs(CITY);
    expect(signs.dress("t", LOOK)).toBe(true);
    signs.isDirty = false;

    expect(signs.dress("t", LOOK)).toBe(false);
    expect(signs.isDirty).toBe(false);
  });

  it("keeps its rows in order when signs leave", () => {
    const signs = new Signs(CITY);
    for (const [index, id] of ["a", "b", "c"].entries())
      signs.move(id, at({ lon: 103.65 + index / 100, lat: 36.47 }), 0);

    signs.keepOnly(new Set(["b", "c"]));

    expect(signs.count).toBe(2);
    expect(signs.placeOf("a", 0)).toBeNull();
    expect(signs.placeOf("c", 0)?.lon).toBeCloseTo(103.67, 6);
  });

  it("grows to twenty thousand and finds the nearest of them", () => {
    const signs = new Signs(CITY);
    for (let index = 0; index < 20_000; index++) {
      signs.move(`lamp-${index}`, at({ lon: 103.6 + index / 200_000, lat: 36.47 }), 0);
      signs.dress(`lamp-${index}`, LOOK);
    }

    expect(signs.count).toBe(20_000);
    expect(signs.nearest({ lon: 103.6 + 777 / 200_000, lat: 36.47 }, 1e-6, 0)).toBe("lamp-777");
    expect(signs.nearest({ lon: 100, lat: 30 }, 1e-6, 0)).toBeNull();
  });

  it("takes less than six milliseconds for the news of two thousand trucks", () => {
    const signs = new Signs(CITY);
    const took = Array.from({ length: 15 }, (_, round) => {
      const began = performance.now();
      for (let index = 0; index < 2000; index++) {
        const to = { lon: 103.6 + index / 20_000 + round / 1e5, lat: 36.47 };
        signs.move(`t-${index}`, at(to, 30), round);
        signs.dress(`t-${index}`, LOOK);
      }
      return performance.now() - began;
    });

    expect(took.toSorted((a, b) => a - b)[7]).toBeLessThan(6);
  });
});

it("a matrix that begins at the city maps the city's middle where the whole one does", () => {
  const matrix = [2, 0, 0, 0, 0, 3, 0, 0, 0, 0, 1, 0, 0.5, -0.5, 0, 1];

  const near = shifted(matrix, { x: 0.25, y: 0.5 });

  expect(Array.from(near.slice(12))).toEqual([1, 1, 0, 1]);
});
