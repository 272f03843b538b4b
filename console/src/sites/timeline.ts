// What a device signalled and what alerts stood on it, as bars over time.

import type { Schemas } from "@/api/client";
import type { Priority } from "@/live/board";

import type { Span } from "./ranges";

export type DeviceEvent = Schemas["DeviceEvent"];
export type Alert = Schemas["AlertShown"];

export interface Bar extends Span {
  tone: Priority | "signal";
  step: "active" | "acknowledged" | "returned"; // of an alert; a signal is active
  begun: boolean; // before the span
  going: boolean; // when the span ends
  detail: string;
  alertId: string | null;
}

export interface Lane {
  key: string;
  kind: "signal" | "alert";
  signal: string; // code of the signal
  title_zh: string;
  title_en: string;
  bars: Bar[];
}

/** Return a lane for each signal, the ones that came first above. */
export function signalLanes(events: readonly DeviceEvent[], span: Span): Lane[] {
  const lanes = new Map<string, Lane>();
  const running = new Map<string, Bar>();
  for (const event of events.toSorted((a, b) => a.observed_at.localeCompare(b.observed_at))) {
    const lane = lanes.get(event.kind) ?? signalLane(event.kind);
    lanes.set(event.kind, lane);
    const bar = running.get(event.kind);
    const at = Date.parse(event.observed_at);
    if (event.active && !bar) {
      const began = signalBar(at, span.to, event.detail);
      running.set(event.kind, began);
      lane.bars.push(began);
    } else if (!event.active) {
      end(lane, bar, at, span, event.detail);
      running.delete(event.kind);
    }
  }
  return [...lanes.values()];
}

const signalLane = (kind: string): Lane => ({
  key: `signal ${kind}`,
  kind: "signal",
  signal: kind,
  title_zh: "",
  title_en: "",
  bars: [],
});

const signalBar = (from: number, to: number, detail: string): Bar => ({
  from,
  to,
  tone: "signal",
  step: "active",
  begun: false,
  going: true,
  detail,
  alertId: null,
});

function end(lane: Lane, bar: Bar | undefined, at: number, span: Span, detail: string): void {
  if (bar) Object.assign(bar, { to: at, going: false });
  else if (lane.bars.length === 0)
    lane.bars.push({ ...signalBar(span.from, at, detail), begun: true, going: false });
}

/** Return a lane for each rule that raised an alert; a bar for each step of its life. */
export function alertLanes(alerts: readonly Alert[], span: Span): Lane[] {
  const lanes = new Map<string, Lane>();
  for (const alert of alerts.toSorted((a, b) => a.raised_at.localeCompare(b.raised_at))) {
    const lane = lanes.get(alert.rule_id) ?? alertLane(alert);
    lanes.set(alert.rule_id, lane);
    lane.bars.push(...stepsOf(alert, span));
  }
  return [...lanes.values()].filter((lane) => lane.bars.length > 0);
}

const alertLane = ({ rule_id, title_zh, title_en }: Alert): Lane => ({
  key: `alert ${rule_id}`,
  kind: "alert",
  signal: "",
  title_zh,
  title_en,
  bars: [],
});

const instant = (text: string | null) => (text === null ? Infinity : Date.parse(text));

function stepsOf(alert: Alert, span: Span): Bar[] {
  const raised = Date.parse(alert.raised_at);
  const ended = instant(alert.cleared_at);
  const taken = Math.min(instant(alert.acknowledged_at), ended);
  const returned = Math.min(instant(alert.returned_at), ended);
  const steps: [number, number, Bar["step"]][] = [
    [raised, Math.min(taken, returned), "active"],
    [taken, returned, "acknowledged"],
    [returned, ended, "returned"],
  ];
  return steps.flatMap(([from, to, step]) => within(alert, step, { from, to }, span));
}

function within(alert: Alert, step: Bar["step"], part: Span, span: Span): Bar[] {
  const from = Math.max(part.from, span.from);
  const to = Math.min(part.to, span.to);
  if (!(from < to)) return [];
  return [
    {
      from,
      to,
      tone: alert.priority,
      step,
      begun: part.from < span.from,
      going: part.to > span.to,
      detail: "",
      alertId: alert.alert_id,
    },
  ];
}

/** Return when alerts about one subject stood, for marks on its chart. */
export const periodsOf = (alerts: readonly Alert[], subject: string, span: Span): Span[] =>
  alerts
    .filter((alert) => alert.subject === subject)
    .map((alert) => ({
      from: Math.max(Date.parse(alert.raised_at), span.from),
      to: Math.min(Date.parse(alert.returned_at ?? alert.cleared_at ?? "") || span.to, span.to),
    }))
    .filter(({ from, to }) => from < to);
