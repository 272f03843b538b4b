// A metric's history as a chart: the line of readings or averages, the band from minimum to maximum
// around it, and as marks the limits, when an alert stood, and where nothing was heard.

import type { EChartsOption } from "@/parts/charts";
import { colour } from "@/theme";
import { inLanguage } from "@/words/words";
import { AHEAD_MS } from "@/words/instants";

import type { Curve, Limit, Pair, Point } from "./history";
import { extentOf } from "./history";
import { isState, unitOf, valueOf } from "./names";
import type { Span } from "./ranges";
import { say } from "./words";

/** Where the plot lies in its frame, pixels: the same here and where somebody drags across it. */
export const PLOT = { left: 62, right: 14, top: 26, bottom: 26 };

const LINE = "#56b4e9";

interface Shown {
  metric: string;
  unit: string;
  span: Span;
  points: readonly Point[];
  curve: Curve;
  gaps: readonly Span[];
  limits: readonly Limit[];
  periods: readonly Span[];
}

/** Return the chart of one metric. */
export function historyOption(shown: Shown): EChartsOption {
  const { metric, unit, span, points, limits } = shown;
  return {
    useUTC: true, // of instants moved to the clock of Shanghai, wherever the browser is
    grid: { ...PLOT, outerBoundsMode: "none" },
    legend: { show: false },
    tooltip: {
      trigger: "axis",
      renderMode: "richText",
      confine: true,
      valueFormatter: (value) =>
        typeof value === "number" ? `${valueOf(metric, value)} ${unitOf(unit)}` : "—",
    },
    xAxis: { type: "time", min: span.from + AHEAD_MS, max: span.to + AHEAD_MS, ...axis() },
    yAxis: {
      type: "value",
      scale: true,
      name: unitOf(unit),
      nameTextStyle: { color: colour("soft"), align: "right" },
      ...bounds(metric, points, limits),
      ...axis(),
    },
    series: [...band(local(shown.curve)), middle(shown), doubtful(local(shown.curve))],
  } as EChartsOption;
}

const inShanghai = (pairs: readonly Pair[]): Pair[] =>
  pairs.map(([at, value]) => [at + AHEAD_MS, value]);

const local = (curve: Curve): Curve => ({
  middle: inShanghai(curve.middle),
  low: inShanghai(curve.low),
  high: inShanghai(curve.high),
  doubtful: inShanghai(curve.doubtful),
});

const axis = () => ({
  axisLine: { lineStyle: { color: colour("line") } },
  axisLabel: { color: colour("soft"), hideOverlap: true },
  splitLine: { lineStyle: { color: colour("line"), opacity: 0.5 } },
});

/** Return the axis: a near limit is shown, a far one would flatten the line. */
function bounds(metric: string, points: readonly Point[], limits: readonly Limit[]) {
  if (isState(metric)) return { min: 0, max: 1, interval: 0.5 };
  const [low, high] = extentOf(points) ?? [0, 1];
  const room = Math.max(high - low, Math.abs(high) * 0.1);
  const near = limits.map(({ value }) => value).filter((v) => v > low - room && v < high + room);
  return near.length ? { min: Math.min(low, ...near), max: Math.max(high, ...near) } : {};
}

function middle({ metric, curve, gaps, limits, periods }: Shown) {
  return {
    name: curve.low.length ? say("average") : say("reading"),
    type: "line",
    data: inShanghai(curve.middle),
    step: isState(metric) ? "end" : false,
    showSymbol: curve.middle.length < 60,
    symbolSize: 4,
    connectNulls: false,
    itemStyle: { color: LINE },
    lineStyle: { width: 1.6, color: LINE },
    z: 3,
    markLine: {
      silent: true,
      symbol: "none",
      lineStyle: { color: colour("high"), type: "dashed" },
      label: { position: "insideEndTop", color: colour("high") },
      data: limits.map((limit) => ({ yAxis: limit.value, label: { formatter: named(limit) } })),
    },
    markArea: {
      silent: true,
      data: [
        ...gaps.map((gap) => area(gap, colour("faint"), 0.16)),
        ...periods.map((period) => area(period, colour("critical"), 0.2)),
      ],
    },
  };
}

const named = (limit: Limit): string =>
  `${inLanguage(limit, "title")} ${limit.side === "above" ? "≥" : "≤"} ${limit.value}`;

const area = ({ from, to }: Span, color: string, opacity: number) => [
  { xAxis: from + AHEAD_MS, itemStyle: { color, opacity } },
  { xAxis: to + AHEAD_MS },
];

/** Return two lines stacked on each other: the minimum, and up to the maximum filled. */
function band({ low, high }: Curve) {
  const line = { type: "line", stack: "band", stackStrategy: "all", symbol: "none", silent: true };
  const without = { lineStyle: { opacity: 0 }, tooltip: { show: false } };
  const height = high.map(([at, top], place): Pair => {
    const bottom = low[place]?.[1];
    return [at, top === null || typeof bottom !== "number" ? null : top - bottom];
  });
  return [
    { ...line, ...without, name: say("minimum"), data: low },
    {
      ...line,
      ...without,
      name: say("band"),
      data: height,
      areaStyle: { color: LINE, opacity: 0.28 },
    },
  ];
}

const doubtful = (curve: Curve) => ({
  name: say("uncertainReading"),
  type: "scatter",
  data: curve.doubtful,
  symbol: "triangle",
  symbolSize: 9,
  itemStyle: { color: "transparent", borderColor: colour("medium"), borderWidth: 2 },
  z: 4,
});
