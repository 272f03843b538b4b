// A maintenance window or a drill while it is being written, and what is wrong with it. The engine
// refuses the same (alerts/noise/window.py); here it is said in the page's language.

import type { Schemas } from "@/api/client";
import { dayOf, fromField, inField } from "@/words/instants";
import { isChinese } from "@/words/words";

import { say } from "./words";

export const PLACES = ["sites", "devices", "grids", "districts", "domains", "rules"] as const;
export const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const; // 1 is Monday

const HOUR_MS = 3_600_000;
const LONGEST_HOURS = { maintenance: 31 * 24, drill: 24 } as const;
const ZONE = "Asia/Shanghai";

export interface WindowDraft extends Record<(typeof PLACES)[number], string> {
  window_id: string;
  kind: "maintenance" | "drill";
  reason: string;
  repeats: "once" | "weekly";
  start: string; // as in a field of date and time, by the clock of Shanghai
  end: string;
  days: number[];
  from: string; // 02:00
  to: string;
  first: string; // 2026-05-01
  last: string; // empty: until somebody ends it
}

/** Return a window to begin with: from now on for two hours, or weekly at night. */
export function freshWindow(now: Date): WindowDraft {
  const field = (inHours: number) => inField(now.getTime() + inHours * HOUR_MS);
  return {
    window_id: `w-${field(0).replace(/\D/g, "")}`,
    kind: "maintenance",
    reason: "",
    repeats: "once",
    start: field(0),
    end: field(2),
    days: [],
    from: "02:00",
    to: "04:00",
    first: dayOf(now),
    last: "",
    sites: "",
    devices: "",
    grids: "",
    districts: "",
    domains: "",
    rules: "",
  };
}

const listed = (text: string) => text.split(/[,，、\s]+/).filter(Boolean);
const isWeekly = ({ repeats, kind }: WindowDraft) => repeats === "weekly" && kind !== "drill";

/** Say what is wrong with a window; empty where nothing is. */
export function troubleOf(draft: WindowDraft): string {
  if (!PLACES.some((place) => listed(draft[place]).length)) return say("noScope");
  if (isWeekly(draft)) {
    if (!draft.days.length) return say("noDays");
    return draft.last && draft.last < draft.first ? say("lastBeforeFirst") : "";
  }
  const [start, end] = [fromField(draft.start), fromField(draft.end)];
  const hours = (Date.parse(end ?? "") - Date.parse(start ?? "")) / HOUR_MS;
  if (!(hours > 0)) return say("endBeforeStart");
  const most = LONGEST_HOURS[draft.kind];
  return hours > most ? say(draft.kind === "drill" ? "drillTooLong" : "windowTooLong") : "";
}

/** Return what the api is told. */
export function windowOf(draft: WindowDraft): Schemas["Window"] {
  const places = Object.fromEntries(PLACES.map((place) => [place, listed(draft[place])]));
  const { window_id, kind, reason, days, from, to, first, last } = draft;
  const scope = places as Record<(typeof PLACES)[number], string[]>;
  const named = { window_id, kind, reason, scope };
  if (!isWeekly(draft))
    return { ...named, start: fromField(draft.start), end: fromField(draft.end), weekly: null };
  const weekly = { days: days.toSorted(), from, to, zone: ZONE, first, last: last || null };
  return { ...named, start: null, end: null, weekly };
}

const MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 24 * HOUR_MS;

/** Return what a day of the week is called: 周一, Mon. */
export const weekdayName = (day: number): string =>
  new Intl.DateTimeFormat(isChinese() ? "zh-CN" : "en-GB", {
    weekday: "short",
    timeZone: "UTC",
  }).format(MONDAY + (day - 1) * DAY_MS);

/** Return weekly hours as people say them: 每周二、周四 22:00–次日 06:00. */
export function weeklyInWords({ days, from, to, zone, first, last }: Schemas["Weekly"]): string {
  const named = days.toSorted().map(weekdayName).join(say("and"));
  const which =
    days.length === WEEKDAYS.length ? say("everyDay") : say("everyWeek", { days: named });
  const until = to <= from ? say("nextDay", { to }) : to;
  const hours = `${which} ${from}–${until}${zone === ZONE ? "" : ` (${zone})`}`;
  return say(last ? "weeklyBetween" : "weeklyFrom", { hours, first, last: last ?? "" });
}
