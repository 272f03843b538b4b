// The map's ground as a MapLibre style: the city's own cells, streets and waters, and raster tiles
// only where somebody has set an address. Letters are drawn by the browser: there is no glyph server.

import type {
  ExpressionSpecification,
  FilterSpecification,
  LayerSpecification,
  SourceSpecification,
  StyleSpecification,
} from "maplibre-gl";

import type * as GeoJSON from "geojson";

import type { Colours } from "./colours";

/** Raster tiles under everything, and whose they are; both empty where nobody set an address. */
export interface Tiles {
  tiles_url: string | null;
  attribution: string;
}
export type Features = GeoJSON.FeatureCollection<GeoJSON.Geometry, Record<string, unknown>>;

export const LETTERS = "Noto Sans CJK SC, Noto Sans SC, PingFang SC, Microsoft YaHei, sans-serif";

const level = (wanted: number): FilterSpecification => ["==", ["get", "level"], wanted];
const layer = (wanted: string): FilterSpecification => ["==", ["get", "layer"], wanted];
const byZoom = (...stops: number[]): ExpressionSpecification =>
  ["interpolate", ["exponential", 1.6], ["zoom"], ...stops] as ExpressionSpecification;

/** Return the part of a name that is in the language asked for, where it has both. */
export function partOfName(name: string, isChinese: boolean): string {
  const [, chinese, latin] = /^(.*[\u4e00-\u9fff]\S*)\s+([A-Za-z0-9].*)$/u.exec(name) ?? [];
  return (isChinese ? chinese : latin) ?? name;
}

const isCell = (feature: GeoJSON.Feature): boolean => feature.properties?.["layer"] === "grid";

/** Split the api's one document into cells and the rest; names in the page's language. */
export function splitGround(
  ground: Features,
  isChinese: boolean,
): { cells: Features; rest: Features } {
  const named = ground.features.map((feature) => {
    const label = partOfName(String(feature.properties["name"] ?? ""), isChinese);
    return Object.assign({}, feature, { properties: Object.assign({ label }, feature.properties) });
  });
  return {
    cells: { type: "FeatureCollection", features: named.filter(isCell) },
    rest: { type: "FeatureCollection", features: named.filter((feature) => !isCell(feature)) },
  };
}

/** Return a cell's colour by the worst thing that is open in it. */
const cellColour = (colours: Colours): ExpressionSpecification => [
  "match",
  ["coalesce", ["feature-state", "mark"], "normal"],
  "critical",
  colours.critical,
  "high",
  colours.high,
  "medium",
  colours.medium,
  "offline",
  colours.offline,
  "low",
  colours.low,
  colours.raised,
];

const isMarked = (yes: number, no: number): ExpressionSpecification => [
  "case",
  ["in", ["coalesce", ["feature-state", "mark"], "normal"], ["literal", ["normal", "low"]]],
  no,
  yes,
];

type Paint = Record<string, Record<string, unknown>>;

/** Return what of the ground depends on the theme: paint properties by layer. */
export function paints(colours: Colours): Paint {
  const { ground, sheet, raised, line, text, soft, faint, low, normal } = colours;
  const letters = { "text-color": soft, "text-halo-color": ground, "text-halo-width": 1.4 };
  return {
    background: { "background-color": ground },
    cells: { "fill-color": cellColour(colours), "fill-opacity": isMarked(0.3, 0.16) },
    "cells-line": { "line-color": line, "line-opacity": 0.35 },
    communities: { "line-color": line, "line-opacity": 0.75 },
    quarters: { "line-color": faint, "line-opacity": 0.6 },
    city: { "line-color": faint },
    water: { "fill-color": low, "fill-opacity": 0.25 },
    green: { "fill-color": normal, "fill-opacity": 0.12 },
    building: { "fill-color": raised },
    "street-edge": { "line-color": ground },
    street: { "line-color": line },
    area: { "line-color": soft },
    "area-ground": { "fill-color": sheet, "fill-opacity": 0.35 },
    "quarter-names": { ...letters, "text-color": text },
    "community-names": letters,
    "cell-names": letters,
    "street-names": letters,
  };
}

