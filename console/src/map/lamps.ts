// Street lamps: what each looks like, and how many are how.

import type { Schemas } from "@/api/client";

import { type Look, SHAPE, type Signs } from "./signs";

export type Lamps = Schemas["Lamps"];
export type LampState = Lamps["state"][number];

export const LAMP_STATES: readonly LampState[] = ["lit", "dark", "day_burning", "off", "unknown"];

/** A shape for each state; what is not as it should be is larger. Colours: index of the layer. */
export const LAMP_LOOK: Record<LampState, Look> = {
  lit: { shape: SHAPE.glow, colour: 0, size: 1, alpha: 1 },
  dark: { shape: SHAPE.ring, colour: 1, size: 1.25, alpha: 1 },
  day_burning: { shape: SHAPE.square, colour: 2, size: 1.05, alpha: 1 },
  off: { shape: SHAPE.dot, colour: 3, size: 0.5, alpha: 0.75 },
  unknown: { shape: SHAPE.cross, colour: 4, size: 0.7, alpha: 0.85 },
};

/** Put the lamps on the map; only what changed is written. Returns how many changed. */
export function placeLamps(signs: Signs, lamps: Lamps, known: Map<string, LampState>): number {
  let changed = 0;
  for (const [index, id] of lamps.device_id.entries()) {
    const state = lamps.state[index];
    if (state === undefined || known.get(id) === state) continue;
    const [lon, lat] = [lamps.lon[index] ?? 0, lamps.lat[index] ?? 0];
    if (!signs.has(id)) signs.move(id, { to: { lon, lat }, heading: 0, seconds: 0 }, 0);
    signs.dress(id, LAMP_LOOK[state]);
    known.set(id, state);
    changed++;
  }
  if (known.size > lamps.device_id.length) {
    const kept = new Set(lamps.device_id);
    for (const id of known.keys()) if (!kept.has(id)) known.delete(id);
    signs.keepOnly(kept);
  }
  return changed;
}

export type LampCounts = Record<LampState, number>;

/** Count the lamps by state. */
export function countLamps(states: Iterable<LampState>): LampCounts {
  const counts: LampCounts = { lit: 0, dark: 0, day_burning: 0, off: 0, unknown: 0 };
  for (const state of states) counts[state]++;
  return counts;
}

/** 亮灯率 of this moment: lit ÷ lamps that should be and are heard of; null when none should be. */
export function litRate({ lit, dark }: LampCounts): number | null {
  return lit + dark === 0 ? null : lit / (lit + dark);
}
