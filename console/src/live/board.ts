// The open alerts: newest news per alert, in the order a duty officer works through them.

import type { Schemas } from "@/api/client";

export type Alert = Schemas["AlertShown"];
export type Priority = Alert["priority"];

export const PRIORITIES: readonly Priority[] = ["critical", "high", "medium", "low"];

const CLOSED_KEPT = 5000;
const HELD = new Set<Alert["state"]>(["shelved", "suppressed", "out_of_service"]);

/** Say whether an alert is put aside: shelved, suppressed by design, or out of service. */
export const isHeld = (alert: Alert): boolean => HELD.has(alert.state);

/** Say whether somebody has taken it. */
export const isTaken = (alert: Alert): boolean => alert.state === "acknowledged";

const rank = (alert: Alert): number => PRIORITIES.indexOf(alert.priority);

/** Order alerts for work: told before put aside, critical before low, untaken first, new first. */
export function byUrgency(a: Alert, b: Alert): number {
  return (
    Number(isHeld(a)) - Number(isHeld(b)) ||
    rank(a) - rank(b) ||
    Number(isTaken(a)) - Number(isTaken(b)) ||
    b.raised_at.localeCompare(a.raised_at)
  );
}

/** The open alerts by id; older news never replaces newer, late news never opens one again. */
export class Board {
  readonly open = new Map<string, Alert>();
  readonly #closed = new Map<string, number>(); // id -> seq

  /** Take one alert after a transition; tell whether it was news. */
  take(alert: Alert): boolean {
    const seen = this.open.get(alert.alert_id)?.seq ?? this.#closed.get(alert.alert_id) ?? -1;
    if (alert.seq <= seen) return false;
    if (alert.state === "normal") this.#close(alert);
    else this.open.set(alert.alert_id, alert);
    return true;
  }

  /** Begin anew with a complete list; what came while it was being loaded is kept. */
  replace(alerts: Iterable<Alert>, meanwhile: Iterable<Alert>): void {
    this.open.clear();
    for (const alert of alerts) this.take(alert);
    for (const alert of meanwhile) this.take(alert);
  }

  #close({ alert_id, seq }: Alert): void {
    this.open.delete(alert_id);
    this.#closed.set(alert_id, seq);
    const oldest = this.#closed.keys().next();
    if (this.#closed.size > CLOSED_KEPT && !oldest.done) this.#closed.delete(oldest.value);
  }
}
