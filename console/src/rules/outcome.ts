// What a replay or a suggestion found (alerts/replay/outcome.py), and its figures for charts.

import type { RuleDocument } from "./document";

export interface Load {
  alerts: number;
  average: number; // per ten minutes
  peak: number; // in any ten minutes
  flooded_pct: number; // of the ten minutes with more than ten
  bucket_s: number; // a whole number of ten minutes
  peaks: number[]; // the worst ten minutes of each bucket, from the beginning of the replay
}

export interface Example {
  rule_id: string;
  source: string;
  priority: RuleDocument["priority"];
  raised_at: string;
  ended_at: string | null;
  by_s: number | null;
}

export type Change = "added" | "removed" | "earlier" | "later";
export const CHANGES: readonly Change[] = ["added", "removed", "earlier", "later"];

export interface Outcome extends Record<Change, Example[]> {
  start: string;
  end: string;
  counts: Record<Change | "before" | "after" | "unchanged", number>;
  load: { before: Load; after: Load; others: string };
  not_replayed: Record<string, string>;
  notes: string[];
}

export interface Suggestion {
  advice: {
    excursions: number;
    fleeting: number;
    short_breaks: number;
    rule: RuleDocument | null;
    why: string[];
  };
  predicted: Outcome | null;
  devices: number;
  looked_at: number;
}

/** Targets of ISA-18.2 and EEMUA 191 per operator and ten minutes. */
export const LOAD_TARGETS = { average: 1, peak: 10, flooded_pct: 1 } as const;
export type LoadFigure = keyof typeof LOAD_TARGETS;

export interface LoadBar {
  figure: LoadFigure;
  before: number;
  after: number;
  target: number;
  isOver: boolean; // after the change
}

/** Return the load before and after, figure by figure, beside what an operator can bear. */
export function loadBars({ load }: Outcome): LoadBar[] {
  return (Object.keys(LOAD_TARGETS) as LoadFigure[]).map((figure) => ({
    figure,
    before: load.before[figure],
    after: load.after[figure],
    target: LOAD_TARGETS[figure],
    isOver: load.after[figure] > LOAD_TARGETS[figure],
  }));
}

export interface LoadBucket {
  at: number; // when it begins, milliseconds since 1970
  before: number;
  after: number;
}

/** More alerts than this in ten minutes are a flood (ISA-18.2, EEMUA 191). */
export const FLOOD = 10;

/** Return the worst ten minutes of each stretch of the replay, by the rules of before and after. */
export function loadBuckets({ start, load: { before, after } }: Outcome): LoadBucket[] {
  const began = Date.parse(start);
  return before.peaks.map((count, place) => ({
    at: began + place * before.bucket_s * 1000,
    before: count,
    after: after.peaks[place] ?? 0,
  }));
}

/** Return the buckets in which anything was announced: those a table has to name. */
export const busyBuckets = (buckets: readonly LoadBucket[]): LoadBucket[] =>
  buckets.filter(({ before, after }) => before > 0 || after > 0);

export interface DayOfChange {
  day: string; // local, 2026-05-01
  added: number;
  removed: number;
}

/** Count what was added and removed by local day; of long lists the api names the first hundred. */
export function changesByDay(outcome: Outcome, dayOf: (instant: Date) => string): DayOfChange[] {
  const days = new Map<string, DayOfChange>();
  const from = new Date(outcome.start).getTime();
  for (let at = from; at < new Date(outcome.end).getTime(); at += 86_400_000) {
    const day = dayOf(new Date(at));
    days.set(day, { day, added: 0, removed: 0 });
  }
  for (const change of ["added", "removed"] as const)
    for (const { raised_at } of outcome[change]) {
      const day = dayOf(new Date(raised_at));
      const entry = days.get(day) ?? { day, added: 0, removed: 0 };
      entry[change]++;
      days.set(day, entry);
    }
  return [...days.values()].toSorted((a, b) => a.day.localeCompare(b.day));
}

/** Return a document with the suggested limits and delays and everything else as it is. */
export function withAdvice(rule: RuleDocument, advised: RuleDocument): RuleDocument {
  const taken = ["on_delay_s", "off_delay_s", "above", "below"] as const;
  return {
    ...rule,
    ...Object.fromEntries(taken.map((field) => [field, advised[field]])),
  } as RuleDocument;
}
