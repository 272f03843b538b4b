// What else is wrong around an alert: at its site first, then by distance.

import type { Alert } from "@/live/board";
import { byUrgency } from "@/live/board";

export const NEAR_M = 500;

interface Point {
  lon: number;
  lat: number;
}

export interface Near {
  alert: Alert;
  metres: number;
}

const EARTH_M = 6_371_009;

/** Return how far apart two places are, in metres, by the great circle. */
export function metresBetween(a: Point, b: Point): number {
  const rad = Math.PI / 180;
  const half = (angle: number) => Math.sin((angle * rad) / 2) ** 2;
  const h =
    half(b.lat - a.lat) + Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * half(b.lon - a.lon);
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** Return the other open alerts of the same site, the most urgent first. */
export const atSameSite = (alert: Alert, open: Iterable<Alert>): Alert[] =>
  [...open]
    .filter(
      ({ alert_id, site_id }) =>
        alert_id !== alert.alert_id && site_id !== null && site_id === alert.site_id,
    )
    .toSorted(byUrgency);

/** Return the open alerts of other sites within `NEAR_M`, the nearest first. */
export function withinReach(
  alert: Alert,
  open: Iterable<Alert>,
  placeOf: (siteId: string) => Point | undefined,
): Near[] {
  const here = alert.site_id ? placeOf(alert.site_id) : undefined;
  if (!here) return [];
  return [...open]
    .flatMap((other): Near[] => {
      if (!other.site_id || other.site_id === alert.site_id) return [];
      const there = placeOf(other.site_id);
      return there ? [{ alert: other, metres: metresBetween(here, there) }] : [];
    })
    .filter(({ metres }) => metres <= NEAR_M)
    .toSorted((a, b) => a.metres - b.metres || byUrgency(a.alert, b.alert));
}
