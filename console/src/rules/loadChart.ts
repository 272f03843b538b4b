// Charts of a replay: the load on an operator beside what can be borne, and what changed by day.

import type { EChartsOption } from "@/parts/charts";

import { axis, label, legend } from "@/parts/axes";

import type { DayOfChange, LoadBar } from "./outcome";
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