const names = (
  id: string,
  source: string,
  filter: FilterSpecification,
  [minzoom, maxzoom]: [number, number],
  size: number,
  layout: Record<string, unknown> = {},
): LayerSpecification => ({
  id,
  type: "symbol",
  source,
  filter,
  minzoom,
  maxzoom,
  layout: {
    "text-field": ["get", "label"],
    "text-font": [LETTERS],
    "text-size": size,
    "text-padding": 6,
    ...layout,
  },
});

const LAYERS: LayerSpecification[] = [
  { id: "cells", type: "fill", source: "cells", filter: level(4) },
  { id: "water", type: "fill", source: "rest", filter: layer("water") },
  { id: "green", type: "fill", source: "rest", filter: layer("green") },
  { id: "building", type: "fill", source: "rest", filter: layer("building"), minzoom: 14 },
  { id: "area-ground", type: "fill", source: "rest", filter: layer("area") },
  {
    id: "cells-line",
    type: "line",
    source: "cells",
    filter: level(4),
    minzoom: 12,
    paint: { "line-width": 0.6 },
  },
  {
    id: "communities",
    type: "line",
    source: "cells",
    filter: level(3),
    paint: { "line-width": 0.9, "line-dasharray": [4, 3] },
  },
  {
    id: "street-edge",
    type: "line",
    source: "rest",
    filter: layer("street"),
    layout: { "line-cap": "round", "line-join": "round" },
    paint: { "line-width": byZoom(11, 1.6, 13, 4.4, 16, 22) },
  },
  {
    id: "street",
    type: "line",
    source: "rest",
    filter: layer("street"),
    layout: { "line-cap": "round", "line-join": "round" },
    paint: { "line-width": byZoom(11, 0.8, 13, 2.6, 16, 16) },
  },
  {
    id: "quarters",
    type: "line",
    source: "cells",
    filter: level(2),
    paint: { "line-width": 1.4, "line-dasharray": [6, 3] },
  },
  { id: "city", type: "line", source: "cells", filter: level(1), paint: { "line-width": 2 } },
  {
    id: "area",
    type: "line",
    source: "rest",
    filter: layer("area"),
    paint: { "line-width": 1.5, "line-dasharray": [2, 1.5] },
  },
];

/** Layers that are drawn above lamps, below the signs of sites. */
export const NAMES: LayerSpecification[] = [
  names("cell-names", "cells", level(4), [15, 24], 11),
  names("street-names", "rest", layer("street"), [13.5, 24], 11, {
    "symbol-placement": "line",
    "symbol-spacing": 400,
  }),
  names("community-names", "cells", level(3), [13, 15], 12.5),
  names("quarter-names", "cells", level(2), [9, 13], 15, { "text-letter-spacing": 0.12 }),
];

/** Return the style of the whole ground. */
export function styleOf(shown: Tiles, ground: Features, colours: Colours, isChinese: boolean) {
  const { cells, rest } = splitGround(ground, isChinese);
  const paint = paints(colours);
  const dressed = [background(), ...tiles(shown), ...LAYERS, ...NAMES].map((one) =>
    Object.assign({}, one, { paint: Object.assign({}, one.paint, paint[one.id]) }),
  );
  const sources: Record<string, SourceSpecification> = {
    cells: { type: "geojson", data: cells, promoteId: "code" },
    rest: { type: "geojson", data: rest, attribution: shown.attribution },
  };
  if (shown.tiles_url)
    sources["tiles"] = {
      type: "raster",
      tiles: [shown.tiles_url],
      tileSize: 256,
      attribution: shown.attribution,
    };
  return { version: 8, sources, layers: dressed } satisfies StyleSpecification;
}

const background = (): LayerSpecification => ({ id: "background", type: "background" });

const tiles = ({ tiles_url }: Tiles): LayerSpecification[] =>
  tiles_url ? [{ id: "tiles", type: "raster", source: "tiles", paint: {} }] : [];
