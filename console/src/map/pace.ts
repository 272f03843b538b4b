// How often the map is drawn while something moves on it.

const SLOW_MS = 45; // a frame that takes longer is drawn by the processor, not by a graphics card
const CALM_MS = 250; // then four pictures a second: gliding must not starve the rest of the page
const REMEMBERED = 12;

/** Watches how long frames take; says how long to wait before the next one, in milliseconds. */
export class Pace {
  readonly #took: number[] = [];
  #previous = -Infinity;
  #isChained = false;

  /** Note that a frame has been drawn; `isChained`: the next one follows from this one. */
  drawn(at: number, isChained: boolean): void {
    if (this.#isChained) this.#took.push(at - this.#previous);
    if (this.#took.length > REMEMBERED) this.#took.shift();
    this.#previous = at;
    this.#isChained = isChained;
  }

  /** Say whether this computer draws slowly: by the median of the frames that followed at once. */
  get isSlow(): boolean {
    if (this.#took.length < REMEMBERED) return false;
    return (this.#took.toSorted((a, b) => a - b)[REMEMBERED / 2] ?? 0) > SLOW_MS;
  }

  get waitMs(): number {
    return this.isSlow ? CALM_MS : 0;
  }
}
