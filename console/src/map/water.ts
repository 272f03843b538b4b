// Water for fire-fighting: hydrants, mains and tanks, each with a drop whose shape says whether there
// is any. Where nothing is said the drop is hollow: unknown, never normal.

import type { Schemas } from "@/api/client";
import { figureOf } from "@/parts/rates";

import type { Place } from "./mercator";
import { say } from "./words";

export type NearWater = Schemas["NearWater"];
export type WaterState = NonNullable<NearWater["water"]>["state"];

const DROP = "M0-11C4-5 8-1 8 3.5A8 8 0 0 1-8 3.5C-8-1-4-5 0-11Z";

/** How each state is shown: a path for a viewBox of -12 -12 24 24 (evenodd), a colour, a word. */
export const WATER = {
  normal: { path: DROP, level: "normal", sign: "●", word: "normalWater" },
  low: { path: `${DROP}M-5 0H5L0 8Z`, level: "critical", sign: "▼", word: "lowWater" },
  high: { path: `${DROP}M-5 7H5L0-1Z`, level: "critical", sign: "▲", word: "highWater" },
  unknown: {
    path: `${DROP}M0-6C3-2.5 5 .5 5 3.5A5 5 0 0 1-5 3.5C-5 .5-3-2.5 0-6Z`,
    level: "offline",
    sign: "?",
    word: "unknownWater",
  },
} as const satisfies Record<WaterState, object>;

export const WATER_STATES = Object.keys(WATER) as WaterState[];

export const stateOf = ({ water }: Pick<NearWater, "water">): WaterState =>
  water?.state ?? "unknown";

/** Return its pressure or level with the unit. */
export const figureOfWater = ({ water }: Pick<NearWater, "water">): string =>
  water?.value === null || water?.value === undefined
    ? "—"
    : `${figureOf(water.value)} ${water.unit ?? ""}`;

/** Return what is left to say of water that was asked for too long ago: where it is. */
export const forgotten = (near: readonly NearWater[]): NearWater[] =>
  near.map((one) => Object.assign({}, one, { water: null }));

export interface WaterSign {
  place: Place;
  isBeside: boolean; // the place itself belongs to a site, and the sign of a danger there
  line: number; // lines below the place; those of one place stand one under the other
  state: WaterState;
  label: string;
}

/** Return a sign for each; a building's main, tank and hydrant have the same place. */
export function waterSigns(
  near: readonly NearWater[],
  sites: ReadonlyMap<string, Place>,
): WaterSign[] {
  const here = new Map<string, NearWater[]>();
  for (const one of near) here.set(keyOf(one), [...(here.get(keyOf(one)) ?? []), one]);
  return [...here.values()].flatMap((together) =>
    together.map((one, index) => ({
      place: { lon: one.lon, lat: one.lat },
      isBeside: isAt(one, sites.get(one.site_id)),
      line: index - (together.length - 1) / 2,
      state: stateOf(one),
      label: `${say(kindOf(one))} ${figureOfWater(one)} ${say(WATER[stateOf(one)].word)}`,
    })),
  );
}

/** Count the states, those without any too. */
export function countWater(near: readonly NearWater[]): Record<WaterState, number> {
  const counts = { normal: 0, low: 0, high: 0, unknown: 0 };
  for (const one of near) counts[stateOf(one)] += 1;
  return counts;
}

const keyOf = ({ lon, lat }: Place): string => `${lon}/${lat}`;
const isAt = (one: Place, site: Place | undefined): boolean => !!site && keyOf(one) === keyOf(site);
const kindOf = ({ profile_id }: NearWater) =>
  profile_id.startsWith("hydrant") ? "hydrant" : profile_id === "tank-level" ? "tank" : "main";
