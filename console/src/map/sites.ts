// The sites of the city, asked for once for every map and list of the page.

import { shallowRef, watch } from "vue";

import { api, asked } from "@/api/client";
import { me } from "@/session";

import type { MapSite } from "./marks";

const KEEP_MS = 300_000;
let askedAt = -Infinity;

export const siteById = shallowRef<ReadonlyMap<string, MapSite>>(new Map());

/** Ask for the sites unless they are known and new enough. */
export async function askSites(): Promise<void> {
  if (performance.now() - askedAt < KEEP_MS) return;
  askedAt = performance.now();
  try {
    const { sites } = await asked(api.GET("/api/v1/map/sites"));
    siteById.value = new Map(sites.map((site) => [site.site_id, site]));
  } catch {
    askedAt = -Infinity; // asked again with the next alert or look
  }
}

/** Return a site's name, or its id while that is all we know. */
export const siteName = (id: string | null | undefined): string =>
  id ? (siteById.value.get(id)?.name ?? id) : "";

watch(me, (person) => {
  if (person) return;
  siteById.value = new Map();
  askedAt = -Infinity;
});
