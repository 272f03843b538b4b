// What an officer does with an alert beside taking it: a remark, a verdict, putting it aside.

import { isHeld } from "./desk.js";
import { make } from "./elements.js";
import { order, randomKey, Refusal } from "./server.js";
import { say } from "./words.js";

const SHELF_MINUTES = [30, 120, 480];
const VERDICTS = ["real", "false", "test"];

export class Deeds {
  #panels = new Map(); // alert id -> { alert, element, text, answer, minutes, buttons, attempt }
  #moved;

  /** `moved(alert)` is told what became of the alert. */
  constructor(moved) {
    this.#moved = moved;
  }

  /** Return the panel of an alert: the same one after each transition, with what was being written. */
  panel(alert) {
    const panel = this.#panels.get(alert.alert_id) ?? this.#build(alert);
    panel.alert = alert;
    this.#offer(panel);
    return panel.element;
  }

  /** Forget the panels of all but these alerts; without any, all of them. */
  forgetExcept(ids = new Set()) {
    for (const id of this.#panels.keys()) if (!ids.has(id)) this.#panels.delete(id);
  }

  #build(alert) {
    const text = make("input", { maxlength: 500, placeholder: say("remark"), "aria-label": say("remark") });
    const minutes = make("select", { "aria-label": say("shelve") },
      ...SHELF_MINUTES.map((count) => make("option", { value: count }, say("minutes", { count }))));
    const answer = make("span", { class: "answer", role: "status" });
    const buttons = make("span", { class: "buttons" });
    const element = make("details", { class: "deeds" }, make("summary", {}, say("deeds")), text, buttons, answer);
    const panel = { alert, element, text, answer, minutes, buttons, attempt: null };
    this.#panels.set(alert.alert_id, panel);
    return panel;
  }

  /** Offer what may be done in the alert's state; what lives depend on is never put aside. */
  #offer(panel) {
    const { alert, minutes, buttons } = panel;
    const shelved = alert.state === "shelved";
    const offered = [this.#button(panel, "comment", (text) => ({ path: "comments", body: { text } }))];
    if (alert.life_safety) {
      offered.push(...VERDICTS.filter((verdict) => verdict !== alert.verdict).map((verdict) =>
        this.#button(panel, `verdict_${verdict}`, (text) => ({ path: "verification", body: { verdict, text: text || null } }), false)));
    } else if (shelved) {
      offered.push(this.#button(panel, "unshelve", (reason) => ({ method: "DELETE", path: "shelf", query: { reason } })));
    } else if (!isHeld(alert)) {
      offered.push(minutes, this.#button(panel, "shelve", (reason) =>
        ({ path: "shelf", body: { minutes: Number(minutes.value), reason } })));
    }
    buttons.replaceChildren(...offered);
  }

  #button(panel, word, wanted, needsText = true) {
    const button = make("button", { type: "button", class: "quiet" }, say(word));
    button.addEventListener("click", () => {
      const text = panel.text.value.trim();
      if (needsText && !text) panel.answer.textContent = say("needRemark");
      else this.#send(panel, wanted(text));
    });
    return button;
  }

  async #send(panel, wanted) {
    const said = JSON.stringify(wanted);
    if (panel.attempt?.said !== said) panel.attempt = { said, key: randomKey() };
    panel.answer.textContent = say("sending");
    try {
      const moved = await order(panel.alert.alert_id, wanted, panel.attempt.key);
      panel.attempt = null;
      panel.text.value = panel.answer.textContent = "";
      this.#moved(moved);
    } catch (error) {
      panel.answer.textContent = say("failed", { message: error instanceof Refusal ? error.message : say("noAnswer") });
    }
  }
}
