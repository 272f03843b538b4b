// A vehicle's day: where it was at any instant, where it stood, what it did there. Pure.

import type { Schemas } from "@/api/client";

import type { DeviceEvent } from "./timeline";
import type { Span } from "./ranges";

export interface Fix {
  at: number; // milliseconds since 1970
  lon: number;
  lat: number;
  speed: number | null; // km/h
  direction: number | null; // degrees, north 0, clockwise
}

export interface Place extends Fix {
  how: "fix" | "between" | "last" | "first"; // last: nothing was heard since; first: nothing before
  heard: number; // when the fix it rests on was made
}

const EARTH_KM = 6371;
const STANDING_KMH = 3; // a receiver at rest seldom says 0
const STOP_MS = 180_000;
const STRAY_KM = 0.05; // further apart than this is no standing, whatever the speed says

/** Put fixes in the order of time. */
export const fixesOf = (items: readonly Schemas["Fix"][]): Fix[] =>
  items
    .map(({ observed_at, lon, lat, speed_kmh, direction_deg }) => ({
      at: Date.parse(observed_at),
      lon,
      lat,
      speed: speed_kmh,
      direction: direction_deg,
    }))
    .toSorted((a, b) => a.at - b.at);

/** Return the number of fixes at or before an instant. */
export function countUntil(fixes: readonly Fix[], at: number): number {
  let low = 0;
  let high = fixes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((fixes[middle] as Fix).at <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Say where it was: on a straight line between two fixes, but never across a gap. */
export function placeAt(fixes: readonly Fix[], at: number, longest: number): Place | null {
  const count = countUntil(fixes, at);
  const before = fixes[count - 1];
  const after = fixes[count];
  if (!before) return after ? { ...after, how: "first", heard: after.at } : null;
  if (before.at === at) return { ...before, how: "fix", heard: at };
  if (!after || after.at - before.at > longest) return { ...before, how: "last", heard: before.at };
  const share = (at - before.at) / (after.at - before.at);
  return {
    at,
    lon: before.lon + share * (after.lon - before.lon),
    lat: before.lat + share * (after.lat - before.lat),
    speed: mixed(before.speed, after.speed, share),
    direction: before.direction,
    how: "between",
    heard: before.at,
  };
}

const mixed = (one: number | null, other: number | null, share: number): number | null =>
  one === null || other === null ? one : one + share * (other - one);

/** Cut the day where nothing was heard for longer than `longest` milliseconds. */
export function legsOf(fixes: readonly Fix[], longest: number): Fix[][] {
  const legs: Fix[][] = [];
  let before: Fix | undefined;
  for (const fix of fixes) {
    if (!before || fix.at - before.at > longest) legs.push([]);
    legs.at(-1)?.push(fix);
    before = fix;
  }
  return legs;
}

/** Return the length of a leg, kilometres over ground. */
export function lengthOf(fixes: readonly Fix[]): number {
  return fixes.reduce((sum, fix, place) => {
    const before = fixes[place - 1];
    return before ? sum + distance(before, fix) : 0;
  }, 0);
}

const radians = (degrees: number) => (degrees * Math.PI) / 180;

/** Return how far two places are apart, kilometres (haversine on a sphere). */
export function distance(one: Pick<Fix, "lon" | "lat">, other: Pick<Fix, "lon" | "lat">): number {
  const half = (degrees: number) => Math.sin(radians(degrees) / 2) ** 2;
  const along = Math.cos(radians(one.lat)) * Math.cos(radians(other.lat));
  const chord = half(other.lat - one.lat) + along * half(other.lon - one.lon);
  return 2 * EARTH_KM * Math.asin(Math.sqrt(chord));
}

export interface Stop extends Span {
  lon: number;
  lat: number;
}

/** Find where it stood for three minutes or longer, within each leg. */
export function stopsOf(legs: readonly Fix[][]): Stop[] {
  return legs.flatMap((leg) => {
    const stops: Stop[] = [];
    let first: Fix | null = null;
    let last: Fix | null = null;
    const close = () => {
      if (first && last && last.at - first.at >= STOP_MS)
        stops.push({ from: first.at, to: last.at, lon: first.lon, lat: first.lat });
      first = last = null;
    };
    for (const fix of leg) {
      const stands = fix.speed !== null && fix.speed < STANDING_KMH;
      if (!stands || (first && distance(first, fix) > STRAY_KM)) close();
      if (stands) {
        first ??= fix;
        last = fix;
      }
    }
    close();
    return stops;
  });
}

export type Happening =
  | ({ kind: "stop" } & Stop)
  | { kind: "lost"; from: number; to: number; lon: number; lat: number }
  | { kind: "signal"; from: number; lon: number | null; lat: number | null; signal: string }
  | {
      kind: "alert";
      from: number;
      lon: number | null;
      lat: number | null;
      alert: Schemas["AlertShown"];
    };

interface Day {
  fixes: readonly Fix[];
  legs: readonly Fix[][];
  events: readonly DeviceEvent[];
  alerts: readonly Schemas["AlertShown"][];
  longest: number;
}

/** Return everything worth a mark, in the order of time, each where it happened. */
export function happeningsOf({ fixes, legs, events, alerts, longest }: Day): Happening[] {
  const found: Happening[] = lossesOf(legs);
  for (const stop of stopsOf(legs)) found.push({ kind: "stop", ...stop });
  for (const { active, kind, observed_at } of events)
    if (active)
      found.push({ kind: "signal", ...whereAt(fixes, observed_at, longest), signal: kind });
  for (const alert of alerts)
    found.push({ kind: "alert", ...whereAt(fixes, alert.raised_at, longest), alert });
  return found.toSorted((a, b) => a.from - b.from);
}

function whereAt(fixes: readonly Fix[], instant: string, longest: number) {
  const from = Date.parse(instant);
  const place = placeAt(fixes, from, longest);
  const known = place && place.how !== "first" && from - place.heard <= longest;
  return { from, lon: known ? place.lon : null, lat: known ? place.lat : null };
}

function lossesOf(legs: readonly Fix[][]): Happening[] {
  return legs.flatMap((leg, place) => {
    const last = leg.at(-1);
    const next = legs[place + 1]?.[0];
    if (!last || !next) return [];
    return [{ kind: "lost" as const, from: last.at, to: next.at, lon: last.lon, lat: last.lat }];
  });
}
