// Open alerts by domain and priority.

import { type Alert, isHeld, PRIORITIES, type Priority } from "@/live/board";

export interface Tally {
  domain: string;
  counts: Record<Priority, number>;
  total: number;
}

/** Count what is open and not put aside, by domain; the fullest first, then by name. */
export function tallyByDomain(alerts: Iterable<Alert>): Tally[] {
  const tallies = new Map<string, Tally>();
  for (const alert of alerts) {
    if (isHeld(alert)) continue;
    const tally = tallies.get(alert.domain) ?? begin(alert.domain);
    tally.counts[alert.priority]++;
    tally.total++;
    tallies.set(alert.domain, tally);
  }
  return [...tallies.values()].toSorted(
    (a, b) => b.total - a.total || a.domain.localeCompare(b.domain),
  );
}

const begin = (domain: string): Tally => ({
  domain,
  counts: Object.fromEntries(PRIORITIES.map((each) => [each, 0])) as Tally["counts"],
  total: 0,
});
