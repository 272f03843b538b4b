// What the open alerts mean for the map: the worst one of each site, vehicle and grid cell.

import type { Schemas } from "@/api/client";
import { type Alert, isHeld } from "@/live/board";
import type { Mark } from "@/parts/shapes";

export type MapSite = Schemas["MapSite"];

export const MARKS: readonly Mark[] = ["critical", "high", "medium", "offline", "low", "normal"];

export interface Marks {
  sites: Map<string, Mark>;
  devices: Map<string, Mark>;
  grids: Map<string, Mark>;
}

/** Return the mark of an alert: silence has one of its own, since it says that nothing is known. */
export const markOf = (alert: Alert): Mark =>
  alert.kind === "offline" ? "offline" : alert.priority;

export const isWorse = (a: Mark, b: Mark): boolean => MARKS.indexOf(a) < MARKS.indexOf(b);

/** Gather the worst mark of everything that has an open alert nobody has put aside. */
export function gatherMarks(
  alerts: Iterable<Alert>,
  gridOf: (siteId: string) => string | null | undefined,
): Marks {
  const marks: Marks = { sites: new Map(), devices: new Map(), grids: new Map() };
  for (const alert of alerts) {
    if (isHeld(alert)) continue;
    const mark = markOf(alert);
    note(marks.sites, alert.site_id, mark);
    note(marks.devices, alert.device_id, mark);
    if (alert.site_id && alert.domain !== "truck") note(marks.grids, gridOf(alert.site_id), mark);
  }
  return marks;
}

function note(marks: Map<string, Mark>, id: string | null | undefined, mark: Mark): void {
  if (!id) return;
  const known = marks.get(id);
  if (!known || isWorse(mark, known)) marks.set(id, mark);
}

/** Return what changed from one look to the next: id -> mark, "normal" for what is over. */
export function changesOf(before: ReadonlyMap<string, Mark>, after: ReadonlyMap<string, Mark>) {
  const changes = new Map<string, Mark>();
  for (const [id, mark] of after) if (before.get(id) !== mark) changes.set(id, mark);
  for (const id of before.keys()) if (!after.has(id)) changes.set(id, "normal");
  return changes;
}

export interface Incident {
  lead: Alert; // confirmed, or else the first that was known: its clocks count
  rest: Alert[];
}

/** Gather dangers by place, so that one fire with six signals is one incident. */
export function incidentsOf(dangers: readonly Alert[]): Incident[] {
  const places = new Map<string, Alert[]>();
  for (const alert of dangers) {
    const place = alert.site_id ?? alert.device_id ?? alert.alert_id;
    places.set(place, [...(places.get(place) ?? []), alert]);
  }
  return [...places.values()].map((alerts) => {
    const [lead, ...rest] = alerts.toSorted(
      (a, b) =>
        Number(b.verdict === "real") - Number(a.verdict === "real") ||
        a.detected_at.localeCompare(b.detected_at),
    ) as [Alert, ...Alert[]];
    return { lead, rest };
  });
}

/** Return open fires and other dangers to life: real ones first, then the newest. */
export function dangersOf(alerts: Iterable<Alert>): Alert[] {
  return [...alerts]
    .filter((alert) => alert.life_safety && !isHeld(alert) && alert.verdict !== "false")
    .toSorted(
      (a, b) =>
        Number(a.drill) - Number(b.drill) ||
        Number(b.verdict === "real") - Number(a.verdict === "real") ||
        Number(b.active) - Number(a.active) ||
        b.detected_at.localeCompare(a.detected_at),
    );
}
