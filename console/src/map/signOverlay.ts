// Signs that move, on a canvas of their own over the map: while they glide, the map below with its
// streets, lamps and names is not drawn again. Where the processor draws, that is most of a frame.

import "./signOverlay.css";

import type { CustomRenderMethodInput, Map as MapLibre } from "maplibre-gl";

import { Pace } from "./pace";
import { viewOf } from "./signLayer";
import { type Manner, SignPainter, type View } from "./signPainter";
import type { Signs } from "./signs";

export class SignOverlay {
  /** Until when something is on its way, in the clock of `manner`. */
  busyUntil = 0;
  isShown = true;
  readonly #canvas = document.createElement("canvas");
  readonly #gl: WebGL2RenderingContext;
  readonly #pace = new Pace();
  #painter: SignPainter;
  #view: View | null = null;
  #frame = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly map: MapLibre,
    readonly signs: Signs,
    readonly manner: Manner,
  ) {
    const gl = this.#canvas.getContext("webgl2", { antialias: false });
    if (!gl) throw new Error("WebGL gives no second context.");
    this.#gl = gl;
    this.#painter = new SignPainter(gl, signs, manner);
    this.#canvas.className = "sign-overlay";
    this.#canvas.addEventListener("webglcontextlost", (event) => event.preventDefault());
    this.#canvas.addEventListener("webglcontextrestored", () => {
      this.#painter = new SignPainter(gl, signs, manner);
      this.redraw();
    });
    map.getCanvas().after(this.#canvas); // below the marks, which are elements
    map.addLayer({
      id: "view",
      type: "custom",
      render: (_, input) => this.#see(input),
    });
    map.on("render", () => this.#draw());
  }

  /** Draw with the next frame. */
  redraw(): void {
    this.#frame ||= requestAnimationFrame(() => this.#draw());
  }

  stop(): void {
    clearTimeout(this.#timer);
    cancelAnimationFrame(this.#frame);
    this.#painter.dispose();
    this.#canvas.remove();
  }

  #see(input: CustomRenderMethodInput): void {
    this.#view = viewOf(this.map, input);
  }

  /** Draw over the map as it was drawn last, and go on while something is on its way. */
  #draw(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    if (!this.#view) return;
    this.#fit(this.#view);
    this.#gl.clear(this.#gl.COLOR_BUFFER_BIT);
    if (this.isShown) this.#painter.draw(this.#view);
    this.#goOn(performance.now());
  }

  #fit({ width, height, scale }: View): void {
    const canvas = this.#canvas;
    if (canvas.width === width && canvas.height === height) return;
    Object.assign(canvas, { width, height });
    Object.assign(canvas.style, { width: `${width / scale}px`, height: `${height / scale}px` });
    this.#gl.viewport(0, 0, width, height);
  }

  /** The next frame follows at once, or calmly where drawing is slow. */
  #goOn(drawnAt: number): void {
    const isBusy = this.isShown && this.busyUntil > this.manner.clock();
    const wait = this.#pace.waitMs;
    this.#pace.drawn(drawnAt, isBusy && wait === 0);
    if (!isBusy) return;
    if (wait === 0) this.redraw();
    else this.#timer ??= setTimeout(() => this.#wake(), wait);
  }

  #wake(): void {
    this.#timer = undefined;
    this.redraw();
  }
}
