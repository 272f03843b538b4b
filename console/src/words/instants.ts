// Instants as people here read them: always the clock of Shanghai, wherever the browser is.

import { say } from "./common";
import { isChinese } from "./words";

const ZONE = "Asia/Shanghai";
const clock = new Intl.DateTimeFormat("zh-CN", {
  timeZone: ZONE,
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});
const dayNumber = new Intl.DateTimeFormat("en-CA", { timeZone: ZONE });
const shortDay = new Intl.DateTimeFormat("zh-CN", {
  timeZone: ZONE,
  month: "2-digit",
  day: "2-digit",
});

export const timeOfDay = (instant: Date): string => clock.format(instant);

/** Return the local day as `2026-05-01`. */
export const dayOf = (instant: Date): string => dayNumber.format(instant);

/** Return the date with its weekday, in the page's language. */
export const dateOf = (instant: Date): string =>
  new Intl.DateTimeFormat(isChinese() ? "zh-CN" : "en-GB", {
    timeZone: ZONE,
    year: "numeric",
    month: "long",
    day: "numeric",
    weekday: "long",
  }).format(instant);

/** Return the time of day, with the date before it if that is not today. */
export function momentOf(instant: Date | string, today: Date): string {
  const at = typeof instant === "string" ? new Date(instant) : instant;
  const same = dayOf(at) === dayOf(today);
  return same ? timeOfDay(at) : `${shortDay.format(at)} ${timeOfDay(at)}`;
}

/** Return the same to the millisecond, for whoever looks for a delay. */
export function exactMomentOf(instant: string, today: Date): string {
  const milliseconds = new Date(instant).getMilliseconds(); // the same in every zone
  return `${momentOf(instant, today)}.${String(milliseconds).padStart(3, "0")}`;
}

/** How far the clock of Shanghai is ahead of UTC, all the year: China has no summer time. */
export const AHEAD_MS = 8 * 3_600_000;

/** Write an instant for a field of date and time (`2026-05-01T08:00`), by the clock of Shanghai. */
export const inField = (instant: Date | string | number): string =>
  new Date(new Date(instant).getTime() + AHEAD_MS).toISOString().slice(0, 16);

/** Read such a field as an instant; null while it is being typed. */
export function fromField(text: string): string | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text)) return null;
  const at = new Date(`${text.slice(0, 16)}:00+08:00`);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}

/** Return a span as one figure in its largest unit. */
export function spanOf(seconds: number): string {
  if (seconds < 120) return say("seconds", { count: Math.round(seconds) });
  if (seconds < 7200) return say("minutes", { count: Math.round(seconds / 60) });
  if (seconds < 172_800) return say("hours", { count: Math.round(seconds / 3600) });
  return say("days", { count: Math.round(seconds / 86_400) });
}

/** Return how long ago an instant was. */
export function agoOf(instant: Date | string, now: Date): string {
  const seconds = Math.max(0, (now.getTime() - new Date(instant).getTime()) / 1000);
  return seconds < 5 ? say("now") : say("ago", { span: spanOf(seconds) });
}
