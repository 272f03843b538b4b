// The list of rules: what it shows of each, and what is left of it when somebody searches.

import type { Alert } from "@/live/board";
import { PRIORITIES } from "@/live/board";

import { latestOf, type RuleDocument, type Shown } from "./document";

export interface Line {
  rule: Shown;
  document: RuleDocument;
  domains: string[];
  open: number; // alerts that are not normal
  shown: number; // alerts told to desks, of the worst conditions of the last days
  chattering: number;
  acted: number;
}

export interface Wanted {
  text: string;
  kind: string;
  domain: string;
  priority: string;
  status: string; // "draft" also finds rules in force with a draft that waits
}

export const EVERYTHING: Wanted = { text: "", kind: "", domain: "", priority: "", status: "" };

interface Actor {
  rule_id: string;
  shown: number;
  chattering: number;
  acted: number;
}

interface Known {
  rules: readonly Shown[];
  domainOf: (profileId: string) => string | undefined;
  open: Iterable<Alert>;
  actors: readonly Actor[];
}

/** Return a line for every rule that still says anything. */
export function linesOf({ rules, domainOf, open, actors }: Known): Line[] {
  const counts = new Map<string, number>();
  for (const { rule_id } of open) counts.set(rule_id, (counts.get(rule_id) ?? 0) + 1);
  return rules.flatMap((rule) => {
    const document = latestOf(rule);
    if (!document) return [];
    const noise = actors.filter((actor) => actor.rule_id === rule.rule_id);
    const ofProfiles = document.profiles.flatMap((profile) => domainOf(profile) ?? []);
    return {
      rule,
      document,
      domains: [...new Set([...document.domains, ...ofProfiles])],
      open: counts.get(rule.rule_id) ?? 0,
      shown: total(noise, "shown"),
      chattering: total(noise, "chattering"),
      acted: total(noise, "acted"),
    };
  });
}

/** Say whether a rule is what somebody looks for. */
export function fits({ rule, document, domains }: Line, wanted: Wanted): boolean {
  const text = [rule.rule_id, document.title_zh, document.title_en, document.owner]
    .join("\n")
    .toLowerCase();
  return (
    text.includes(wanted.text.trim().toLowerCase()) &&
    (!wanted.kind || document.kind === wanted.kind) &&
    (!wanted.priority || document.priority === wanted.priority) &&
    (!wanted.domain || domains.includes(wanted.domain)) &&
    (!wanted.status ||
      rule.status === wanted.status ||
      (wanted.status === "draft" && rule.draft !== null))
  );
}

/** Order by what waits for a review, then by urgency, then by id. */
export const byNeed = (a: Line, b: Line): number =>
  Number(b.rule.draft !== null) - Number(a.rule.draft !== null) ||
  PRIORITIES.indexOf(a.document.priority) - PRIORITIES.indexOf(b.document.priority) ||
  a.rule.rule_id.localeCompare(b.rule.rule_id);

const total = (actors: readonly Actor[], figure: "shown" | "chattering" | "acted"): number =>
  actors.reduce((sum, actor) => sum + actor[figure], 0);
