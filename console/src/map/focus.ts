// The place an emergency is about, and the distances around it.

import type { GeoJSONSource, Map as MapLibre } from "maplibre-gl";

import { colours } from "./colours";
import { LETTERS } from "./ground";
import { circleAround, type Place } from "./mercator";

export interface Focus {
  key: string; // the map flies there when this changes
  place: Place;
}

const RINGS_M = [200, 500, 1000];

/** Draw the rings around the place, or take them away. */
export function showFocus(map: MapLibre, focus: Focus | null): void {
  if (!map.getSource("focus")) add(map);
  const features = focus ? RINGS_M.map((metres) => ring(focus.place, metres)) : [];
  map.getSource<GeoJSONSource>("focus")?.setData({ type: "FeatureCollection", features });
}

function ring(place: Place, metres: number) {
  return {
    type: "Feature" as const,
    geometry: { type: "LineString" as const, coordinates: circleAround(place, metres) },
    properties: { label: `${metres} m` },
  };
}

function add(map: MapLibre): void {
  map.addSource("focus", {
    type: "geojson",
    data: { type: "FeatureCollection", features: [] },
  });
  map.addLayer(
    {
      id: "focus",
      type: "line",
      source: "focus",
      paint: { "line-width": 1.5, "line-dasharray": [3, 2] },
    },
    "sites",
  );
  map.addLayer(
    {
      id: "focus-names",
      type: "symbol",
      source: "focus",
      layout: {
        "symbol-placement": "line",
        "text-field": ["get", "label"],
        "text-font": [LETTERS],
        "text-size": 12,
        "symbol-spacing": 600,
      },
      paint: { "text-halo-width": 1.5 },
    },
    "sites",
  );
  tintFocus(map);
}

/** Put on the colours of the present theme. */
export function tintFocus(map: MapLibre): void {
  if (!map.getSource("focus")) return;
  const { critical, text, ground } = colours();
  map.setPaintProperty("focus", "line-color", critical);
  map.setPaintProperty("focus-names", "text-color", text);
  map.setPaintProperty("focus-names", "text-halo-color", ground);
}
