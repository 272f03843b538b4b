// The search as it stands in the address: whoever opens the address sees the same list.

import type { LocationQuery } from "vue-router";

export const PAGE = 100; // rows

export const TYPES = ["site", "device"] as const;
export const DOMAINS = ["fire", "lighting", "truck", "environment", "utility"] as const;
export const STATES = [
  "alert",
  "critical",
  "high",
  "medium",
  "low",
  "offline",
  "out_of_service",
  "nothing",
] as const;

export interface Query {
  text: string;
  type: (typeof TYPES)[number] | "";
  domain: string;
  kind: string;
  place: string;
  state: (typeof STATES)[number] | "";
  order: "place" | "urgency";
  page: number;
}

const EMPTY: Query = {
  text: "",
  type: "",
  domain: "",
  kind: "",
  place: "",
  state: "",
  order: "place",
  page: 1,
};

/** Read the search out of an address; what cannot be meant is left out. */
export function queryIn(address: LocationQuery): Query {
  const said = (name: string): string => {
    const value = address[name];
    return typeof value === "string" ? value : "";
  };
  const one = <T extends string>(name: string, known: readonly T[]): T | "" =>
    known.find((word) => word === said(name)) ?? "";
  return {
    text: said("text").slice(0, 100),
    type: one("type", TYPES),
    domain: said("domain").slice(0, 64),
    kind: said("kind").slice(0, 64),
    place: /^(\d{3}){2,5}$/.test(said("place")) ? said("place") : "",
    state: one("state", STATES),
    order: one("order", ["urgency"]) || "place",
    page: Math.min(Math.max(Math.trunc(Number(said("page"))) || 1, 1), 10_000),
  };
}

/** Write it back without what goes without saying. */
export function addressOf(query: Query): Record<string, string> {
  const told = Object.entries(query).filter(
    ([name, value]) => value !== EMPTY[name as keyof Query],
  );
  return Object.fromEntries(told.map(([name, value]) => [name, String(value)]));
}

/** Change a filter: the list begins anew. */
export const narrowed = (query: Query, change: Partial<Query>): Query => ({
  ...query,
  page: 1,
  ...change,
});

/** Return what `GET /search` is asked for. */
export function searchFor({ text, type, domain, kind, place, state, order, page }: Query) {
  return {
    text,
    order,
    limit: PAGE,
    offset: (page - 1) * PAGE,
    ...(type && { type }),
    ...(domain && { domain }),
    ...(kind && { kind }),
    ...(place && { place }),
    ...(state && { state }),
  };
}
