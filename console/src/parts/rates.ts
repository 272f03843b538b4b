// Figures as people read them: shares, counts and sizes; what is not known is said to be unknown.

import { say } from "@/words/common";

const whole = new Intl.NumberFormat("en-US");

/** Return a share of 0 to 1 as per cent, never rounded up to 100 while something is missing. */
export function percentOf(rate: number | null | undefined, digits = 1): string {
  if (rate === null || rate === undefined) return say("unknown");
  const factor = 10 ** digits;
  const shown = rate < 1 ? Math.floor(rate * 100 * factor) / factor : 100;
  return `${shown.toFixed(digits)} %`;
}

/** Return a count with its thousands set apart. */
export const countOf = (count: number | null | undefined): string =>
  count === null || count === undefined ? say("unknown") : whole.format(count);

/** Return a figure with at most two digits behind the point. */
export const figureOf = (value: number | null | undefined): string =>
  value === null || value === undefined
    ? say("unknown")
    : whole.format(Number(value.toPrecision(Math.abs(value) < 100 ? 3 : 6)));

/** Return bytes in the largest unit that leaves a figure of 1 or more. */
export function bytesOf(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined) return say("unknown");
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const step = bytes < 1024 ? 0 : Math.min(4, Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1024 ** step).toFixed(step ? 1 : 0)} ${units[step]}`;
}
