// What one shift leaves to the next. The engine composes the list; this reads it, and checks that
// nothing which is open at the desk is missing from it.

import type { Schemas } from "@/api/client";
import { type Alert, isHeld, type Priority } from "@/live/board";

export type Handover = Schemas["HandoverShown"];

export interface Item {
  alert_id: string;
  priority: Priority;
  title_zh: string;
  title_en: string;
  raised_at: string;
  source?: string;
  life_safety?: boolean;
  drill?: boolean;
  active?: boolean;
  acknowledged_by?: string | null;
  assigned_to?: string | null;
  until?: string | null;
  reason?: string;
}

export interface Aside {
  kind?: string;
  reason?: string;
  end?: string | null;
  until?: string | null;
  window_id?: string;
  source?: string;
  rule_id?: string;
  officer?: string;
  by?: string;
}

export const SECTIONS = [
  "unacknowledged",
  "acknowledged",
  "shelved",
  "suppressed",
  "out_of_service",
  "assigned",
] as const;
export type Section = (typeof SECTIONS)[number];

export interface Contents {
  sections: Record<Section, Item[]>;
  overdue: string[];
  windows: Aside[];
  shelves: Aside[];
}

const list = <T>(value: unknown): T[] => (Array.isArray(value) ? (value as T[]) : []);

/** Read the list of a hand-over as the engine has composed it. */
export function contentsOf({ contents }: Handover): Contents {
  return {
    sections: Object.fromEntries(
      SECTIONS.map((name) => [name, list<Item>(contents[name])]),
    ) as Record<Section, Item[]>,
    overdue: list<string>(contents["overdue"]),
    windows: list<Aside>(contents["windows"]),
    shelves: list<Aside>(contents["shelves"]),
  };
}

/** Return every alert in the list, each once; `assigned` only repeats. */
export const listed = ({ sections }: Contents): Set<string> =>
  new Set(
    SECTIONS.filter((name) => name !== "assigned").flatMap((name) =>
      sections[name].map(({ alert_id }) => alert_id),
    ),
  );

/** Compose what would be handed over now, so that the leaving officer sees it before signing. */
export function preview(open: readonly Alert[], leaving: string, overdue: string[]): Contents {
  const sections = Object.fromEntries(SECTIONS.map((name) => [name, [] as Item[]])) as Record<
    Section,
    Item[]
  >;
  for (const alert of open.toSorted((a, b) => a.raised_at.localeCompare(b.raised_at))) {
    const item = itemOf(alert);
    sections[sectionOf(alert)].push(item);
    if (alert.assigned_to === leaving) sections.assigned.push(item);
  }
  return { sections, overdue, windows: [], shelves: [] };
}

function sectionOf(alert: Alert): Section {
  if (alert.state === "acknowledged") return "acknowledged";
  return isHeld(alert) ? (alert.state as Section) : "unacknowledged";
}

function itemOf(alert: Alert): Item {
  const { alert_id, priority, title_zh, title_en, raised_at } = alert;
  return {
    alert_id,
    priority,
    title_zh,
    title_en,
    raised_at,
    source: alert.device_id ?? alert.site_id ?? "",
    life_safety: alert.life_safety ?? false,
    drill: alert.drill ?? false,
    active: alert.active ?? true,
    acknowledged_by: alert.acknowledged_by,
    assigned_to: alert.assigned_to ?? null,
    until: alert.hold?.until ?? null,
    reason: alert.hold?.reason ?? "",
  };
}

/** Return the open alerts of the desk that are not in the list: what has come since it was signed. */
export const missingFrom = (contents: Contents, open: readonly Alert[]): Alert[] => {
  const known = listed(contents);
  return open.filter(({ alert_id }) => !known.has(alert_id));
};
