// Web Mercator in a unit square (x east, y south), as MapLibre's custom layers want it.

export interface Place {
  lon: number;
  lat: number;
}

const EARTH_M = 6_371_008.8; // mean radius, IUGG
const RADIAN = Math.PI / 180;

export const xOf = (lon: number): number => (lon + 180) / 360;

export const yOf = (lat: number): number =>
  (180 - Math.log(Math.tan(Math.PI / 4 + (lat * RADIAN) / 2)) / RADIAN) / 360;

export const lonOf = (x: number): number => x * 360 - 180;

export const latOf = (y: number): number =>
  (Math.atan(Math.exp((180 - y * 360) * RADIAN)) / RADIAN) * 2 - 90;

/** Return the great-circle distance (haversine), metres. */
export function metresBetween(a: Place, b: Place): number {
  const north = Math.sin(((b.lat - a.lat) * RADIAN) / 2);
  const east = Math.sin(((b.lon - a.lon) * RADIAN) / 2);
  const chord = north * north + Math.cos(a.lat * RADIAN) * Math.cos(b.lat * RADIAN) * east * east;
  return 2 * EARTH_M * Math.asin(Math.sqrt(chord));
}

/** Return a circle as a ring of degrees, for drawing a distance around a place. */
export function circleAround(
  { lon, lat }: Place,
  metres: number,
  corners = 64,
): [number, number][] {
  const north = metres / EARTH_M / RADIAN;
  const east = north / Math.cos(lat * RADIAN);
  return Array.from({ length: corners + 1 }, (_, step) => {
    const angle = (2 * Math.PI * step) / corners;
    return [lon + east * Math.sin(angle), lat + north * Math.cos(angle)];
  });
}
