import { expect, it } from "vitest";

import type { Place } from "./asking";
import { pathOf, treeOf } from "./tree";

const place = (code: string, parent: string | null) => ({ code, parent, name: code }) as Place;
const PLACES = [place("620171", null), place("620171001", "620171"), place("620171002", "620171")];

it("the grid is a tree", () => {
  const [root, ...others] = treeOf([...PLACES, place("999999001", "gone")]);
  expect(root!.under.map((branch) => branch.place.code)).toEqual(["620171001", "620171002"]);
  expect(others.map((branch) => branch.place.code)).toEqual(["999999001"]);
});

it("a place knows its way from the district, even where the registry goes in circles", () => {
  expect(pathOf(PLACES, "620171002").map(({ code }) => code)).toEqual(["620171", "620171002"]);
  expect(pathOf(PLACES, "1")).toEqual([]);
  expect(pathOf([place("1", "2"), place("2", "1")], "1").length).toBeLessThan(10);
});
