// Charts of a replay: the load on an operator beside what can be borne, over the time as well, and
// what changed by day.

import type { EChartsOption } from "@/parts/charts";

import { axis, label, legend } from "@/parts/axes";
import { inField } from "@/words/instants";

import { type DayOfChange, FLOOD, type LoadBar, type LoadBucket } from "./outcome";
import { say } from "./words";

/** Draw one figure of the load before and after, with its target as a line. */
export function loadChart({ figure, before, after, target }: LoadBar): EChartsOption {
  return {
    grid: { left: 8, right: 48, top: 30, bottom: 8, outerBoundsMode: "same" },
    title: {
      text: `${say(figure)} · ${say("target")} ≤ ${target}`,
      textStyle: { ...label(), fontSize: 12, fontWeight: "normal" },
    },
    legend: { show: false },
    xAxis: {
      ...axis(),
      type: "value",
      min: 0,
      max: Math.max(before, after, target) * 1.1,
      show: false,
    },
    yAxis: { ...axis(), type: "category", inverse: true, data: [say("before"), say("after")] },
    series: [
      {
        type: "bar",
        barMaxWidth: 22,
        data: [before, after],
        label: { ...label(), show: true, position: "right" },
        markLine: { symbol: "none", label: { show: false }, data: [{ xAxis: target }] },
      },
    ],
  };
}

/** Return when a bucket begins, by the clock of Shanghai: `05-01 08:10`. */
export const bucketName = ({ at }: LoadBucket): string => inField(at).slice(5).replace("T", " ");

const SIDES = ["before", "after"] as const;

/**
 * Draw the load over the time, before above after on the same scale: told apart by where they stand
 * and what stands over them, not by their colour.
 */
export function loadOverTime(buckets: readonly LoadBucket[]): EChartsOption {
  const names = buckets.map(bucketName);
  const highest = Math.max(FLOOD + 2, ...buckets.flatMap(({ before, after }) => [before, after]));
  return {
    legend: { show: false },
    title: SIDES.map((side, place) => ({
      text: say(side),
      top: place ? "47%" : 0,
      textStyle: { ...label(), fontSize: 12, fontWeight: "normal" as const },
    })),
    grid: SIDES.map((_, place) => ({
      left: 40,
      right: 24,
      top: place ? "56%" : "9%",
      height: "30%",
    })),
    axisPointer: { link: [{ xAxisIndex: "all" }] },
    dataZoom: [{ type: "slider", xAxisIndex: [0, 1], height: 18, bottom: 4, showDetail: false }],
    xAxis: SIDES.map((_, gridIndex) => ({
      ...axis(),
      type: "category" as const,
      gridIndex,
      data: names,
    })),
    yAxis: SIDES.map((_, gridIndex) => ({
      ...axis(),
      type: "value" as const,
      gridIndex,
      minInterval: 1,
      max: highest,
    })),
    series: SIDES.map((side, place) => ({
      type: "bar" as const,
      name: say(side),
      xAxisIndex: place,
      yAxisIndex: place,
      data: buckets.map((bucket) => bucket[side]),
      markLine: {
        symbol: "none",
        label: { ...label(), formatter: String(FLOOD), position: "end" as const },
        lineStyle: { color: label().color, type: "dashed" as const, width: 2 },
        data: [{ yAxis: FLOOD }],
      },
    })),
  };
}

/** Draw how many alerts were added and removed on each day. */
export function changeChart(days: readonly DayOfChange[]): EChartsOption {
  return {
    legend: legend(),
    xAxis: { ...axis(), type: "category", data: days.map(({ day }) => day.slice(5)) },
    yAxis: { ...axis(), type: "value", minInterval: 1 },
    series: [
      { type: "bar", name: say("added"), data: days.map(({ added }) => added) },
      { type: "bar", name: say("removed"), data: days.map(({ removed }) => -removed) },
    ],
  };
}
