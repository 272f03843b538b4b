// Signs that stand still, as a layer of the map: a symbol layer of MapLibre would go through its
// worker for each of 20,000 lamps whose state changes.

import type { CustomLayerInterface, CustomRenderMethodInput, Map as MapLibre } from "maplibre-gl";

import { type Manner, SignPainter, type View } from "./signPainter";
import type { Signs } from "./signs";

export class SignLayer implements CustomLayerInterface {
  readonly type = "custom" as const;
  readonly renderingMode = "2d" as const;
  isShown = true;
  #painter: SignPainter | null = null;

  constructor(
    readonly id: string,
    private readonly map: MapLibre,
    readonly signs: Signs,
    readonly manner: Manner,
  ) {}

  onAdd(_: MapLibre, gl: WebGLRenderingContext | WebGL2RenderingContext): void {
    this.#painter = new SignPainter(gl as WebGL2RenderingContext, this.signs, this.manner);
  }

  onRemove(): void {
    this.#painter?.dispose();
    this.#painter = null;
  }

  render(_: unknown, input: CustomRenderMethodInput): void {
    if (this.isShown) this.#painter?.draw(viewOf(this.map, input));
  }
}

/** Return how the map is drawn just now. */
export function viewOf(map: MapLibre, { defaultProjectionData }: CustomRenderMethodInput): View {
  const { width, height } = map.getCanvas();
  const matrix = Float64Array.from(defaultProjectionData.mainMatrix);
  return { matrix, zoom: map.getZoom(), width, height, scale: map.getPixelRatio() };
}
