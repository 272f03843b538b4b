// Response clocks: how long each step has taken since the alert was known. The targets are not ours:
// they are the steps of the desk's own chain, after which somebody else is told.

import type { Schemas } from "@/api/client";
import type { Alert } from "@/live/board";

type Chains = Schemas["DeskShown"]["chains"];
type Chain = NonNullable<Chains>[keyof NonNullable<Chains>];
export type Step = "notified" | "acknowledged" | "verified" | "dispatched" | "arrived" | "cleared";

export interface Clock {
  step: Step;
  seconds: number; // since detection: until it was done, or until now
  done: boolean;
  target: number | null; // seconds
  over: boolean; // it took, or takes, longer than the target
}

const STEPS: readonly Step[] = [
  "notified",
  "acknowledged",
  "verified",
  "dispatched",
  "arrived",
  "cleared",
];

/** Return every clock of an alert; steps that nobody expects of it and nobody took are left out. */
export function clocksOf(alert: Alert, chains: Chains | undefined, now: Date): Clock[] {
  return STEPS.map((step) => clockOf(step, alert, chains, now)).filter((clock) => clock !== null);
}

/** Return the clock an officer must beat: the first step that is still to be done, if it has a target. */
export function runningClock(alert: Alert, chains: Chains | undefined, now: Date): Clock | null {
  const clocks = clocksOf(alert, chains, now);
  return clocks.find(({ done, target }) => !done && target !== null) ?? null;
}

function clockOf(step: Step, alert: Alert, chains: Chains | undefined, now: Date): Clock | null {
  const at = instantOf(step, alert);
  if (!at && (alert.state === "normal" || !isExpected(step, alert))) return null;
  const seconds = secondsBetween(alert.detected_at, at ?? now);
  const target = targetOf(step, chains?.[alert.priority]);
  return { step, seconds, done: at !== null, target, over: target !== null && seconds > target };
}

function instantOf(step: Step, alert: Alert): string | null {
  const instants: Record<Step, string | null | undefined> = {
    notified: alert.notified_at,
    acknowledged: alert.acknowledged_at,
    verified: alert.verified_at,
    dispatched: alert.dispatched_at,
    arrived: alert.on_site_at,
    cleared: alert.cleared_at,
  };
  return instants[step] ?? null;
}

function isExpected(step: Step, alert: Alert): boolean {
  switch (step) {
    case "acknowledged":
      return alert.state === "unacknowledged" || alert.state === "returned_unacknowledged";
    case "verified":
      return Boolean(alert.life_safety);
    case "dispatched":
      return alert.verdict === "real";
    case "arrived":
      return Boolean(alert.dispatched_at);
    case "cleared":
      return true;
    default:
      return false;
  }
}

/** Return after how many seconds an alert leaves the desk because this step has not been taken. */
export function targetOf(step: Step, chain: Chain | undefined): number | null {
  if (step !== "acknowledged" && step !== "verified" && step !== "dispatched") return null;
  const beyond = (chain ?? []).filter(
    (each) => (each.until ?? "acknowledged") === step && each.after_s > 0 && each.to !== "on_duty",
  );
  return beyond.length ? Math.min(...beyond.map((each) => each.after_s)) : null;
}

const two = (part: number): string => String(part).padStart(2, "0");

/** Return a span as a running clock reads: 3:07, or 1:03:07. */
export function runningTime(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

function secondsBetween(start: string, end: string | Date): number {
  return Math.max(0, (new Date(end).getTime() - new Date(start).getTime()) / 1000);
}
