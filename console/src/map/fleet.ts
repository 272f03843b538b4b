// Trucks that glide: between two reports each is drawn on the way from one to the other, so a
// picture is as old as the report before last at most, and says the age of the last.

import type { Schemas } from "@/api/client";

import { metresBetween } from "./mercator";
import { type Look, SHAPE, type Signs } from "./signs";

export type Vehicle = Schemas["Vehicle"];

export const OLD_AFTER_S = 120; // four reports of a moving truck missed: fades, says its age
const LONGEST_GLIDE_S = 30; // a moving truck reports every 30 s
const FARTHEST_GLIDE_M = 3000; // farther than this within one report is a jump, not a way
const STANDING_M = 4;
const RADIAN = Math.PI / 180;

/** Which colour of the layer means what. */
export const TRUCK_COLOUR = { loaded: 0, empty: 1, standing: 2, violation: 3, unknown: 4 } as const;

/** Say whether a vehicle is on its way, as far as its last report says. */
export const isMoving = ({ state }: Vehicle): boolean =>
  state === "loaded" || state === "empty" || state === "violation";

/** Return how a vehicle looks: an arrow while it moves, hollow when empty, a cross when unknown. */
export function lookOf(vehicle: Vehicle, ageS: number): Look {
  const isOld = ageS > OLD_AFTER_S;
  const state = isOld && vehicle.state !== "violation" ? "unknown" : vehicle.state;
  const colour = TRUCK_COLOUR[state];
  const alpha = isOld ? 0.55 : 1;
  const shapes = {
    loaded: SHAPE.arrow,
    empty: SHAPE.hollowArrow,
    standing: SHAPE.target,
    violation: SHAPE.alarmArrow,
    unknown: SHAPE.cross,
  };
  const sizes = { loaded: 1, empty: 1, standing: 0.72, violation: 1.5, unknown: 0.7 };
  return { shape: shapes[state], colour, alpha, size: sizes[state] };
}

export class Fleet {
  readonly vehicles = new Map<string, Vehicle>();
  /** Until when something is on its way, in the clock of `Signs`. */
  busyUntil = 0;

  constructor(
    readonly signs: Signs,
    private readonly isStill: () => boolean, // whoever wants no motion gets steps
  ) {}

  /** Take news; older news of a vehicle never replaces newer. `clock` in seconds, `now` its instant. */
  take(news: readonly Vehicle[], clock: number, now: Date): void {
    for (const vehicle of news) {
      const before = this.vehicles.get(vehicle.device_id);
      if (before && before.observed_at > vehicle.observed_at) continue;
      this.vehicles.set(vehicle.device_id, vehicle);
      if (!before || before.observed_at < vehicle.observed_at) this.#send(vehicle, before, clock);
    }
    this.fade(now);
  }

  /** Keep only these; what is not registered any more leaves the map. */
  keepOnly(ids: ReadonlySet<string>): void {
    for (const id of this.vehicles.keys()) if (!ids.has(id)) this.vehicles.delete(id);
    this.signs.keepOnly(ids);
  }

  /** Let what has not been heard of look its age; tells whether anything changed. */
  fade(now: Date): boolean {
    let changed = false;
    for (const vehicle of this.vehicles.values()) {
      const look = lookOf(vehicle, ageOf(vehicle, now));
      changed = this.signs.dress(vehicle.device_id, look) || changed;
    }
    return changed;
  }

  #send(vehicle: Vehicle, before: Vehicle | undefined, clock: number): void {
    const drawn = this.signs.placeOf(vehicle.device_id, clock);
    const metres = drawn ? metresBetween(drawn, vehicle) : 0;
    const seconds = before ? this.#secondsFor(vehicle, before, metres) : 0;
    const moves = drawn !== null && metres > STANDING_M && seconds > 0;
    const heading = moves ? bearing(drawn, vehicle) : (vehicle.direction_deg ?? 0) * RADIAN;
    this.signs.move(vehicle.device_id, { to: vehicle, heading, seconds }, clock);
    if (moves) this.busyUntil = Math.max(this.busyUntil, clock + seconds);
  }

  #secondsFor(vehicle: Vehicle, before: Vehicle, metres: number): number {
    if (this.isStill() || metres > FARTHEST_GLIDE_M) return 0;
    const between = (Date.parse(vehicle.observed_at) - Date.parse(before.observed_at)) / 1000;
    return Math.min(Math.max(between, 1), LONGEST_GLIDE_S);
  }
}

/** Return how long ago a vehicle was where it says, seconds. */
export const ageOf = (vehicle: Vehicle, now: Date): number =>
  Math.max(0, (now.getTime() - Date.parse(vehicle.observed_at)) / 1000);

function bearing(from: { lon: number; lat: number }, to: { lon: number; lat: number }): number {
  const east = (to.lon - from.lon) * Math.cos(to.lat * RADIAN);
  return Math.atan2(east, to.lat - from.lat);
}
