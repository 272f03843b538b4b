// What is different between two wordings of a rule, field by field.

import type { RuleDocument } from "./document";

export interface Difference {
  path: string; // "below.limit", "profiles"
  before: string | null; // null: it was not said
  after: string | null;
}

// Given out by the engine, or different by nature: no news to whoever compares.
const NOT_SAID = new Set(["version", "status", "reviewed_on", "reviewed_by"]);

/** Return what differs, in the order of the documents; what means the same is not told. */
export function differencesOf(before: RuleDocument, after: RuleDocument): Difference[] {
  const fields = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...fields]
    .filter((field) => !NOT_SAID.has(field))
    .flatMap((field) => compare(field, before[field], after[field]));
}

function compare(path: string, before: unknown, after: unknown): Difference[] {
  if (same(before, after)) return [];
  if (isObject(before) && isObject(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) => compare(`${path}.${key}`, before[key], after[key]));
  }
  if (isLevels(before) && isLevels(after))
    return Array.from({ length: Math.max(before.length, after.length) }, (_, at) =>
      compare(`${path}.${at + 1}`, before[at], after[at]),
    ).flat();
  return [{ path, before: told(before), after: told(after) }];
}

// A field that is left out and one that says nothing mean the same.
const isNothing = (value: unknown): boolean =>
  value === undefined || value === null || value === "" || (Array.isArray(value) && !value.length);

function same(a: unknown, b: unknown): boolean {
  return (isNothing(a) && isNothing(b)) || JSON.stringify(a) === JSON.stringify(b);
}

function told(value: unknown): string | null {
  if (isNothing(value)) return null;
  if (Array.isArray(value) && value.every((each) => typeof each === "string"))
    return value.join(", ");
  return typeof value === "string" ? value : JSON.stringify(value);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isLevels = (value: unknown): value is Record<string, unknown>[] =>
  Array.isArray(value) && value.length > 0 && value.every(isObject);
