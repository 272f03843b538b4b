// The city as this page knows it: one live line, shared by every room.

import { computed, type ShallowRef, shallowRef, triggerRef } from "vue";

import { api, asked, everyPage } from "@/api/client";

import { type Alert, Board, byUrgency, isHeld } from "./board";
import type { City } from "./summary";
import { Line } from "./line";

const TICK_MS = 250;

const board = new Board();
const open = shallowRef(board.open);
const arrivals = new Set<(alert: Alert) => void>();
let line: Line | null = null;
let meanwhile: Alert[] | null = null; // what came while the list is being loaded
let ahead = 0; // the server's clock minus ours, milliseconds

/** The second's summary as the server sent it last; null before the first. */
export const city = shallowRef<City | null>(null);
/** The server's time, told four times a second. */
export const now = shallowRef(new Date());
/** Whether what is on the screen is what is. */
export const isFresh = shallowRef(false);
/** For how many seconds nothing was heard; Infinity before the first summary. */
export const silentFor = shallowRef(Infinity);
/** Whether the open alerts have been loaded once. */
export const isLoaded = shallowRef(false);

/** Every open alert, by id; one map for ever, so that only its ref tells of changes. */
export const openAlerts: Readonly<ShallowRef<ReadonlyMap<string, Alert>>> = open;
/** Every open alert, as a list that is new with each news of one. */
export const openList = computed(() => [...open.value.values()]);
/** The open alerts in the order of work; what is folded under another open one is left out. */
export const queue = computed(() =>
  openList.value
    .filter((alert) => !alert.folded_under || !open.value.has(alert.folded_under))
    .toSorted(byUrgency),
);
/** How many wait for somebody: everything open that is not put aside. */
export const toldCount = computed(() => openList.value.filter((alert) => !isHeld(alert)).length);

/** Take news of one alert: from the line, or from the answer to what this page has done. */
export function take(alert: Alert): void {
  meanwhile?.push(alert);
  if (!board.take(alert)) return;
  triggerRef(open);
  for (const tell of arrivals) tell(alert);
}

/** Call `tell` for each transition from now on; returns how to stop. */
export function onTransition(tell: (alert: Alert) => void): () => void {
  arrivals.add(tell);
  return () => arrivals.delete(tell);
}

/** Begin to listen; returns how to stop and forget everything. */
export function listen(): () => void {
  line = new Line({ city: takeCity, alert: (document) => take(JSON.parse(document)), reload });
  void line.run();
  const ticking = setInterval(tick, TICK_MS);
  return () => {
    clearInterval(ticking);
    line?.stop();
    line = null;
    forget();
  };
}

function takeCity(document: string): void {
  city.value = JSON.parse(document) as City;
  ahead = new Date(city.value.at).getTime() - Date.now();
  tick();
}

async function reload(): Promise<void> {
  const news: Alert[] = (meanwhile = []);
  try {
    board.replace(await everyPage(askOpen), news);
  } finally {
    meanwhile = null;
  }
  isLoaded.value = true;
  triggerRef(open);
}

const askOpen = (cursor: string | undefined) =>
  asked(
    api.GET("/api/v1/alerts", { params: { query: { limit: 1000, ...(cursor && { cursor }) } } }),
  );

function tick(): void {
  now.value = new Date(Date.now() + ahead);
  line?.checkPulse();
  isFresh.value = line?.isFresh ?? false;
  silentFor.value = line?.silentFor ?? Infinity;
}

function forget(): void {
  board.open.clear();
  city.value = null;
  isFresh.value = isLoaded.value = false;
  triggerRef(open);
}
