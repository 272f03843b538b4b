// The list of open alerts, each with its guidance and the button that takes it.

import { Deeds } from "./deeds.js";
import { isHeld, isTaken } from "./desk.js";
import { find, icon, make } from "./elements.js";
import { momentOf, spanOf } from "./instants.js";
import { acknowledge, randomKey, Refusal } from "./server.js";
import { inLanguage, say } from "./words.js";

const SHOWN_AT_MOST = 60;

export class AlertList {
  #cards = new Map(); // alert id -> { text, element }
  #keys = new Map(); // alert id -> idempotency key of the attempt to take it
  #deeds;
  #options;

  /** `options`: desk, clock() -> Date, mayTake() -> boolean, show(siteId), taken(alert). */
  constructor(options) {
    this.#options = options;
    this.#deeds = new Deeds(options.taken);
  }

  render() {
    keepFocus(() => this.#render());
  }

  #render() {
    const { desk } = this.#options;
    const alerts = desk.inOrder();
    const shown = alerts.slice(0, SHOWN_AT_MOST);
    const list = find("alert-list");
    const cards = shown.map((alert) => this.#card(alert));
    if (cards.length !== list.children.length || cards.some((card, i) => card !== list.children[i])) {
      list.replaceChildren(...cards);
    }
    this.#forgetExcept(shown);
    find("alert-count").textContent = String(desk.size);
    note("no-alerts", alerts.length === 0, say("noAlerts"));
    note("more-alerts", alerts.length > shown.length, say("moreAlerts", { count: alerts.length - shown.length }));
  }

  /** Draw every card anew: the language has changed. */
  redraw() {
    this.#cards.clear();
    this.#deeds.forgetExcept();
    this.render();
  }

  /** Say again how long ago each alert was raised. */
  tick() {
    for (const { element, alert } of this.#cards.values()) {
      element.querySelector(".ago").textContent = this.#ago(alert);
    }
  }

  #card(alert) {
    const known = this.#cards.get(alert.alert_id);
    if (known?.alert.seq === alert.seq) return known.element;
    const element = this.#draw(alert);
    this.#cards.set(alert.alert_id, { alert, element });
    return element;
  }

  #draw(alert) {
    const title = make("h3", {}, icon(alert.kind === "offline" ? "offline" : alert.priority),
      make("span", { class: "priority" }, say(alert.priority)),
      alert.drill ? make("strong", { class: "drill" }, say("drill")) : null,
      make("span", { class: "title" }, inLanguage(alert, "title")),
      alert.count > 1 ? make("span", { class: "times" }, say("times", { count: alert.count })) : null);
    const guidance = inLanguage(alert, "guidance");
    const card = make("li", { class: `alert ${alert.priority} ${alert.state} ${isHeld(alert) ? "held" : ""}`, id: `alert-${alert.alert_id}` },
      title, this.#facts(alert), this.#marks(alert), guidance && this.#guidance(alert, guidance), this.#actions(alert),
      this.#options.mayTake() ? this.#deeds.panel(alert) : null);
    card.addEventListener("mouseenter", () => this.#options.show(alert.site_id));
    card.addEventListener("focusin", () => this.#options.show(alert.site_id));
    return card;
  }

  #facts(alert) {
    const today = this.#options.clock();
    const raised = momentOf(new Date(alert.raised_at), today);
    const detected = momentOf(new Date(alert.detected_at), today);
    const when = alert.late ? say("lateNote", { raised, detected }) : say("raisedAt", { time: raised });
    const facts = [this.#options.nameOf(alert.site_id), alert.device_id, measured(alert)].filter(Boolean);
    return make("p", { class: "facts" }, make("span", { class: "where" }, facts.join(" · ")), " · ",
      make("time", { datetime: alert.raised_at, class: alert.late ? "late" : null }, when), " · ",
      make("span", { class: "ago" }, this.#ago(alert)));
  }

  /** Say what is known of it beyond its state, where there is anything. */
  #marks(alert) {
    const marks = [
      alert.hidden ? say("hiddenHere", { count: alert.hidden }) : null,
      alert.chattering ? say("chattering") : null,
      alert.assigned_to ? say("assignedTo", { to: alert.assigned_to }) : null,
      alert.verdict ? say(`verdict_${alert.verdict}`) : null,
      alert.fire_brigade ? say("handedOver", { reference: alert.fire_brigade.reference }) : null,
    ].filter(Boolean);
    return marks.length ? make("p", { class: "marks" }, ...marks.map((text) => make("span", {}, text))) : null;
  }

  /** Say in which state it is; of what is put aside also by whom, until when and why. */
  #state(alert) {
    if (!isHeld(alert)) return say(alert.state, { officer: alert.acknowledged_by });
    const { officer, until, reason } = alert.hold ?? {};
    const ends = until ? say("until", { time: momentOf(new Date(until), this.#options.clock()) }) : null;
    return [say(alert.state), officer, ends, reason].filter(Boolean).join(" · ");
  }

  #guidance(alert, text) {
    const urgent = !isTaken(alert) && !isHeld(alert) && (alert.priority === "critical" || alert.priority === "high");
    return make("details", { class: "guidance", open: urgent ? "" : null },
      make("summary", {}, say("guidance")), make("p", {}, text));
  }

  #actions(alert) {
    const answer = make("span", { class: "answer", role: "status" });
    const row = make("p", { class: "actions" }, make("span", { class: "state" }, this.#state(alert)), answer);
    if (!isTaken(alert) && !isHeld(alert)) {
      const button = make("button", { type: "button" }, say("acknowledge"));
      button.disabled = !this.#options.mayTake();
      button.title = button.disabled ? say("needOfficer") : "";
      button.addEventListener("click", () => this.#take(alert, button, answer));
      row.append(button);
    }
    return row;
  }

  async #take(alert, button, answer) {
    button.disabled = true;
    answer.textContent = say("acknowledging");
    const key = this.#keys.get(alert.alert_id) ?? randomKey();
    this.#keys.set(alert.alert_id, key);
    try {
      this.#options.taken(await acknowledge(alert.alert_id, key));
    } catch (error) {
      const message = error instanceof Refusal ? error.message : say("noAnswer");
      answer.textContent = say("failed", { message });
      button.disabled = error instanceof Refusal && error.status === 409;
    }
  }

  #ago(alert) {
    const seconds = Math.max(0, (this.#options.clock() - new Date(alert.raised_at)) / 1000);
    return seconds < 5 ? say("now") : say("ago", { span: spanOf(seconds) });
  }

  #forgetExcept(shown) {
    const kept = new Set(shown.map((alert) => alert.alert_id));
    this.#deeds.forgetExcept(kept);
    for (const known of [this.#cards, this.#keys]) {
      for (const id of known.keys()) if (!kept.has(id)) known.delete(id);
    }
  }
}

function measured({ value, unit, limit }) {
  return value === null || limit === null ? null : say("valueLimit", { value, unit: unit ?? "", limit });
}

function note(id, shown, text) {
  find(id).hidden = !shown;
  find(id).textContent = text;
}

function keepFocus(change) {
  const focused = document.activeElement;
  change();
  if (focused?.isConnected) focused.focus({ preventScroll: true });
}
