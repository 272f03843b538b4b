// Instants as people here read them: always the clock of Shanghai, wherever the browser is.

import { isChinese, say } from "./words.js";

const ZONE = "Asia/Shanghai";
const clock = new Intl.DateTimeFormat("zh-CN", {
  timeZone: ZONE, hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});
const dayNumber = new Intl.DateTimeFormat("en-CA", { timeZone: ZONE });
const shortDay = new Intl.DateTimeFormat("zh-CN", { timeZone: ZONE, month: "2-digit", day: "2-digit" });

export const timeOfDay = (instant) => clock.format(instant);

/** Return the date with its weekday, in the page's language. */
export const dateOf = (instant) =>
  new Intl.DateTimeFormat(isChinese() ? "zh-CN" : "en-GB", {
    timeZone: ZONE, year: "numeric", month: "long", day: "numeric", weekday: "long",
  }).format(instant);

/** Return the time of day, with the date before it if that is not today. */
export function momentOf(instant, today) {
  const same = dayNumber.format(instant) === dayNumber.format(today);
  return same ? timeOfDay(instant) : `${shortDay.format(instant)} ${timeOfDay(instant)}`;
}

/** Return a span as one figure in its largest unit. */
export function spanOf(seconds) {
  if (seconds < 120) return say("seconds", { count: Math.round(seconds) });
  if (seconds < 7200) return say("minutes", { count: Math.round(seconds / 60) });
  if (seconds < 172_800) return say("hours", { count: Math.round(seconds / 3600) });
  return say("days", { count: Math.round(seconds / 86_400) });
}
