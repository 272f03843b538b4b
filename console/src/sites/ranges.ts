// Ranges of time as a person chooses them: a span up to now, or from one instant to another.

import type { LocationQuery } from "vue-router";

export interface Span {
  from: number; // milliseconds since 1970
  to: number;
}

const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
const SHORTEST = 60_000;
const LONGEST = 3660 * DAY; // as the api has it

export const PRESETS = {
  h1: HOUR,
  h6: 6 * HOUR,
  h24: DAY,
  d7: 7 * DAY,
  d30: 30 * DAY,
  y1: 366 * DAY,
} as const;

export type Preset = keyof typeof PRESETS;

/** What the address says: a preset that goes with the time, or two fixed instants. */
export type Choice = { preset: Preset } | Span;

export const isPreset = (word: unknown): word is Preset =>
  typeof word === "string" && Object.hasOwn(PRESETS, word);

/** Read the choice out of an address; the last day if there is none that can be read. */
export function choiceOf({ range, from, to }: LocationQuery): Choice {
  if (isPreset(range)) return { preset: range };
  const span = { from: instantOf(from), to: instantOf(to) };
  return span.from < span.to ? span : { preset: "h24" };
}

const instantOf = (text: unknown): number =>
  typeof text === "string" ? new Date(text).getTime() : NaN;

/** Write a choice so that it can stand in an address. */
export function queryOf(choice: Choice): Record<string, string> {
  if ("preset" in choice) return { range: choice.preset };
  return { from: new Date(choice.from).toISOString(), to: new Date(choice.to).toISOString() };
}

/** Return the span that is meant, `now` in milliseconds. */
export function spanFor(choice: Choice, now: number): Span {
  return "preset" in choice ? { from: now - PRESETS[choice.preset], to: now } : choice;
}

/** Widen (above 1) or narrow a span around its middle; never beyond now. */
export function zoomed({ from, to }: Span, factor: number, now: number): Span {
  const middle = (from + to) / 2;
  const half = Math.min(Math.max((to - from) * factor, SHORTEST), LONGEST) / 2;
  return { from: Math.round(middle - half), to: Math.round(Math.min(middle + half, now)) };
}

/** Move a span by half its length, back (-1) or forth (1); it never ends after now. */
export function moved({ from, to }: Span, direction: -1 | 1, now: number): Span {
  const step = Math.min((direction * (to - from)) / 2, now - to);
  return { from: Math.round(from + step), to: Math.round(to + step) };
}

/** Return the span between two places of a frame, given as shares of its width. */
export function spanBetween({ from, to }: Span, one: number, other: number): Span | null {
  const [left, right] = [Math.min(one, other), Math.max(one, other)].map((share) =>
    Math.round(from + Math.min(Math.max(share, 0), 1) * (to - from)),
  ) as [number, number];
  return right - left < SHORTEST ? null : { from: left, to: right };
}

/** Return the day of Shanghai as a span, from midnight to midnight. */
export function dayOf(day: string): Span {
  const from = new Date(`${day}T00:00:00+08:00`).getTime();
  return { from, to: from + DAY };
}
