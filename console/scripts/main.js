// The page: signed out it is a form, signed in it is the wall.

import { AlertList } from "./alerts.js";
import { Desk } from "./desk.js";
import { find } from "./elements.js";
import { judgeFreshness } from "./freshness.js";
import { dateOf, spanOf, timeOfDay } from "./instants.js";
import { Live } from "./live.js";
import { CityMap } from "./map.js";
import { ask, Refusal, signIn, signOut } from "./server.js";
import { drawTiles } from "./tiles.js";
import { onSwitch, say, speak } from "./words.js";

const TICK_MS = 250;
const BOOKS_EVERY_MS = 5000;
const SITES_EVERY_MS = 60_000;
const RENEW_EVERY_MS = 3_600_000;

let me = null;
let live = null;
let city = null;
let books = null;
let seenAt = null; // the server's time of the last summary
let ahead = 0; // the server's clock minus ours, milliseconds
let timers = [];

const now = () => new Date(Date.now() + ahead);
const desk = new Desk();
const map = new CityMap(desk);
const alerts = new AlertList({
  desk,
  clock: now,
  mayTake: () => me !== null && me.role !== "viewer",
  nameOf: (siteId) => map.nameOf(siteId),
  show: (siteId) => map.show(siteId),
  taken: (alert) => news([alert]),
});

function takeCity(document) {
  city = document;
  seenAt = new Date(document.at);
  ahead = seenAt - Date.now();
  drawTiles(city, books);
  tick();
}

function news(changed) {
  for (const alert of changed) desk.take(alert);
  drawAlerts();
}

function drawAlerts() {
  alerts.render();
  map.render();
  document.title = desk.size ? `(${desk.size}) ${say("title")}` : say("title");
}

function tick() {
  find("time").textContent = timeOfDay(now());
  find("date").textContent = dateOf(now());
  live.checkPulse();
  judgeFreshness(live, city, seenAt);
  const age = live.isFresh ? (city?.newest_data_age_s ?? null) : null;
  find("age-value").textContent = age === null ? say("unknown") : spanOf(age);
}

async function lookAtBooks() {
  books = await ask("/ledger").catch(() => null);
}

async function lookAtSites() {
  try {
    const [sites, grids] = await Promise.all([ask("/sites.geojson"), ask("/grids?limit=1000")]);
    map.take(sites.features, grids.items.filter((cell) => cell.geometry));
    alerts.redraw();
  } catch {
    // the map stays as it was; asked again in a minute
  }
}

function redraw() {
  find("who").textContent = me ? me.full_name || me.username : "";
  map.drawLegend();
  alerts.redraw();
  if (city) drawTiles(city, books);
  if (live) tick();
}

function openWall() {
  find("entrance").hidden = true;
  find("wall").hidden = false;
  live = new Live({
    city: takeCity,
    alert: (alert) => news([alert]),
    alerts: (list) => { desk.replace(list); drawAlerts(); },
    signedOut: showEntrance,
  });
  redraw();
  live.run();
  lookAtBooks();
  lookAtSites();
  timers = [
    setInterval(tick, TICK_MS),
    setInterval(() => alerts.tick(), 5000),
    setInterval(lookAtBooks, BOOKS_EVERY_MS),
    setInterval(lookAtSites, SITES_EVERY_MS),
    setInterval(() => ask("/me").catch(() => null), RENEW_EVERY_MS),
  ];
}

function showEntrance() {
  timers.forEach(clearInterval);
  live?.stop();
  me = live = city = null;
  document.body.classList.remove("cut-off");
  find("wall").hidden = true;
  find("entrance").hidden = false;
  find("sign-in").elements.username.focus();
}

async function enter(event) {
  event.preventDefault();
  find("refusal").textContent = "";
  try {
    me = await signIn(new FormData(event.target));
    event.target.reset();
    openWall();
  } catch (error) {
    find("refusal").textContent = refusalOf(error);
  }
}

function refusalOf(error) {
  if (!(error instanceof Refusal)) return say("noAnswer");
  if (error.status === 429) return say("tooMany");
  return error.status === 401 ? say("wrong") : error.message;
}

async function leave() {
  await signOut().catch(() => null);
  showEntrance();
}

async function begin() {
  speak();
  onSwitch(redraw);
  find("sign-in").addEventListener("submit", enter);
  find("sign-out").addEventListener("click", leave);
  me = await ask("/me").catch(() => null);
  if (me) openWall();
  else showEntrance();
}

begin();
