// The open alerts, newest news per alert, in the order a duty officer works through them.

const RANK = { critical: 0, high: 1, medium: 2, low: 3 };
const CLOSED_KEPT = 5000;

export class Desk {
  #open = new Map();
  #closed = new Map(); // id -> seq: late news must not open an alert again

  get size() {
    return this.#open.size;
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

  /** Return all open alerts: critical before low, untaken before taken, new before old. */
  inOrder() {
    return [...this.#open.values()].sort(
      (a, b) =>
        RANK[a.priority] - RANK[b.priority] ||
        isTaken(a) - isTaken(b) ||
        b.raised_at.localeCompare(a.raised_at),
    );
  }

  /** Return the worst open alert and the number of them for each site. */
  bySite() {
    const sites = new Map();
    for (const alert of this.inOrder()) {
      const known = sites.get(alert.site_id) ?? { worst: alert, count: 0, silent: false };
      known.count += 1;
      known.silent ||= alert.kind === "offline";
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
