// What is wrong or doubtful with a desk, before it is saved: what the engine would refuse, and which
// alerts would reach nobody. How alerts climb: docs/alarm-management.md, alerts/people/escalation.py.

import type { Schemas } from "@/api/client";
import { PRIORITIES } from "@/live/board";
import { say as common } from "@/words/common";

import type { Desk, Step } from "./deskDraft";
import { say } from "./deskWords";

export interface Fault {
  at: "desk_id" | "domains" | "check" | (typeof PRIORITIES)[number];
  sentence: string;
}

/** Who and what there is besides the desk that is being written. */
export interface Around {
  others: readonly Desk[];
  onDuty: readonly string[]; // by signature or roster; empty where the members are on duty
  people: readonly string[]; // with a way to be told
  channels: readonly string[];
  strangers?: readonly string[]; // places of the scope where no site is
}

type Site = Pick<Schemas["Site"], "site_id" | "district" | "grid_code">;

const ID = /^[a-z0-9_-]{1,64}$/;

/** Say what the engine would refuse, one sentence for each field. */
export function faultsOf(desk: Desk, { others }: Pick<Around, "others">): Fault[] {
  const found: Fault[] = [];
  if (!ID.test(desk.desk_id)) found.push({ at: "desk_id", sentence: say("badDeskId") });
  if (others.some(({ desk_id }) => desk_id === desk.desk_id))
    found.push({ at: "desk_id", sentence: say("deskIdTaken", { id: desk.desk_id }) });
  if (![desk, ...others].some(answersForAll))
    found.push({ at: "domains", sentence: say("nobodyForTheRest") });
  if (desk.check && !desk.check.at.length)
    found.push({ at: "check", sentence: say("noCheckTimes") });
  for (const priority of PRIORITIES) {
    const chain = desk.chains[priority] ?? [];
    if (priority === "critical" && !chain.length)
      found.push({ at: priority, sentence: say("criticalNeedsSteps") });
    if (chain.some(({ after_s }, place) => place > 0 && after_s <= chain[place - 1]!.after_s))
      found.push({ at: priority, sentence: say("stepsOutOfOrder") });
  }
  return found;
}

/** Say where an alert would reach nobody, and what else is doubtful; the engine takes it all. */
export function doubtsOf(desk: Desk, around: Around): string[] {
  const { others, channels } = around;
  const found: string[] = [];
  const twin = others.find(({ scope }) => sameScope(scope, desk.scope));
  if (twin) found.push(say("sameScope", { id: twin.desk_id }));
  if (around.strangers?.length)
    found.push(say("strangers", { names: around.strangers.join("、") }));
  if (desk.members.length && desk.members.length < desk.at_least)
    found.push(say("tooFew", { count: desk.members.length, least: desk.at_least }));
  if (!channels.length) found.push(say("noChannels"));
  for (const priority of PRIORITIES)
    found.push(...doubtsOfChain(desk, common(priority), desk.chains[priority] ?? [], around));
  if (desk.chains["critical"]?.every(({ repeat_every_s }) => repeat_every_s === null))
    found.push(say("neverAgain", { priority: common("critical") }));
  const deaf = deafOf(desk, around);
  if (deaf.length) found.push(say("deaf", { names: deaf.join("、") }));
  return found;
}

function doubtsOfChain(
  desk: Desk,
  priority: string,
  chain: readonly Step[],
  around: Around,
): string[] {
  if (!chain.length) return [say("nobodyTold", { priority })];
  return chain.flatMap((step, place) => {
    const told = toldBy(step, desk, around);
    const number = place + 1;
    if (!told.length) {
      const why = say(step.to === "supervisors" ? "withoutSupervisors" : "withoutCrew");
      return [say("stepNobody", { priority, number, why })];
    }
    const isHeard = !around.channels.length || told.some((name) => isReached(name, around));
    return isHeard ? [] : [say("stepDeaf", { priority, number, names: told.join("、") })];
  });
}

/** Return whom a step tells: where nobody is on duty, the supervisors. */
function toldBy({ to, channels }: Step, desk: Desk, { onDuty }: Around): string[] {
  const crew = onDuty.length ? onDuty : desk.members;
  if (to === "on_duty") return [...(crew.length ? crew : desk.supervisors), ...channels];
  return [...(to === "supervisors" ? desk.supervisors : [to]), ...channels];
}

function deafOf(desk: Desk, around: Around): string[] {
  if (!around.channels.length) return [];
  const steps = Object.values(desk.chains).flat();
  const named = steps.flatMap((step) => toldBy(step, desk, around));
  const all = new Set([...desk.members, ...desk.supervisors, ...named]);
  return [...all].filter((name) => !isReached(name, around));
}

const isReached = (name: string, { people, channels }: Around): boolean =>
  people.includes(name) || channels.includes(name);

/** Return the districts, sites and grid cells of a scope where no registered site is. */
export const strangersIn = (scope: Desk["scope"], sites: readonly Site[]): string[] => [
  ...scope.districts.filter((code) => !sites.some(({ district }) => district === code)),
  ...scope.sites.filter((id) => !sites.some(({ site_id }) => site_id === id)),
  ...scope.grids.filter((code) => !sites.some(({ grid_code }) => grid_code?.startsWith(code))),
];

const answersForAll = ({ scope }: Desk): boolean =>
  Object.values(scope).every((names) => !names.length);

const sameScope = (one: Desk["scope"], other: Desk["scope"]): boolean =>
  (["domains", "districts", "sites", "grids"] as const).every(
    (part) => one[part].toSorted().join("\n") === other[part].toSorted().join("\n"),
  );
