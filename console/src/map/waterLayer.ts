// The layer that draws water near an emergency: where it is, or beside the site it belongs to.

import type { GeoJSONSource, Map as MapLibre } from "maplibre-gl";

import { colours } from "./colours";
import { LETTERS } from "./ground";
import { iconOfWater } from "./icons";
import type { WaterSign } from "./water";

const [BESIDE_PX, REACH_PX, LINE_PX, TEXT_PX] = [36, 13, 22, 12];

/** Add the layer, without any water yet. */
export function addWater(map: MapLibre): void {
  map.addSource("fire-water", { type: "geojson", data: collection([]) });
  map.addLayer({
    id: "fire-water",
    type: "symbol",
    source: "fire-water",
    layout: {
      "icon-image": ["get", "icon"],
      "icon-offset": ["array", "number", 2, ["get", "icon_at"]],
      "icon-allow-overlap": true,
      "icon-ignore-placement": true,
      "text-field": ["get", "label"],
      "text-font": [LETTERS],
      "text-size": TEXT_PX,
      "text-anchor": "left",
      "text-justify": "left",
      "text-max-width": 30,
      "text-offset": ["array", "number", 2, ["get", "text_at"]],
      "text-optional": true,
    },
  });
  tintWater(map);
}

export function drawWater(map: MapLibre, signs: readonly WaterSign[]): void {
  map.getSource<GeoJSONSource>("fire-water")?.setData(collection(signs));
}

/** Put on the colours of the present theme. */
export function tintWater(map: MapLibre): void {
  const { text, ground } = colours();
  map.setPaintProperty("fire-water", "text-color", text);
  map.setPaintProperty("fire-water", "text-halo-color", ground);
  map.setPaintProperty("fire-water", "text-halo-width", 1.5);
}

const collection = (signs: readonly WaterSign[]) => ({
  type: "FeatureCollection" as const,
  features: signs.map(featureOf),
});

function featureOf({ place, isBeside, line, state, label }: WaterSign) {
  const [right, down] = [isBeside ? BESIDE_PX : 0, line * LINE_PX];
  return {
    type: "Feature" as const,
    geometry: { type: "Point" as const, coordinates: [place.lon, place.lat] },
    properties: {
      label,
      icon: iconOfWater(state),
      icon_at: [right, down],
      text_at: [(right + REACH_PX) / TEXT_PX, down / TEXT_PX],
    },
  };
}
