// A metric's history as a chart shows it: at which resolution, and where nothing was heard.

import type { Schemas } from "@/api/client";

import type { Span } from "./ranges";

export type Resolution = Schemas["Resolution"];
/** A reading has `value` and `quality`, a bucket the others; the api leaves out what there is not. */
export type Point = { at: string } & Partial<Schemas["Point"]>;
export type Pair = [at: number, value: number | null];

const WIDTH_S: Record<Resolution, number> = { raw: 0, "1m": 60, "1h": 3600, "1d": 86_400 };
const ORDER: readonly Resolution[] = ["raw", "1m", "1h", "1d"];
const POINTS = 1500; // more than a screen has columns only costs time
const MISSED = 2.5; // reports: one may be lost or late, two in a row are a gap

/** Return the finest resolution that a chart of this span can show. */
export function resolutionFor({ from, to }: Span, intervalS: number): Resolution {
  const seconds = (to - from) / 1000;
  const fits = (one: Resolution) => seconds / Math.max(WIDTH_S[one], intervalS) <= POINTS;
  return ORDER.find(fits) ?? "1d";
}

/** Return the next coarser resolution, which is kept for longer; null after the coarsest. */
export const coarser = (resolution: Resolution): Resolution | null =>
  ORDER[ORDER.indexOf(resolution) + 1] ?? null;

/** Return after how many milliseconds between two points something is missing. */
export const gapAfter = (resolution: Resolution, intervalS: number): number =>
  1000 * Math.max(MISSED * intervalS, 1.5 * WIDTH_S[resolution]);

/** Find the stretches without data, before the first point and after the last one too. */
export function gapsOf(times: readonly number[], span: Span, longest: number): Span[] {
  const edges = [span.from, ...times, span.to];
  return edges.flatMap((to, place) => {
    const from = edges[place - 1];
    return from !== undefined && to - from > longest ? [{ from, to }] : [];
  });
}

export interface Curve {
  middle: Pair[]; // readings, or averages
  low: Pair[]; // minimum; empty for readings
  high: Pair[];
  doubtful: Pair[]; // readings of a quality that is not good
}

/** Lay points out as lines that break wherever something is missing. */
export function curveOf(points: readonly Point[], longest: number): Curve {
  const curve: Curve = { middle: [], low: [], high: [], doubtful: [] };
  let before = NaN;
  for (const point of points) {
    const at = new Date(point.at).getTime();
    if (at - before > longest) breakAt(curve, (at + before) / 2);
    add(curve, point, at);
    before = at;
  }
  return curve;
}

function breakAt(curve: Curve, at: number): void {
  for (const line of [curve.middle, curve.low, curve.high]) line.push([at, null]);
}

function add(curve: Curve, point: Point, at: number): void {
  curve.middle.push([at, point.average ?? point.value ?? null]);
  if ((point.quality ?? 0) >= 64) curve.doubtful.push([at, point.value ?? null]);
  if (point.minimum === undefined || point.minimum === null) return;
  curve.low.push([at, point.minimum]);
  curve.high.push([at, point.maximum ?? null]);
}

/** Return the least and the greatest value of all; null where there is none. */
export function extentOf(points: readonly Point[]): [number, number] | null {
  let low = Infinity;
  let high = -Infinity;
  for (const { minimum, maximum, value } of points) {
    low = Math.min(low, minimum ?? value ?? Infinity);
    high = Math.max(high, maximum ?? value ?? -Infinity);
  }
  return low <= high ? [low, high] : null;
}

/** A line of the table: a point, or that nothing was heard from then to then. */
export type Row = { point: Point } | { gap: Span };

/** Return points and gaps in the order of time. */
export function rowsOf(points: readonly Point[], gaps: readonly Span[]): Row[] {
  const rows: Row[] = [...points.map((point) => ({ point })), ...gaps.map((gap) => ({ gap }))];
  const instant = (row: Row) => ("gap" in row ? row.gap.from + 1 : Date.parse(row.point.at));
  return rows.toSorted((a, b) => instant(a) - instant(b));
}

export interface Limit {
  value: number;
  side: "above" | "below";
  title_zh: string;
  title_en: string;
}

interface Concerned {
  metric: string;
  profile: string;
  domain: string;
}

/** Return the limits that rules in force set for a metric of a device; equal ones once. */
export function limitsOf(rules: readonly Schemas["RuleShown"][], about: Concerned): Limit[] {
  const limits = rules.flatMap(({ rule }) => (rule && concerns(rule, about) ? limitsIn(rule) : []));
  const keys = new Map(limits.map((limit) => [`${limit.side} ${limit.value}`, limit]));
  return [...keys.values()];
}

type Document = Record<string, unknown>;

const covers = (list: unknown, name: string) =>
  !Array.isArray(list) || list.length === 0 || list.includes(name);

function concerns(rule: Document, { metric, profile, domain }: Concerned): boolean {
  return (
    rule["kind"] === "threshold" &&
    rule["metric"] === metric &&
    covers(rule["profiles"], profile) &&
    covers(rule["domains"], domain)
  );
}

function limitsIn(rule: Document): Limit[] {
  const titles = { title_zh: String(rule["title_zh"]), title_en: String(rule["title_en"]) };
  return (["above", "below"] as const).flatMap((side) =>
    [rule[side]].flat().flatMap((one) => {
      const value = (one as { limit?: unknown } | null | undefined)?.limit;
      return typeof value === "number" ? [{ value, side, ...titles }] : [];
    }),
  );
}
