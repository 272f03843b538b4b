// The open alerts, newest news per alert, in the order a duty officer works through them.

const RANK = { critical: 0, high: 1, medium: 2, low: 3 };
const CLOSED_KEPT = 5000;

export class Desk {
  #open = new Map();
  #closed = new Map(); // id -> seq: late news must not open an alert again

  /** Count what is told: everything open that nobody has put aside. */
  get size() {
    return [...this.#open.values()].filter((alert) => !isHeld(alert)).length;
  }

  /** Take one alert after a transition; older news never replaces newer. */
  take(alert) {
    const seen = this.#open.get(alert.alert_id)?.seq ?? this.#closed.get(alert.alert_id) ?? -1;
    if (alert.seq <= seen) return;
    if (alert.state === "normal") this.#close(alert);
    else this.#open.set(alert.alert_id, alert);
  }

  /** Begin anew with a complete list. */
  replace(alerts) {
    this.#open.clear();
    for (const alert of alerts) this.take(alert);
  }

  /** Return the open alerts: critical before low, untaken before taken, new before old.
   *  What is put aside comes last; what is folded stands as a number on the alert above it. */
  inOrder() {
    return [...this.#open.values()].filter((alert) => !this.#open.has(alert.folded_under)).sort(
      (a, b) =>
        isHeld(a) - isHeld(b) ||
        RANK[a.priority] - RANK[b.priority] ||
        isTaken(a) - isTaken(b) ||
        b.raised_at.localeCompare(a.raised_at),
    );
  }

  /** Return the worst open alert and the number of them for each site. */
  bySite() {
    const sites = new Map();
    for (const alert of this.inOrder()) {
      const silent = alert.kind === "offline" && alert.active !== false;
      if (isHeld(alert) && !silent) continue;
      const known = sites.get(alert.site_id) ?? { worst: alert, count: 0, silent: false };
      known.count += isHeld(alert) ? 0 : 1;
      known.silent ||= silent;
      sites.set(alert.site_id, known);
    }
    return sites;
  }

  #close({ alert_id, seq }) {
    this.#open.delete(alert_id);
    this.#closed.set(alert_id, seq);
    if (this.#closed.size > CLOSED_KEPT) this.#closed.delete(this.#closed.keys().next().value);
  }
}

export const isTaken = (alert) => alert.state === "acknowledged";
const HELD = new Set(["shelved", "suppressed", "out_of_service"]);
export const isHeld = (alert) => HELD.has(alert.state);
