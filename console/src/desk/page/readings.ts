// Which part of a metric's history an alert is looked at in, and how it is drawn.

import type { Alert } from "@/live/board";
import type { EChartsOption } from "@/parts/charts";
import { timeOfDay } from "@/words/instants";

import { say } from "./words";

const BEFORE_MS = 30 * 60_000;
const AFTER_MS = 10 * 60_000;
const LONGEST_MS = 24 * 3_600_000;

export interface Span {
  from: string;
  to: string;
}

/** Return from when to when: 30 minutes before until 10 minutes after, a day at most, never beyond now. */
export function spanAround(alert: Alert, now: Date): Span {
  const raised = new Date(alert.raised_at).getTime();
  const from = raised - BEFORE_MS;
  const ended = new Date(alert.cleared_at ?? alert.returned_at ?? now).getTime();
  const to = Math.min(Math.max(raised, ended) + AFTER_MS, from + LONGEST_MS, now.getTime());
  return { from: iso(from), to: iso(Math.max(to, from + 60_000)) };
}

const iso = (at: number): string => new Date(at).toISOString();

export interface Reading {
  at: string;
  value: number;
}

interface Drawn {
  alert: Alert;
  metric: string;
  unit: string;
  points: readonly Reading[];
  span: Span;
  colours: { line: string; limit: string; mark: string; grid: string };
}

/** Return the chart: the metric, its limit, and when the alert was raised and over. */
export function chartOf({ alert, metric, unit, points, span, colours }: Drawn): EChartsOption {
  const isAbout = alert.subject === metric;
  const axisLabel = { color: colours.mark };
  const lines = { lineStyle: { color: colours.grid } };
  return {
    legend: { show: false },
    xAxis: {
      type: "time",
      min: span.from,
      max: span.to,
      axisLine: lines,
      axisLabel: {
        ...axisLabel,
        formatter: (at: number) => timeOfDay(new Date(at)).slice(0, 5),
        hideOverlap: true,
      },
    },
    yAxis: {
      type: "value",
      scale: true,
      name: unit,
      nameTextStyle: axisLabel,
      axisLabel,
      splitLine: lines,
    },
    tooltip: {
      trigger: "axis",
      axisPointer: { label: { formatter: ({ value }) => timeOfDay(new Date(Number(value))) } },
    },
    series: [
      {
        type: "line",
        name: metric,
        showSymbol: points.length < 80,
        symbolSize: 5,
        lineStyle: { width: 2, color: colours.line },
        itemStyle: { color: colours.line },
        data: points.map(({ at, value }) => [at, value]),
        markLine: {
          symbol: "none",
          silent: true,
          label: { color: colours.mark },
          data: [
            ...(isAbout && typeof alert.limit === "number"
              ? [limitLine(alert.limit, colours.limit)]
              : []),
            instantLine(alert.raised_at, say("markRaised"), colours.mark),
            ...over(alert).map((at) => instantLine(at, say("markCleared"), colours.mark)),
          ],
        },
      },
    ],
  };
}

const over = ({ cleared_at, returned_at }: Alert): string[] => {
  const at = returned_at ?? cleared_at;
  return at ? [at] : [];
};

const limitLine = (limit: number, color: string) => ({
  yAxis: limit,
  label: { formatter: `${say("limit")} ${limit}`, position: "insideEndTop" as const },
  lineStyle: { color, type: "dashed" as const, width: 2 },
});

const instantLine = (at: string, word: string, color: string) => ({
  xAxis: at,
  label: { formatter: word, position: "insideEndTop" as const, rotate: 0 },
  lineStyle: { color, type: "solid" as const, width: 1 },
});
