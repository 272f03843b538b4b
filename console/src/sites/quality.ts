// How far a value can be trusted (OPC UA: 0-63 good, 64-127 uncertain, 128- bad), in words.

import type { Mark } from "@/parts/shapes";

import { say } from "./words";

export type Trust = "good" | "uncertain" | "bad";

const CODES: Record<number, Parameters<typeof say>[0]> = {
  0: "good",
  1: "goodLate",
  64: "uncertainClock",
  65: "uncertainRange",
  128: "bad",
};

export function trustOf(quality: number): Trust {
  if (quality < 64) return "good";
  return quality < 128 ? "uncertain" : "bad";
}

/** Return the quality in words; codes we do not know by their class. */
export const qualityWord = (quality: number): string => say(CODES[quality] ?? trustOf(quality));

export const TRUST_MARKS: Record<Trust, Mark> = {
  good: "normal",
  uncertain: "medium",
  bad: "high",
};
