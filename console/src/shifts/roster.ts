// The plan of a desk: by the clock of Shanghai, which has no summer time; nights cross midnight.

import { AHEAD_MS } from "@/words/instants";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Who is meant to be on duty from `start` until just before `end`; instants. */
export interface Shift {
  start: string;
  end: string;
  officers: string[];
}

export interface Span {
  start: string;
  end: string;
}

/** A part of a local day, from 0 (midnight) to 1, and who is on duty. */
export interface Segment {
  from: number;
  to: number;
  officers: string[];
  isDouble: boolean; // another shift covers some of it as well
}

const ms = (instant: string): number => new Date(instant).getTime();
const iso = (at: number): string => new Date(at).toISOString();

/** Return the local midnight with which a day like `2026-05-01` begins. */
export const midnight = (day: string): number => Date.parse(`${day}T00:00:00Z`) - AHEAD_MS;

/** Return the seven days, Monday first, of the week that a day belongs to. */
export function weekOf(day: string): string[] {
  const noon = Date.parse(`${day}T12:00:00Z`);
  const sinceMonday = (new Date(noon).getUTCDay() + 6) % 7;
  return Array.from({ length: 7 }, (_, at) => iso(noon + (at - sinceMonday) * DAY_MS).slice(0, 10));
}

/** Return the day so many days later. */
export const later = (day: string, days: number): string =>
  iso(Date.parse(`${day}T12:00:00Z`) + days * DAY_MS).slice(0, 10);

/** Return the span of a week: from its Monday's midnight to the next. */
export function spanOfWeek(day: string): Span {
  const monday = weekOf(day)[0] ?? day;
  return { start: iso(midnight(monday)), end: iso(midnight(monday) + 7 * DAY_MS) };
}

/** Say whether a shift has anything of a span. */
export const touches = (shift: Span, span: Span): boolean =>
  ms(shift.start) < ms(span.end) && ms(shift.end) > ms(span.start);

/** Return when nobody is planned within a span. */
export function gapsIn(shifts: readonly Shift[], span: Span): Span[] {
  const gaps: Span[] = [];
  let covered = ms(span.start);
  for (const shift of shifts.filter((each) => touches(each, span)).toSorted(byStart)) {
    if (ms(shift.start) > covered) gaps.push({ start: iso(covered), end: iso(ms(shift.start)) });
    covered = Math.max(covered, ms(shift.end));
  }
  if (covered < ms(span.end)) gaps.push({ start: iso(covered), end: iso(ms(span.end)) });
  return gaps;
}

/** Return when two shifts are planned at the same time. */
export function overlapsIn(shifts: readonly Shift[], span: Span): Span[] {
  const found: Span[] = [];
  const ordered = shifts.filter((each) => touches(each, span)).toSorted(byStart);
  ordered.forEach((shift, at) => {
    for (const other of ordered.slice(at + 1))
      if (ms(other.start) < ms(shift.end))
        found.push({
          start: iso(ms(other.start)),
          end: iso(Math.min(ms(shift.end), ms(other.end))),
        });
  });
  return found;
}

/** Return the shifts with fewer people than a desk needs. */
export const thinIn = (shifts: readonly Shift[], atLeast: number): Shift[] =>
  shifts.filter(({ officers }) => officers.length < atLeast);

/** Return what of a local day is covered by whom. */
export function segmentsOf(day: string, shifts: readonly Shift[]): Segment[] {
  const start = midnight(day);
  const span = { start: iso(start), end: iso(start + DAY_MS) };
  const share = (instant: string) => Math.min(1, Math.max(0, (ms(instant) - start) / DAY_MS));
  return shifts
    .filter((shift) => touches(shift, span))
    .toSorted(byStart)
    .map((shift, _, all) => ({
      from: share(shift.start),
      to: share(shift.end),
      officers: shift.officers,
      isDouble: all.some((other) => other !== shift && touches(other, shift)),
    }));
}

/** One kind of shift of a pattern: `from` to `to` by the clock; not after `from`: the next day. */
export interface PatternShift {
  from: string; // 08:00
  to: string;
  officers: string[];
}

/** Return the shifts of some days after a pattern. */
export function patterned(days: readonly string[], pattern: readonly PatternShift[]): Shift[] {
  return days.flatMap((day) =>
    pattern.map(({ from, to, officers }) => ({
      start: iso(midnight(day) + clock(from)),
      end: iso(midnight(day) + clock(to) + (to <= from ? DAY_MS : 0)),
      officers: [...officers],
    })),
  );
}

/** Return the whole plan with the shifts that begin in a week replaced. */
export function replaced(plan: readonly Shift[], span: Span, week: readonly Shift[]): Shift[] {
  const kept = plan.filter(({ start }) => ms(start) < ms(span.start) || ms(start) >= ms(span.end));
  return [...kept, ...week].toSorted(byStart);
}

/** Return the shifts that begin within a span. */
export const begunIn = (plan: readonly Shift[], { start, end }: Span): Shift[] =>
  plan.filter((shift) => ms(shift.start) >= ms(start) && ms(shift.start) < ms(end));

function clock(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * HOUR_MS + minutes * 60_000;
}

const byStart = (a: Span, b: Span): number => ms(a.start) - ms(b.start);
