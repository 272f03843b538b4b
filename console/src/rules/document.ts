// A rule's document: what every rule says is typed by the api, what its kind adds is read with care.

import type { Schemas } from "@/api/client";

export type Shown = Schemas["RuleShown"];
export type WithVersions = Schemas["RuleWithVersions"];
export type Wording = Schemas["VersionShown"];
export type Priority = Schemas["RuleDocument"]["priority"];
export type RuleDocument = Schemas["RuleDocument"] & Record<string, unknown>;

/** Bad from `limit` on, good again at `clear_at`; one of several levels carries its own priority. */
export interface Limit {
  limit: number;
  clear_at: number;
  priority?: Priority;
}

const NOT_SAID = { latching: false, life_safety: false, domains: [], profiles: [] };

/** Return the document of a wording, with what it leaves unsaid; the api has checked the rest. */
export const documentOf = (rule: Record<string, unknown>): RuleDocument =>
  Object.assign({}, NOT_SAID, rule as RuleDocument);

/** Return what a rule says just now: in force, else its draft, else the last it ever said. */
export function latestOf(rule: Shown | WithVersions): RuleDocument | null {
  const past = "versions" in rule ? rule.versions[0]?.rule : null;
  const found = rule.rule ?? rule.draft?.rule ?? past;
  return found ? documentOf(found) : null;
}

/** Return one side of a limit as levels, the mildest first; empty without that side. */
export function levelsOf(side: unknown): Limit[] {
  if (Array.isArray(side)) return side.filter(isLimit);
  return isLimit(side) ? [side] : [];
}

/** Return a field that is a number; null where it is none. */
export const numberIn = (rule: RuleDocument, field: string): number | null => {
  const value = rule[field];
  return typeof value === "number" ? value : null;
};

/** Return a field that is text; empty where it is none. */
export const textIn = (rule: RuleDocument, field: string): string => {
  const value = rule[field];
  return typeof value === "string" ? value : "";
};

/** Return a field that is a list of names; empty where it is none. */
export const namesIn = (rule: RuleDocument, field: string): string[] => {
  const value = rule[field];
  return Array.isArray(value) ? value.filter((name) => typeof name === "string") : [];
};

function isLimit(value: unknown): value is Limit {
  const limit = value as Limit | null;
  return typeof limit?.limit === "number" && typeof limit.clear_at === "number";
}
