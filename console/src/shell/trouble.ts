// Whatever keeps this page from being the truth, in words a room can read.

import type { City } from "@/live/summary";
import { spanOf, timeOfDay } from "@/words/instants";
import { isChinese } from "@/words/words";

import { say } from "./words";

const OLD_AFTER_S = 30;

export interface Trouble {
  grave: boolean;
  title: string;
  detail: string;
}

interface Known {
  city: City | null;
  isFresh: boolean;
  silentFor: number; // seconds
}

/** Return what is wrong, the worst first; null when nothing is. */
export function troubleOf({ city, isFresh, silentFor }: Known): Trouble | null {
  if (!isFresh) return city === null ? null : cutOff(city, silentFor);
  if (city === null) return null;
  return deaf(city, "broker") ?? deaf(city, "alerts") ?? old(city);
}

function cutOff(city: City, silentFor: number): Trouble {
  const time = timeOfDay(new Date(city.at));
  const seconds = Math.floor(silentFor);
  return { grave: true, title: say("cutOff"), detail: say("cutOffDetail", { time, seconds }) };
}

function deaf(city: City, part: "broker" | "alerts"): Trouble | null {
  const health = city.parts[part];
  if (health.state !== "down") return null;
  const sentence = isChinese() ? health.sentence_zh : health.sentence;
  return part === "broker"
    ? { grave: true, title: say("brokerDown"), detail: say("brokerDownDetail", { sentence }) }
    : { grave: true, title: say("engineDown"), detail: say("engineDownDetail", { sentence }) };
}

function old({ newest_data_age_s: age }: City): Trouble | null {
  if (age === null) return { grave: false, title: say("noData"), detail: say("noDataDetail") };
  if (age <= OLD_AFTER_S) return null;
  return {
    grave: false,
    title: say("dataOld"),
    detail: say("dataOldDetail", { age: spanOf(age) }),
  };
}
