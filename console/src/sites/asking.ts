// What the rooms of sites and devices ask the api for.

import { api, asked, everyPage, type Schemas } from "@/api/client";

import { coarser, type Resolution } from "./history";
import type { Span } from "./ranges";

export type Hit = Schemas["Hit"];
export type Hits = Schemas["Hits"];
export type Place = Schemas["PlaceShown"];
export type Site = Schemas["Site"];
export type Device = Schemas["DeviceShown"];
export type Profile = Omit<Schemas["Profile"], "ranges" | "mapping">;
export type Metric = Schemas["Metric"];
export type Latest = Schemas["Latest"];
export type History = Schemas["History"];

const POINTS_AT_MOST = 10_000;
const HISTORY_OF_ALERTS = 200;

const remembered = new Map<string, Promise<unknown>>();

/** Ask once per page for what hardly ever changes; a refusal is asked again. */
function once<T>(key: string, ask: () => Promise<T>): Promise<T> {
  const known = (remembered.get(key) as Promise<T> | undefined) ?? ask();
  remembered.set(key, known);
  known.catch(() => remembered.delete(key));
  return known;
}

export const metrics = (): Promise<Map<string, Metric>> =>
  once("metrics", async () => {
    const { items } = await asked(api.GET("/api/v1/metrics-catalogue"));
    return new Map(items.map((metric) => [metric.name, metric]));
  });

export const profiles = (): Promise<Map<string, Profile>> =>
  once("profiles", async () => {
    const { items } = await asked(api.GET("/api/v1/profiles"));
    return new Map(items.map((profile) => [profile.profile_id, profile]));
  });

/** Return every place of the grid, by code: what is in it changes, so it is asked each time. */
export async function places(): Promise<Place[]> {
  return (await asked(api.GET("/api/v1/places"))).items;
}

export const site = (site_id: string): Promise<Site> =>
  asked(api.GET("/api/v1/sites/{site_id}", { params: { path: { site_id } } }));

export const device = (device_id: string): Promise<Device> =>
  asked(api.GET("/api/v1/devices/{device_id}", { params: { path: { device_id } } }));

export const devicesOf = (siteId: string): Promise<Device[]> =>
  everyPage((cursor) =>
    asked(
      api.GET("/api/v1/devices", {
        params: { query: { site: siteId, limit: 1000, ...(cursor && { cursor }) } },
      }),
    ),
  );

export const newestOfSite = (siteId: string): Promise<Latest[]> =>
  everyPage((cursor) =>
    asked(
      api.GET("/api/v1/latest", {
        params: { query: { site_id: siteId, limit: 1000, ...(cursor && { cursor }) } },
      }),
    ),
  );

export async function newestOf(device_id: string): Promise<Latest[]> {
  const path = { path: { device_id } };
  return (await asked(api.GET("/api/v1/devices/{device_id}/latest", { params: path }))).items;
}

export const written = ({ from, to }: Span) => ({
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
});

/** Return what the history is at a resolution, or at the first coarser one that still has it. */
export async function history(
  device_id: string,
  metric: string,
  span: Span,
  resolution: Resolution,
): Promise<History> {
  const query = { metric, resolution, limit: POINTS_AT_MOST, ...written(span) };
  const params = { path: { device_id }, query };
  const found = await asked(api.GET("/api/v1/devices/{device_id}/history", { params }));
  const next = coarser(resolution);
  return found.points.length === 0 && next ? history(device_id, metric, span, next) : found;
}

/** Return the alerts of one place or device, newest first, the open and the past. */
export async function alertsOf(
  where: { device_id: string } | { site_id: string },
  span: Span,
): Promise<Schemas["AlertShown"][]> {
  const query = { ...where, ...written(span), state: ["all" as const], limit: HISTORY_OF_ALERTS };
  return (await asked(api.GET("/api/v1/alerts", { params: { query } }))).items;
}

export async function eventsOf(device_id: string, span: Span): Promise<Schemas["DeviceEvent"][]> {
  const params = { path: { device_id }, query: { ...written(span), limit: 2000 } };
  return (await asked(api.GET("/api/v1/devices/{device_id}/events", { params }))).items;
}

export async function positionsOf(device_id: string, span: Span): Promise<Schemas["Fix"][]> {
  const params = { path: { device_id }, query: { ...written(span), limit: POINTS_AT_MOST } };
  return (await asked(api.GET("/api/v1/devices/{device_id}/positions", { params }))).items;
}

/** Return the rules in force; null while the alert engine does not answer. */
export const rules = (): Promise<Schemas["RuleShown"][] | null> =>
  once("rules", async () => (await asked(api.GET("/api/v1/rules"))).items).catch(() => null);
