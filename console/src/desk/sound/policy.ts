// What is to be heard. A fire sounds until somebody has taken it, other critical alerts differently;
// a drill gives one short tone, so that nobody runs; everything else is silent.

import { type Alert, isHeld, isTaken } from "@/live/board";

export type Pattern = "fire" | "critical";

/** Say whether an alert asks for a sound that goes on until somebody takes it. */
export function patternOf(alert: Alert): Pattern | null {
  if (alert.drill || isHeld(alert) || isTaken(alert)) return null;
  if (alert.life_safety) return "fire"; // a detector that has reset itself ends no question
  return alert.priority === "critical" && alert.state === "unacknowledged" ? "critical" : null;
}

/** Return the pattern to sound for all that is open: a fire drowns out the rest. */
export function patternFor(alerts: Iterable<Alert>): Pattern | null {
  let loudest: Pattern | null = null;
  for (const alert of alerts) {
    const pattern = patternOf(alert);
    if (pattern === "fire") return "fire";
    loudest ??= pattern;
  }
  return loudest;
}

/** Say whether a transition gives the one short tone of a drill. */
export const isDrillTone = (alert: Alert): boolean =>
  Boolean(alert.drill) &&
  alert.transition === "raised" &&
  (alert.priority === "critical" || Boolean(alert.life_safety));

/** Say whether a transition is shown as a notice of the browser: it has just been told. */
export const isNotice = (alert: Alert): boolean =>
  patternOf(alert) !== null &&
  (alert.transition === "raised" ||
    alert.transition === "unshelved" ||
    alert.transition === "unsuppressed" ||
    alert.transition === "returned_to_service" ||
    alert.transition === "reprioritised");

export type SoundState = "off" | "blocked" | "missing" | "on";

/** Return the state of the sound: `blocked` until the browser lets the page speak. */
export function soundState(wanted: boolean, context: AudioContextState | null): SoundState {
  if (!wanted) return "off";
  if (context === null) return "missing";
  return context === "running" ? "on" : "blocked";
}
