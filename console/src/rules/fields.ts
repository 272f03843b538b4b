// The fields of a rule that a form offers; everything else is written in the document itself.

import type { Limit, RuleDocument } from "./document";

export const TEXTS = [
  "title_zh",
  "title_en",
  "owner",
  "meaning",
  "consequence",
  "guidance_zh",
  "guidance_en",
] as const;

export const LIMITS = [
  "above",
  "below",
  "rising",
  "falling",
  "loaded",
  "empty",
  "cover_open",
] as const;

export const NUMBERS = [
  "on_delay_s",
  "off_delay_s",
  "window_s",
  "min_samples",
  "stuck_s",
  "tolerance",
  "doubtful",
  "of",
  "sigmas",
  "spread_floor",
  "max_age_s",
  "limit_m",
  "back_m",
  "serious_after_s",
  "buffer_m",
  "radius_m",
  "moving_kmh",
  "still_kmh",
  "gap_s",
  "gate_kmh",
  "gate_fixes",
  "at_least",
  "within_s",
  "after_s",
] as const;

export const FORMULAS = ["when", "clear_when"] as const;
export const SELECTIONS = ["profiles", "domains"] as const;

export type NumberField = (typeof NUMBERS)[number];
export type LimitField = (typeof LIMITS)[number];

/** Return the numbers this rule has: what is not there or nothing stands in the document alone. */
export const numbersOf = (rule: RuleDocument): NumberField[] =>
  NUMBERS.filter((field) => typeof rule[field] === "number");

/** Return the sides this rule has. */
export const limitsOf = (rule: RuleDocument): LimitField[] =>
  LIMITS.filter((field) => rule[field] && typeof rule[field] === "object");

/** Return a copy with one side's level changed; a side without levels stays without. */
export function withLimit(
  rule: RuleDocument,
  side: LimitField,
  at: number,
  change: Partial<Limit>,
): RuleDocument {
  const before = rule[side] as Limit | Limit[];
  const after = Array.isArray(before)
    ? before.map((level, index) => (index === at ? { ...level, ...change } : level))
    : { ...before, ...change };
  return { ...rule, [side]: after };
}

/** Read names that stand between commas of either kind. */
export const namesFrom = (text: string): string[] =>
  text
    .split(/[,，、\s]+/)
    .map((name) => name.trim())
    .filter(Boolean);

/** Read a document somebody wrote by hand; a sentence where it is none. */
export function parsed(text: string): RuleDocument | { trouble: string } {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (error) {
    return { trouble: error instanceof Error ? error.message : String(error) };
  }
  const isObject = typeof found === "object" && found !== null && !Array.isArray(found);
  return isObject ? (found as RuleDocument) : { trouble: "" };
}
