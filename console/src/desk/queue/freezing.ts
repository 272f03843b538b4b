// Whoever is about to press a line must not find another one under the finger. While somebody is at
// the queue its order stands still; what has come in the meantime is announced, not inserted.

export const STILL_MS = 3000; // after the last touch
export const STILL_AT_MOST_MS = 12_000; // then the news comes in all the same

export interface Touch {
  last: number; // milliseconds: the last movement, key or finger at the queue
  since: number; // when this stay began
}

export const NEVER: Touch = { last: -Infinity, since: -Infinity };

/** Note a touch; a new stay begins when the one before has ended. */
export function touched(touch: Touch, now: number): Touch {
  return { last: now, since: isStill(touch, now) ? touch.since : now };
}

/** Say whether the order stands still just now. */
export const isStill = ({ last, since }: Touch, now: number): boolean =>
  now - last < STILL_MS && now - since < STILL_AT_MOST_MS;

export interface Arrangement {
  order: readonly string[]; // what is shown, in this order
  waiting: readonly string[]; // what is to be shown and is not yet
}

/**
 * Return what is shown: `wanted` itself, or, while the order stands still, what was `shown` before.
 * A line whose alert is over stays where it is until then: nothing moves up under the finger.
 */
export function arrange(
  shown: readonly string[],
  wanted: readonly string[],
  still: boolean,
): Arrangement {
  if (!still || shown.length === 0) return { order: wanted, waiting: [] };
  const known = new Set(shown);
  return { order: shown, waiting: wanted.filter((id) => !known.has(id)) };
}

/** Return the id to stand on after the one chosen has left: itself, else its neighbour. */
export function neighbourOf(
  chosen: string,
  before: readonly string[],
  after: readonly string[],
): string | null {
  if (after.includes(chosen)) return chosen;
  const left = new Set(after);
  const place = before.indexOf(chosen);
  const below = before.slice(place + 1).find((id) => left.has(id));
  const above = before.slice(0, Math.max(0, place)).findLast((id) => left.has(id));
  return below ?? above ?? after[0] ?? null;
}

export interface Window {
  first: number;
  last: number; // not included
}

/** Return which lines are drawn: those in sight and `spare` on either side. */
export function linesInSight(
  { top, height, line }: { top: number; height: number; line: number },
  count: number,
  spare = 6,
): Window {
  if (line <= 0) return { first: 0, last: Math.min(count, 30) };
  const first = Math.max(0, Math.floor(top / line) - spare);
  const last = Math.min(count, Math.ceil((top + height) / line) + spare);
  return { first: Math.min(first, last), last };
}
