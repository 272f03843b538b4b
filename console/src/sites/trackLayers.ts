// The track on the map: sources and layers of its own above the city's ground.

import type * as GeoJSON from "geojson";
import type { GeoJSONSource, Map as MapLibre } from "maplibre-gl";

import { colour } from "@/theme";

import type { Fix, Happening, Place } from "./track";

const WAY = "#e69f00"; // of the palette that every kind of eye can tell apart

type Coordinates = [number, number];

const collection = (features: GeoJSON.Feature[]): GeoJSON.FeatureCollection => ({
  type: "FeatureCollection",
  features,
});

const line = (coordinates: GeoJSON.Position[]): GeoJSON.Feature => ({
  type: "Feature",
  properties: {},
  geometry: { type: "LineString", coordinates },
});

const point = (coordinates: Coordinates, properties: Record<string, unknown> = {}) =>
  ({
    type: "Feature",
    properties,
    geometry: { type: "Point", coordinates },
  }) satisfies GeoJSON.Feature;

/** Return the legs as lines; a leg of one fix has no length. */
export const wayOf = (legs: readonly Fix[][]): GeoJSON.FeatureCollection =>
  collection(
    legs
      .filter((leg) => leg.length > 1)
      .map((leg) => line(leg.map(({ lon, lat }): Coordinates => [lon, lat]))),
  );

/** Return what happened where it happened. */
export const marksOf = (happenings: readonly Happening[]): GeoJSON.FeatureCollection =>
  collection(
    happenings.flatMap(({ kind, lon, lat }) =>
      lon === null || lat === null ? [] : [point([lon, lat], { kind })],
    ),
  );

const placeOf = (place: Place | null): GeoJSON.FeatureCollection =>
  collection(place ? [point([place.lon, place.lat], { how: place.how })] : []);

/** Return the route a truck was approved for, where the registry has one. */
export function routeOf(attributes: Record<string, unknown>): GeoJSON.Feature | null {
  const route = attributes["approved_route"] as GeoJSON.LineString | undefined;
  return route?.type === "LineString" && Array.isArray(route.coordinates)
    ? line(route.coordinates)
    : null;
}

/** Return the box around a day's fixes: [[west, south], [east, north]]; null without any. */
export function boundsOf(fixes: readonly Fix[]): [Coordinates, Coordinates] | null {
  if (fixes.length === 0) return null;
  const box: [Coordinates, Coordinates] = [
    [Infinity, Infinity],
    [-Infinity, -Infinity],
  ];
  for (const { lon, lat } of fixes) {
    box[0] = [Math.min(box[0][0], lon), Math.min(box[0][1], lat)];
    box[1] = [Math.max(box[1][0], lon), Math.max(box[1][1], lat)];
  }
  return box;
}

const SOURCES = ["track-route", "track-way", "track-marks", "track-place"] as const;

/** Put the empty layers on a map. */
export function addTrack(map: MapLibre): void {
  for (const id of SOURCES) map.addSource(id, { type: "geojson", data: collection([]) });
  map.addLayer({
    id: "track-route",
    type: "line",
    source: "track-route",
    paint: { "line-color": colour("soft"), "line-width": 5, "line-opacity": 0.45 },
  });
  map.addLayer({
    id: "track-way",
    type: "line",
    source: "track-way",
    layout: { "line-cap": "round", "line-join": "round" },
    paint: { "line-color": WAY, "line-width": 2.5 },
  });
  map.addLayer({
    id: "track-marks",
    type: "circle",
    source: "track-marks",
    paint: {
      "circle-radius": ["match", ["get", "kind"], "stop", 4, "lost", 4, 6],
      "circle-color": [
        "match",
        ["get", "kind"],
        "alert",
        colour("critical"),
        "signal",
        colour("high"),
        "lost",
        colour("offline"),
        colour("faint"),
      ],
      "circle-stroke-color": colour("ground"),
      "circle-stroke-width": 1.5,
    },
  });
  map.addLayer({
    id: "track-place",
    type: "circle",
    source: "track-place",
    paint: {
      "circle-radius": 9,
      "circle-color": colour("accent"),
      "circle-opacity": ["match", ["get", "how"], ["last", "first"], 0.35, 1],
      "circle-stroke-color": colour("text"),
      "circle-stroke-width": 2.5,
    },
  });
}

function set(map: MapLibre, source: (typeof SOURCES)[number], data: GeoJSON.GeoJSON): void {
  map.getSource<GeoJSONSource>(source)?.setData(data);
}

export interface Day {
  legs: readonly Fix[][];
  happenings: readonly Happening[];
  route: GeoJSON.Feature | null;
}

/** Show a day. */
export function showDay(map: MapLibre, { legs, happenings, route }: Day): void {
  set(map, "track-route", collection(route ? [route] : []));
  set(map, "track-way", wayOf(legs));
  set(map, "track-marks", marksOf(happenings));
}

/** Show where it was at the instant. */
export function showPlace(map: MapLibre, place: Place | null): void {
  set(map, "track-place", placeOf(place));
}

/** Take the colours of a theme that has been switched. */
export function recolourTrack(map: MapLibre): void {
  map.setPaintProperty("track-route", "line-color", colour("soft"));
  map.setPaintProperty("track-marks", "circle-stroke-color", colour("ground"));
  map.setPaintProperty("track-place", "circle-color", colour("accent"));
  map.setPaintProperty("track-place", "circle-stroke-color", colour("text"));
}
