// What is on the map, in words: for the card of what was picked, and for the list.

import type { Alert } from "@/live/board";
import type { Mark } from "@/parts/shapes";

import type { Vehicle } from "./fleet";
import type { Thing } from "./live";
import { isWorse, type MapSite, markOf, type Marks, MARKS } from "./marks";

export interface Listed {
  thing: Thing;
  name: string;
  kind: string;
  mark: Mark;
}

/** Return everything that has a name, the worst first, then by name. */
export function listThings(
  sites: Iterable<MapSite>,
  vehicles: Iterable<Vehicle>,
  marks: Marks,
): Listed[] {
  const listed: Listed[] = [];
  for (const { site_id: id, name, kind } of sites)
    listed.push({ thing: { kind: "site", id }, name, kind, mark: marks.sites.get(id) ?? "normal" });
  for (const { device_id: id, name } of vehicles) {
    const mark = marks.devices.get(id) ?? "normal";
    listed.push({ thing: { kind: "vehicle", id }, name, kind: "truck", mark });
  }
  return listed.toSorted(
    (a, b) =>
      MARKS.indexOf(a.mark) - MARKS.indexOf(b.mark) || a.name.localeCompare(b.name, "zh-CN"),
  );
}

/** Return those whose name holds the text, whatever its letters' case. */
export function findThings(listed: readonly Listed[], text: string): Listed[] {
  const part = text.trim().toLocaleLowerCase();
  return part ? listed.filter(({ name }) => name.toLocaleLowerCase().includes(part)) : [...listed];
}

/** Return the open alerts of a thing, the worst first. */
export function alertsOf(thing: Thing, alerts: Iterable<Alert>): Alert[] {
  const isOf = ({ site_id, device_id }: Alert): boolean =>
    thing.kind === "site" ? site_id === thing.id : device_id === thing.id;
  return [...alerts]
    .filter(isOf)
    .toSorted((a, b) =>
      isWorse(markOf(a), markOf(b)) ? -1 : isWorse(markOf(b), markOf(a)) ? 1 : 0,
    );
}
