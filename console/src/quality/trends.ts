// The charts of this room, from the figures as the api has them.

import type { Schemas } from "@/api/client";
import type { EChartsOption } from "@/parts/charts";
import { axis, label, legend } from "@/parts/axes";
import { domainName } from "@/parts/domains";

import { say } from "./words";

const FLOOD = 10; // more in ten minutes are one (ISA-18.2)
const SYMBOLS = ["circle", "rect", "triangle", "diamond", "pin"] as const;

export type DayRate = Schemas["PassRateOfDay"];

/** Return one row per source with its rate on each day; null where nothing was received. */
export function ratesByDay(days: readonly DayRate[]) {
  const dates = [...new Set(days.map(({ day }) => day))].toSorted();
  const sources = [...new Set(days.map(({ source }) => source))].toSorted();
  const rates = new Map(days.map(({ day, source, rate }) => [`${source} ${day}`, rate]));
  return {
    dates,
    sources: sources.map((source) => ({
      source,
      rates: dates.map((day) => rates.get(`${source} ${day}`) ?? null),
    })),
  };
}

/** Draw the pass rate of each source by day, with the line that is to be reached. */
export function passRateChart(days: readonly DayRate[], line: number): EChartsOption {
  const { dates, sources } = ratesByDay(days);
  const lowest = Math.min(line, ...sources.flatMap(({ rates }) => rates.filter((r) => r !== null)));
  return {
    legend: legend(),
    xAxis: { ...axis(), type: "category", data: dates.map((day) => day.slice(5)) },
    yAxis: {
      ...axis(),
      type: "value",
      min: Math.max(0, Math.floor((lowest - 0.01) * 20) / 20),
      max: 1,
      axisLabel: { ...label(), formatter: (rate: number) => `${Math.round(rate * 100)} %` },
    },
    series: sources.map(({ source, rates }, at) => ({
      type: "line" as const,
      name: domainName(source),
      data: rates,
      symbol: SYMBOLS[at % SYMBOLS.length] ?? "circle",
      symbolSize: 8,
      markLine: at === 0 ? lineAt(line, `${Math.round(line * 100)} %`) : {},
    })),
  };
}

export type LoadOfDesk = Schemas["Load"];

/** Draw what each desk was told per ten minutes; times without anything are no gap but nothing. */
export function loadChart(
  loads: readonly LoadOfDesk[],
  deskName: (id: string) => string,
): EChartsOption {
  const desks = [...new Set(loads.map(({ desk_id }) => desk_id))].toSorted();
  return {
    legend: legend(),
    xAxis: { ...axis(), type: "time" },
    yAxis: { ...axis(), type: "value", minInterval: 1, max: ({ max }) => Math.max(12, max) },
    series: desks.map((desk, at) => ({
      type: "bar" as const,
      name: deskName(desk),
      stack: "told",
      barMaxWidth: 6,
      barMinWidth: 2,
      data: loads.filter(({ desk_id }) => desk_id === desk).map((each) => [each.at, each.shown]),
      markLine: at === 0 ? lineAt(FLOOD, say("flood")) : {},
    })),
  };
}

const lineAt = (yAxis: number, formatter: string) => ({
  symbol: "none",
  label: { ...label(), formatter, position: "insideEndTop" as const },
  data: [{ yAxis }],
});

export type Verdict = "good" | "bearable" | "bad" | "noVerdict";

/** Return the word for the verdict on a figure. */
export function verdictOf({ verdict }: Pick<Schemas["Kpi"], "verdict">): Verdict {
  if (verdict === "manageable") return "bearable";
  return verdict ?? "noVerdict";
}
