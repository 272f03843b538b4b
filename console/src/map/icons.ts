// Icons of sites: the shapes of the priorities, and one outline for each kind that is well; and of
// water.

import type { Map as MapLibre } from "maplibre-gl";

import { type Mark, SHAPES } from "@/parts/shapes";

import type { Colours } from "./colours";
import { MARKS } from "./marks";
import { WATER, WATER_STATES, type WaterState } from "./water";

const PIXELS = 2; // per CSS pixel
const BOX = 26; // CSS pixels

/** Kinds of sites and the outline of each, for a viewBox of -12 -12 24 24; others get a circle. */
export const KINDS: Record<string, string> = {
  fire_unit: "M-6-2 0-7 6-2V7H-6Z",
  lighting_cabinet: "M-5-7H5V7H-5Z",
  construction_site: "M0-7 7 6H-7Z",
  dump_site: "M0 7 7-6H-7Z",
  utility_station: "M0-7 6.1-3.5 6.1 3.5 0 7-6.1 3.5-6.1-3.5Z",
  laboratory: "M-7 0 0-7 7 0 0 7Z",
  haulage_firm: "M-8-4H3V-1H6L8 2V5H-8Z",
};
const OTHER = "M0-6a6 6 0 1 0 .01 0Z";

export const iconOf = (kind: string, mark: Mark): string =>
  mark === "normal" ? `kind-${kind in KINDS ? kind : "other"}` : `mark-${mark}`;

export const iconOfWater = (state: WaterState): string => `water-${state}`;

/** Draw every icon in the colours of the theme, or draw them anew. */
export function putIcons(map: MapLibre, colours: Colours): void {
  for (const mark of MARKS) put(map, `mark-${mark}`, draw(SHAPES[mark], colours[mark], colours, 1));
  for (const kind of [...Object.keys(KINDS), "other"]) {
    const tint = kind === "fire_unit" ? colours.normal : colours.soft;
    put(map, `kind-${kind}`, draw(KINDS[kind] ?? OTHER, tint, colours, 0.62));
  }
  for (const state of WATER_STATES) {
    const { path, level } = WATER[state];
    put(map, iconOfWater(state), draw(path, colours[level], colours, 0.9));
  }
}

function put(map: MapLibre, name: string, image: ImageData): void {
  if (map.hasImage(name)) map.updateImage(name, image);
  else map.addImage(name, image, { pixelRatio: PIXELS });
}

function draw(path: string, fill: string, { ground }: Colours, scale: number): ImageData {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = BOX * PIXELS;
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("The browser cannot draw.");
  const unit = (BOX / 26) * PIXELS * scale;
  pen.setTransform(unit, 0, 0, unit, canvas.width / 2, canvas.height / 2);
  const shape = new Path2D(path);
  pen.lineJoin = "round";
  pen.strokeStyle = ground;
  pen.lineWidth = 3 / scale;
  pen.stroke(shape);
  pen.fillStyle = fill;
  pen.fill(shape, "evenodd");
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}
