// What an officer may do with an alert, by role and state. The engine decides; this only offers.

import type { Role } from "@/session";
import { type Alert, isHeld, PRIORITIES } from "@/live/board";

export type DeedName =
  | "acknowledge"
  | "verify_real"
  | "verify_false"
  | "verify_test"
  | "fire_brigade"
  | "dispatch"
  | "arrive"
  | "comment"
  | "assign"
  | "shelve"
  | "unshelve"
  | "take_out"
  | "put_back"
  | "prioritise";

export type FieldName = "text" | "reason" | "to" | "officer" | "reference" | "minutes" | "priority";

export interface Field {
  name: FieldName;
  required: boolean;
}

export interface Deed {
  name: DeedName;
  role: Role;
  fields: readonly Field[];
  key: string | null; // the shortcut
  offered: (alert: Alert) => boolean;
}

const must = (name: FieldName): Field => ({ name, required: true });
const may = (name: FieldName): Field => ({ name, required: false });
const isOpen = (alert: Alert): boolean => alert.state !== "normal";
const isAside = (alert: Alert): boolean =>
  alert.state === "shelved" || alert.state === "out_of_service";

/** Every deed there is, in the order in which an officer comes to need them. */
export const DEEDS: readonly Deed[] = [
  {
    name: "acknowledge",
    role: "officer",
    fields: [],
    key: "a",
    offered: (alert) =>
      alert.state === "unacknowledged" || alert.state === "returned_unacknowledged",
  },
  verdict("verify_real", "real", "c"),
  verdict("verify_false", "false", "f"),
  verdict("verify_test", "test", "t"),
  {
    name: "fire_brigade",
    role: "officer",
    fields: [must("reference"), may("text")],
    key: null,
    offered: (alert) => alert.verdict === "real" && !alert.fire_brigade,
  },
  {
    name: "dispatch",
    role: "officer",
    fields: [must("to"), may("text")],
    key: null,
    offered: (alert) => isOpen(alert) || Boolean(alert.life_safety),
  },
  {
    name: "arrive",
    role: "officer",
    fields: [may("text")],
    key: null,
    offered: (alert) => !alert.on_site_at && (Boolean(alert.dispatched_at) || isOpen(alert)),
  },
  { name: "comment", role: "officer", fields: [must("text")], key: "m", offered: () => true },
  { name: "assign", role: "officer", fields: [must("officer")], key: "g", offered: isOpen },
  {
    name: "shelve",
    role: "officer",
    fields: [must("minutes"), must("reason")],
    key: "s",
    offered: (alert) => isOpen(alert) && !alert.life_safety && !isHeld(alert),
  },
  {
    name: "unshelve",
    role: "officer",
    fields: [must("reason")],
    key: "s",
    offered: (alert) => alert.state === "shelved",
  },
  {
    name: "take_out",
    role: "supervisor",
    fields: [must("reason")],
    key: null,
    offered: (alert) => isOpen(alert) && !alert.life_safety && alert.state !== "out_of_service",
  },
  {
    name: "put_back",
    role: "supervisor",
    fields: [must("reason")],
    key: null,
    offered: (alert) => alert.state === "out_of_service",
  },
  {
    name: "prioritise",
    role: "supervisor",
    fields: [must("priority"), must("reason")],
    key: null,
    offered: (alert) => isOpen(alert) && !isAside(alert) && prioritiesFor(alert).length > 0,
  },
];

function verdict(name: DeedName, is: NonNullable<Alert["verdict"]>, key: string): Deed {
  return {
    name,
    role: "officer",
    fields: [may("text")],
    key,
    offered: (alert) => Boolean(alert.life_safety) && alert.verdict !== is,
  };
}

/** Return the deeds that may be done with an alert just now by whoever `mayDo` speaks of. */
export const offeredDeeds = (alert: Alert, mayDo: (role: Role) => boolean): Deed[] =>
  DEEDS.filter((deed) => mayDo(deed.role) && deed.offered(alert));

/** Return the deed a key stands for, if it may be done with this alert. */
export const deedOfKey = (
  key: string,
  alert: Alert,
  mayDo: (role: Role) => boolean,
): Deed | undefined => offeredDeeds(alert, mayDo).find((deed) => deed.key === key);

/** Return to which priorities an alert may be set: what is about lives is never lowered. */
export function prioritiesFor(alert: Alert): Alert["priority"][] {
  const place = PRIORITIES.indexOf(alert.priority);
  return PRIORITIES.filter((_, at) => (alert.life_safety ? at < place : at !== place));
}
