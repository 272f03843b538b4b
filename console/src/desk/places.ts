// The names of sites and desks, and who takes alerts: asked once, kept for the whole page.

import { computed, shallowRef } from "vue";

import { api, asked, everyPage, type Schemas } from "@/api/client";
import type { Alert } from "@/live/board";
import { may } from "@/session";
import { inLanguage } from "@/words/words";

export type Site = Schemas["Site"];
export type DeskShown = Schemas["DeskShown"];
export type Officer = Schemas["OfficerShown"];

const KEEP_MS = 300_000;
const DESKS_MS = 20_000;

export const sites = shallowRef<ReadonlyMap<string, Site>>(new Map());
export const desks = shallowRef<readonly DeskShown[]>([]);
export const officers = shallowRef<readonly Officer[]>([]);

const askedAt: Record<string, number> = {};

/** Ask for sites, desks and officers unless they are known and new enough; what fails stays as it was. */
export async function askPlaces(): Promise<void> {
  await Promise.all([
    keep("sites", KEEP_MS, async () => {
      const found = await everyPage((cursor) =>
        asked(
          api.GET("/api/v1/sites", {
            params: { query: { limit: 1000, ...(cursor && { cursor }) } },
          }),
        ),
      );
      sites.value = new Map(found.map((site) => [site.site_id, site]));
    }),
    keep("desks", DESKS_MS, askDesks),
    may("officer") && keep("officers", KEEP_MS, askOfficers),
  ]);
}

/** Ask for the desks anew: who is on duty, what has climbed beyond them. */
export async function askDesks(): Promise<void> {
  desks.value = (await asked(api.GET("/api/v1/desks"))).items;
}

async function askOfficers(): Promise<void> {
  officers.value = (await asked(api.GET("/api/v1/officers"))).items;
}

async function keep(name: string, forMs: number, ask: () => Promise<void>): Promise<void> {
  if (Date.now() - (askedAt[name] ?? -Infinity) < forMs) return;
  askedAt[name] = Date.now();
  await ask().catch(() => delete askedAt[name]);
}

/** Return a site's name, or its id while that is all we know. */
export const siteName = (siteId: string | null | undefined): string =>
  siteId ? (sites.value.get(siteId)?.name ?? siteId) : "";

/** Return where an alert is, in words: its site, else what it is about. */
export const placeOf = (alert: Alert): string => siteName(alert.site_id);

/** Return a desk's name in the page's language. */
export function deskName(deskId: string | null | undefined): string {
  const desk = desks.value.find((one) => one.desk_id === deskId);
  return desk
    ? inLanguage({ name_zh: desk.name_zh, name_en: desk.name_en }, "name")
    : (deskId ?? "");
}

/** Return an officer's full name with the sign-in name, where it is known. */
export function officerName(username: string): string {
  const full = officers.value.find((one) => one.username === username)?.full_name;
  return full ? `${full} (${username})` : username;
}

const chainsOfDesk = computed(
  () => new Map(desks.value.map((desk) => [desk.desk_id, desk.chains] as const)),
);

/** Return the chains of the desk that answers for an alert. */
export const chainsOf = (alert: Alert) => chainsOfDesk.value.get(alert.desk_id ?? "");
