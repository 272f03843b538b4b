// The large figures. One that is not known is a dash and the word for it, never the last known.

import { find, icon, make } from "./elements.js";
import { spanOf, timeOfDay } from "./instants.js";
import { say } from "./words.js";

const PRIORITIES = ["critical", "high", "medium", "low"];
const PARTS = [["broker", "broker"], ["ingest", "ingest"], ["alerts", "engine"], ["database", "database"]];
const STATE_SHAPE = { up: "normal", degraded: "high", down: "offline" };
const OLD_AFTER_S = 30;

const number = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** Draw all tiles from the second's summary and the last look at the books. */
export function drawTiles(city, books) {
  find("tiles").replaceChildren(
    counted("units", city.units_online, city.units_total),
    counted("devices", city.devices_online, city.devices_total),
    openAlerts(city),
    rate(city),
    newest(city),
    accounts(books),
    parts(city.parts),
  );
}

function tile(key, classes, ...children) {
  return make("article", { class: `tile ${classes}`, id: `tile-${key}` }, make("h2", {}, say(key)), ...children);
}

const figure = (value, ...rest) => make("p", { class: "figure" }, make("strong", {}, known(value)), ...rest);
const known = (value) => (value === null || value === undefined ? "—" : number.format(value));
const small = (text) => make("p", { class: "small" }, text);

function counted(key, online, total) {
  if (total === null) return tile(key, "unknown", figure(null), small(say("unknown")));
  const share = total ? online / total : 0;
  const missing = total - online;
  return tile(key, missing ? "some-missing" : "",
    figure(online, make("span", { class: "total" }, say("of", { total: number.format(total) }))),
    make("meter", { min: 0, max: 1, value: share, "aria-label": say(key) }),
    missing ? make("p", { class: "small" }, icon("offline"), ` ${say("absent")} ${number.format(missing)}`) : small(say("normal")));
}

function openAlerts(city) {
  const rows = PRIORITIES.map((priority) =>
    make("li", { class: `${priority} ${city.open_alerts[priority] ? "some" : "none"}` }, icon(priority),
      make("strong", {}, number.format(city.open_alerts[priority])), make("span", {}, say(priority))));
  return tile("alerts", "wide", make("ul", { class: "priorities" }, ...rows),
    small([["unacknowledgedCount", city.unacknowledged], ["heldCount", city.held], ["foldedCount", city.folded],
      ["drillCount", city.drill]].filter(([word, count]) => count || word === "unacknowledgedCount")
      .map(([word, count]) => say(word, { count })).join(" · ")));
}

function rate(city) {
  const waiting = city.spooled
    ? say("spooled", { count: number.format(city.spooled), hours: city.spool_hours_left })
    : say("uncommitted", { seconds: city.oldest_uncommitted_s?.toFixed(1) ?? "—" });
  return tile("messages", city.messages_per_second === null ? "unknown" : "",
    figure(city.messages_per_second, make("span", { class: "total" }, say("perSecond"))), small(waiting));
}

function newest(city) {
  const age = city.newest_data_age_s;
  const classes = age === null ? "unknown" : age > OLD_AFTER_S ? "bad" : "";
  const text = age === null ? "—" : age < 10 ? say("seconds", { count: age.toFixed(1) }) : spanOf(age);
  return tile("newest", classes, make("p", { class: "figure" }, make("strong", {}, text)),
    small(age === null ? say("unknown") : say("seenAt", { time: timeOfDay(new Date(city.at) - age * 1000) })));
}

function accounts(books) {
  if (!books) return tile("books", "unknown wide", figure(null), small(say("booksUnknown")));
  const balanced = books.balance === 0;
  const verdict = balanced ? say("balanced") : say("unbalanced", { balance: number.format(books.balance) });
  const lines = [["received", books.received], ["stored", books.stored], ["duplicate", books.duplicate],
    ["quarantined", books.quarantined], ["inFlight", books.in_flight], ["missing", books.missing]];
  return tile("books", balanced ? "wide" : "wide bad",
    make("p", { class: "verdict" }, icon(balanced ? "normal" : "critical"), make("strong", {}, verdict)),
    make("dl", {}, ...lines.map(([key, value]) =>
      make("div", {}, make("dt", {}, say(key)), make("dd", {}, number.format(value))))));
}

function parts(health) {
  const rows = PARTS.map(([part, word]) => {
    const { state, sentence, sentence_zh } = health[part];
    return make("li", { class: state, title: document.documentElement.lang === "en" ? sentence : sentence_zh },
      icon(STATE_SHAPE[state]), make("span", {}, say(word)), make("strong", {}, say(state)));
  });
  return tile("parts", "", make("ul", { class: "parts" }, ...rows));
}
