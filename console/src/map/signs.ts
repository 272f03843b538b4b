// The table of signs that the graphics card draws: one row per lamp or vehicle. Rows are written
// when something is heard; between two reports the card moves them by itself, so a frame costs
// nothing here however many there are.

import { latOf, lonOf, type Place, xOf, yOf } from "./mercator";

/** How a row is drawn; the numbers are those of the shader in `signPainter.ts`. */
export const SHAPE = {
  glow: 0,
  ring: 1,
  square: 2,
  dot: 3,
  cross: 4,
  arrow: 5,
  hollowArrow: 6,
  target: 7,
  alarmArrow: 8,
} as const;

export interface Look {
  shape: number;
  colour: number; // index into the layer's colours
  size: number; // of the layer's size
  alpha: number;
}

/** A way from where it is drawn to where it was seen, and how long it takes. */
export interface Way {
  to: Place;
  heading: number; // radians, clockwise from north
  seconds: number; // 0: at once
}

export const WIDTH = 11; // floats per row: from, to, start, length, heading, shape, colour, size, alpha

export class Signs {
  readonly ids: string[] = [];
  readonly #rows = new Map<string, number>();
  readonly #origin: { x: number; y: number };
  table = new Float32Array(64 * WIDTH);
  /** Rows written since the card last took them. */
  isDirty = false;

  /** Coordinates in the table are relative to `around`: single precision is enough for a city. */
  constructor(around: Place) {
    this.#origin = { x: xOf(around.lon), y: yOf(around.lat) };
  }

  get count(): number {
    return this.ids.length;
  }

  get origin(): { x: number; y: number } {
    return this.#origin;
  }

  has(id: string): boolean {
    return this.#rows.has(id);
  }

  /** Send a sign on its way; one that is new, or whose way takes no time, is there at once. */
  move(id: string, way: Way, now: number): void {
    const isNew = !this.#rows.has(id);
    const row = this.#row(id);
    const [x, y] = isNew || way.seconds === 0 ? this.#local(way.to) : this.#drawnAt(row, now);
    const [toX, toY] = this.#local(way.to);
    this.table.set([x, y, toX, toY, now, way.seconds, way.heading], row);
    this.isDirty = true;
  }

  /** Say how a sign looks; tells whether that is news. */
  dress(id: string, { shape, colour, size, alpha }: Look): boolean {
    const row = this.#row(id);
    const { table } = this;
    const isNews =
      table[row + 7] !== shape ||
      table[row + 8] !== colour ||
      table[row + 9] !== Math.fround(size) ||
      table[row + 10] !== Math.fround(alpha);
    if (isNews) {
      table.set([shape, colour, size, alpha], row + 7);
      this.isDirty = true;
    }
    return isNews;
  }

  /** Where a sign is drawn just now. */
  placeOf(id: string, now: number): Place | null {
    const row = this.#rows.get(id);
    if (row === undefined) return null;
    const [x, y] = this.#drawnAt(row, now);
    return { lon: lonOf(x + this.#origin.x), lat: latOf(y + this.#origin.y) };
  }

  /** Take away every sign that is not in `kept`. */
  keepOnly(kept: ReadonlySet<string>): void {
    for (const id of this.ids.filter((known) => !kept.has(known))) this.#remove(id);
  }

  /** Return the visible sign that is drawn nearest to a place, within `reach` of the unit square. */
  nearest(at: Place, reach: number, now: number): string | null {
    const [x, y] = this.#local(at);
    let best = reach * reach;
    let found: string | null = null;
    for (const [index, id] of this.ids.entries()) {
      const row = index * WIDTH;
      const [ownX, ownY] = this.#drawnAt(row, now);
      const far = (ownX - x) ** 2 + (ownY - y) ** 2;
      if (far < best && (this.table[row + 10] ?? 0) > 0) [best, found] = [far, id];
    }
    return found;
  }

  #local({ lon, lat }: Place): [number, number] {
    return [xOf(lon) - this.#origin.x, yOf(lat) - this.#origin.y];
  }

  #drawnAt(row: number, now: number): [number, number] {
    const [x = 0, y = 0, toX = 0, toY = 0, start = 0, length = 0] = this.table.subarray(
      row,
      row + 6,
    );
    const part = length > 0 ? Math.min(Math.max((now - start) / length, 0), 1) : 1;
    return [x + (toX - x) * part, y + (toY - y) * part];
  }

  #row(id: string): number {
    const known = this.#rows.get(id);
    if (known !== undefined) return known;
    const row = this.ids.push(id) * WIDTH - WIDTH;
    if (row + WIDTH > this.table.length) this.#grow();
    this.#rows.set(id, row);
    return row;
  }

  #grow(): void {
    const larger = new Float32Array(this.table.length * 2);
    larger.set(this.table);
    this.table = larger;
  }

  #remove(id: string): void {
    const row = this.#rows.get(id) ?? 0;
    const last = this.ids.pop();
    this.#rows.delete(id);
    if (last !== undefined && last !== id) {
      const from = this.ids.length * WIDTH;
      this.table.copyWithin(row, from, from + WIDTH);
      this.ids[row / WIDTH] = last;
      this.#rows.set(last, row);
    }
    this.isDirty = true;
  }
}
