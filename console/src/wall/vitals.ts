// The city's vital signs (城市数字体征): every figure with what it means and how it is. A figure
// whose source is silent is unknown; one that has not been asked anew for long says its age.

import type { Schemas } from "@/api/client";
import type { City } from "@/live/summary";
import { type LampCounts, litRate } from "@/map/lamps";
import { countOf, percentOf } from "@/parts/rates";
import { spanOf, timeOfDay } from "@/words/instants";

import { say } from "./words";

export type VitalKey =
  "units" | "devices" | "alerts" | "messages" | "newest" | "books" | "lamps" | "trucks" | "quality";

export type Health = "good" | "watch" | "bad" | "unknown";

export interface Vital {
  key: VitalKey;
  value: string; // "—" where it is not known
  beside?: string; // unit or total, smaller
  note: string;
  health: Health;
  share?: number; // 0 … 1, drawn as a bar
}

/** A figure that was asked for: the answer, and its age in seconds. */
export interface Aged<T> {
  answer: T | null;
  age: number | null;
  limit: number; // from this age on it is said to be old
}

export const PASS_LINE = 0.95; // 数据质量合格率, work plan of Luozhuang 2021
export const LIT_LINE = 0.96; // 亮灯率 of roads other than main ones, 建办城〔2006〕48号
const MUCH_ABSENCE = 0.1; // ours: a tenth of all
const OLD_DATA_S = 30;
const SLOW_COMMIT_S = 10;
const UNKNOWN = "—";

const unknown = (key: VitalKey, note = say("unknown")): Vital => ({
  key,
  value: UNKNOWN,
  note,
  health: "unknown",
});

/** How many of all are online; what is absent is said, and large absence is bad. Of whom nothing
 * was heard yet nothing is known: that is no absence. */
export function counted(key: "units" | "devices", city: City): Vital {
  const [total, online, unheard] = [
    city[`${key}_total`],
    city[`${key}_online`],
    city[`${key}_unheard`],
  ];
  if (total === null || online === null || unheard === null) return unknown(key);
  const absent = total - online - unheard;
  const notes = [
    absent && say(`${key}Absent`, { count: countOf(absent) }),
    unheard && say(`${key}Unheard`, { count: countOf(unheard) }),
  ].filter(Boolean);
  const isMuch = absent > total * MUCH_ABSENCE;
  return {
    key,
    value: countOf(online),
    beside: say("of", { total: countOf(total) }),
    note: notes.join(" · ") || say("allThere"),
    health: isMuch ? "bad" : absent ? "watch" : unheard ? "unknown" : "good",
    share: total ? online / total : 0,
  };
}

export function messages(city: City): Vital {
  const rate = city.messages_per_second;
  if (rate === null) return unknown("messages");
  const oldest = city.oldest_uncommitted_s;
  const spooled = city.spooled ?? 0;
  const note = spooled
    ? say("spooled", { count: countOf(spooled), hours: city.spool_hours_left ?? UNKNOWN })
    : say("uncommitted", { seconds: oldest?.toFixed(1) ?? UNKNOWN });
  const isSlow = spooled > 0 || (oldest ?? 0) > SLOW_COMMIT_S;
  return {
    key: "messages",
    value: countOf(Math.round(rate)),
    beside: say("perSecond"),
    note,
    health: isSlow ? "watch" : "good",
  };
}

export function newest(city: City): Vital {
  const age = city.newest_data_age_s;
  if (age === null) return unknown("newest");
  const seen = new Date(Date.parse(city.at) - age * 1000);
  return {
    key: "newest",
    value: age < 10 ? `${age.toFixed(1)} s` : spanOf(age),
    note: say("seenAt", { time: timeOfDay(seen) }),
    health: age > OLD_DATA_S ? "bad" : "good",
  };
}

export function books({ answer, age, limit }: Aged<Schemas["Ledger"]>): Vital {
  if (!answer) return unknown("books");
  const { balance, received, stored, duplicate, quarantined, in_flight } = answer;
  return aged(
    {
      key: "books",
      value: balance === 0 ? say("balanced") : say("unbalanced", { count: countOf(balance) }),
      note: say("booksLine", {
        received: countOf(received),
        stored: countOf(stored),
        duplicate: countOf(duplicate),
        quarantined: countOf(quarantined),
        flying: countOf(in_flight),
      }),
      health: balance === 0 ? "good" : "watch",
    },
    age,
    limit,
  );
}

export function lamps({ answer, age, limit }: Aged<LampCounts>): Vital {
  if (!answer) return unknown("lamps");
  const rate = litRate(answer);
  const { dark, day_burning, unknown: unheard } = answer;
  const burning = day_burning
    ? say("dayBurning", { count: countOf(day_burning) })
    : say("lampsOff");
  if (rate === null)
    return aged(
      {
        key: "lamps",
        value: UNKNOWN,
        note: burning,
        health: day_burning ? "watch" : "good",
      },
      age,
      limit,
    );
  return aged(
    {
      key: "lamps",
      value: percentOf(rate),
      note: say("lampsDark", { dark: countOf(dark), unknown: countOf(unheard) }),
      health: rate < LIT_LINE ? "bad" : dark + unheard > 0 ? "watch" : "good",
      share: rate,
    },
    age,
    limit,
  );
}

export interface TruckCounts {
  moving: number;
  total: number;
}

export function trucks({ answer, age, limit }: Aged<TruckCounts>): Vital {
  if (!answer) return unknown("trucks");
  const vital: Vital = {
    key: "trucks",
    value: countOf(answer.moving),
    beside: say("of", { total: countOf(answer.total) }),
    note: say("trucksMoving"),
    health: "good",
  };
  return aged(vital, age, limit);
}

export function quality({ answer, age, limit }: Aged<Schemas["Today"]>): Vital {
  const rate = answer?.figures.find(({ figure }) => figure === "pass_rate")?.today;
  if (rate === null || rate === undefined) return unknown("quality");
  const isBelow = rate < PASS_LINE;
  return aged(
    {
      key: "quality",
      value: percentOf(rate, 2),
      note: say(isBelow ? "belowLine" : "qualityLine"),
      health: isBelow ? "bad" : "good",
      share: rate,
    },
    age,
    limit,
  );
}

/** Put its age on a figure that is older than it should be: old never looks new. */
export function aged(vital: Vital, age: number | null, limit: number): Vital {
  if (age !== null && age <= limit) return vital;
  const note = age === null ? say("unknown") : say("aged", { age: spanOf(age) });
  return { ...vital, note, health: "unknown" };
}
