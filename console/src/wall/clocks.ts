// Response clocks of one alert, in seconds since the system knew: what has been done and when, and
// what is being waited for now.

import type { Alert } from "@/live/board";

export type Step = "notify" | "acknowledge" | "verify" | "handOver" | "dispatch" | "arrive";

export interface Clock {
  step: Step;
  seconds: number; // since the system knew; while it is waited for, until now
  state: "done" | "waiting" | "later";
}

const taken = (alert: Alert): [Step, string | null | undefined][] => [
  ["notify", alert.notified_at],
  ["acknowledge", alert.acknowledged_at],
  ["verify", alert.verified_at],
  ["handOver", alert.fire_brigade?.at],
  ["dispatch", alert.dispatched_at],
  ["arrive", alert.on_site_at],
];

/** Return the clocks in the order of the work; the first that has not stopped runs. */
export function clocksOf(alert: Alert, now: Date): Clock[] {
  const since = Date.parse(alert.detected_at);
  const seconds = (at: number): number => Math.max(0, Math.floor((at - since) / 1000));
  let isWaiting = true;
  return taken(alert).map(([step, at]) => {
    if (at) return { step, seconds: seconds(Date.parse(at)), state: "done" };
    const state = isWaiting ? "waiting" : "later";
    isWaiting = false;
    return { step, seconds: seconds(now.getTime()), state };
  });
}

const two = (part: number): string => String(part).padStart(2, "0");

/** Return seconds as a running clock: `1:05`, `1:02:05`. */
export function clockText(seconds: number): string {
  const [hours, minutes, rest] = [
    Math.floor(seconds / 3600),
    Math.floor((seconds % 3600) / 60),
    seconds % 60,
  ];
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
