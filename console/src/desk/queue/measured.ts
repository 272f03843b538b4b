// The figure an alert is about, with the limit it has passed.

import type { Alert } from "@/live/board";

import { say } from "../words";

/** Return the value with its limit, in words; empty where an alert is about no figure. */
export function measured({ value, unit, limit }: Alert): string {
  if (value === null || value === undefined) return "";
  const places = { value: figure(value), unit: unit ?? "" };
  if (limit === null || limit === undefined) return say("value", places).trim();
  return say("valueLimit", { ...places, limit: figure(limit) });
}

/** Return a figure with at most four digits that say something. */
export const figure = (value: number): string =>
  Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
