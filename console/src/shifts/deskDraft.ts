// A desk while it is being written: what of it is kept, and how its steps come and go.

import type { Schemas } from "@/api/client";

export type Desk = Schemas["Desk"];
export type Step = Schemas["Step"];

const MINUTE_S = 60;
const NEXT_AFTER_S = 5 * MINUTE_S;

const step = (said: Partial<Step> & { after_s: number }): Step => ({
  to: "on_duty",
  channels: [],
  repeat_every_s: null,
  until: "acknowledged",
  ...said,
});

/** Return what a supervisor decides about a desk, without who is there just now. */
export const decided = (desk: Desk): Desk => ({
  desk_id: desk.desk_id,
  name_zh: desk.name_zh,
  name_en: desk.name_en,
  scope: desk.scope,
  members: desk.members,
  supervisors: desk.supervisors,
  at_least: desk.at_least,
  check: desk.check,
  chains: desk.chains,
});

/** Return a desk to begin with; it climbs as the shipped duty room does (alerts/desks.toml). */
export const freshDesk = (): Desk => ({
  desk_id: "",
  name_zh: "",
  name_en: "",
  scope: { domains: [], districts: [], sites: [], grids: [] },
  members: [],
  supervisors: [],
  at_least: 1,
  check: null,
  chains: {
    critical: [
      step({ after_s: 0, repeat_every_s: 2 * MINUTE_S }),
      step({ after_s: 3 * MINUTE_S, to: "supervisors", repeat_every_s: 5 * MINUTE_S }),
    ],
    high: [
      step({ after_s: 0, repeat_every_s: 10 * MINUTE_S }),
      step({ after_s: 30 * MINUTE_S, to: "supervisors" }),
    ],
    medium: [step({ after_s: 0 })],
  },
});

/** Return a chain with one step more: at once to whoever is on duty, later to the supervisors. */
export function withNextStep(chain: readonly Step[]): Step[] {
  const last = chain.at(-1);
  const next = last
    ? step({ after_s: last.after_s + NEXT_AFTER_S, to: "supervisors" })
    : step({ after_s: 0 });
  return [...chain, next];
}

/** Return chains with one of them replaced; a chain without steps is left out. */
export function withChain(
  chains: Desk["chains"],
  priority: string,
  chain: readonly Step[],
): Desk["chains"] {
  const { [priority]: _, ...others } = chains;
  return chain.length ? { ...others, [priority]: [...chain] } : others;
}

/** Read minutes from a field as whole seconds; null while nothing stands there. */
export const secondsFrom = (minutes: number): number | null =>
  Number.isNaN(minutes) ? null : Math.round(minutes * MINUTE_S);

/** Return seconds as minutes for a field; nothing for null. */
export const minutesOf = (seconds: number | null): number | "" =>
  seconds === null ? "" : seconds / MINUTE_S;
