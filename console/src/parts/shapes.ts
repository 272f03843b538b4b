// Each priority has a shape of its own, so that nobody depends on its colour.

export type Mark = "critical" | "high" | "medium" | "low" | "offline" | "normal";

/** Paths for a viewBox of -12 -12 24 24. */
export const SHAPES: Record<Mark, string> = {
  critical: "M0-10 10 0 0 10-10 0Z",
  high: "M0-9 9.5 8-9.5 8Z",
  medium: "M-7.5-7.5h15v15h-15Z",
  low: "M0-7a7 7 0 1 0 .01 0Z",
  offline: "M-6-8 0-2 6-8 8-6 2 0 8 6 6 8 0 2-6 8-8 6-2 0-8-6Z",
  normal: "M0-4.5a4.5 4.5 0 1 0 .01 0Z",
};
