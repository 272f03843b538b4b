// Which duty check this officer has still to answer.

import type { Schemas } from "@/api/client";

export type Check = Schemas["CheckShown"];

/** Return the check that waits for `username`, the next to end first; null when none does. */
export function openCheck(checks: readonly Check[], username: string, now: Date): Check | null {
  const waits = checks.filter(
    (check) => !check.closed_at && isAsked(check, username) && new Date(check.until) > now,
  );
  return waits.toSorted((a, b) => a.until.localeCompare(b.until))[0] ?? null;
}

/** Return how many whole seconds are left to answer. */
export const secondsLeft = (check: Check, now: Date): number =>
  Math.max(0, Math.ceil((new Date(check.until).getTime() - now.getTime()) / 1000));

const isAsked = (check: Check, username: string): boolean =>
  check.answers.some(({ name, answered_at }) => name === username && !answered_at);
