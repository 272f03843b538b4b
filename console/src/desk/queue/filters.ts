// Which alerts the desk shows. The filter stands in the address: it can be kept, sent, gone back to.

import type { Schemas } from "@/api/client";
import { type Alert, PRIORITIES, type Priority } from "@/live/board";

export type Stage = "waiting" | "taken" | "shelved" | "suppressed" | "out_of_service";

export const STAGES: readonly Stage[] = [
  "waiting",
  "taken",
  "shelved",
  "suppressed",
  "out_of_service",
];

export interface Filter {
  priorities: readonly Priority[]; // none: all of them
  stages: readonly Stage[]; // none: all of them
  domain: string;
  desk: string;
  district: string;
  site: string;
  text: string;
  mine: boolean;
  folded: boolean; // show what is folded under another alert, too
}

export const EVERYTHING: Filter = {
  priorities: [],
  stages: [],
  domain: "",
  desk: "",
  district: "",
  site: "",
  text: "",
  mine: false,
  folded: false,
};

type Query = Record<string, unknown>;

/** Return in which stage of its life an open alert is. */
export function stageOf(alert: Alert): Stage {
  switch (alert.state) {
    case "acknowledged":
      return "taken";
    case "shelved":
    case "suppressed":
    case "out_of_service":
      return alert.state;
    default:
      return "waiting";
  }
}

/** Read a filter out of the address; what it does not understand is left out. */
export function readFilter(query: Query): Filter {
  return {
    priorities: PRIORITIES.filter((one) => listed(query["priority"]).includes(one)),
    stages: STAGES.filter((one) => listed(query["state"]).includes(one)),
    domain: text(query["domain"]),
    desk: text(query["desk"]),
    district: text(query["district"]),
    site: text(query["site"]),
    text: text(query["q"]),
    mine: query["mine"] === "1",
    folded: query["folded"] === "1",
  };
}

/** Write a filter for the address; what it leaves open is not in it. */
export function queryOf(filter: Filter): Record<string, string> {
  const all = {
    priority: filter.priorities.join(","),
    state: filter.stages.join(","),
    domain: filter.domain,
    desk: filter.desk,
    district: filter.district,
    site: filter.site,
    q: filter.text.trim(),
    mine: filter.mine ? "1" : "",
    folded: filter.folded ? "1" : "",
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ""));
}

interface Reader {
  username: string;
  placeOf: (alert: Alert) => string; // the site's name
}

/** Say whether the filter lets an alert through; `reader` is who looks at the desk. */
export function matches(alert: Alert, filter: Filter, reader: Reader): boolean {
  return (
    fits(filter.priorities, alert.priority) &&
    fits(filter.stages, stageOf(alert)) &&
    (!filter.domain || alert.domain === filter.domain) &&
    (!filter.desk || alert.desk_id === filter.desk) &&
    (!filter.district || alert.district === filter.district) &&
    (!filter.site || alert.site_id === filter.site) &&
    (!filter.mine || isOf(alert, reader.username)) &&
    hasText(alert, filter.text, reader)
  );
}

/** Say whether somebody has taken an alert or was given it. */
export const isOf = (alert: Alert, username: string): boolean =>
  alert.acknowledged_by === username || alert.assigned_to === username;

/** Say whether a filter hides anything at all. */
export const isNarrow = (filter: Filter): boolean =>
  Object.keys(queryOf({ ...filter, folded: false })).length > 0;

function hasText(alert: Alert, wanted: string, reader: Reader): boolean {
  const words = wanted.trim().toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return true;
  const said = [
    alert.title_zh,
    alert.title_en,
    alert.device_id,
    alert.site_id,
    alert.alert_id,
    alert.about,
    alert.assigned_to,
    alert.acknowledged_by,
    reader.placeOf(alert),
  ]
    .join(" ")
    .toLowerCase();
  return words.every((word) => said.includes(word));
}

const fits = <T>(wanted: readonly T[], is: T): boolean =>
  wanted.length === 0 || wanted.includes(is);

const text = (value: unknown): string => (typeof value === "string" ? value.slice(0, 100) : "");

const listed = (value: unknown): string[] => text(value).split(",");

export interface Counts {
  open: number;
  waiting: number;
  held: number;
  folded: number; // stand under another alert of their flood
  hidden: number; // children that an open parent explains
}

/** Count what is open, and how much of it stands on no line of its own. */
export function countsOf(alerts: Iterable<Alert>): Counts {
  const counts: Counts = { open: 0, waiting: 0, held: 0, folded: 0, hidden: 0 };
  for (const alert of alerts) {
    counts.open++;
    const stage = stageOf(alert);
    if (stage === "waiting") counts.waiting++;
    else if (stage !== "taken") counts.held++;
    if (alert.folded_under) counts.folded++;
    if (alert.hold?.by === "parent") counts.hidden++;
  }
  return counts;
}

export type Desk = Schemas["DeskShown"];
