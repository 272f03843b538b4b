// The kinds of rules.

import { phrases } from "@/words/words";

const say = phrases(
  {
    event: "设备信号",
    threshold: "阈值",
    rate: "变化速率",
    change: "变化幅度",
    stuck: "数值冻结",
    implausible: "数值不可信",
    offline: "离线",
    baseline: "异于历史",
    expression: "表达式",
    geofence: "电子围栏",
    route: "偏离线路",
    load_speed: "载重限速",
    hours: "时段",
    forbidden: "禁止行为",
    correlation: "关联",
  },
  {
    event: "signal",
    threshold: "threshold",
    rate: "rate",
    change: "change",
    stuck: "stuck",
    implausible: "implausible",
    offline: "offline",
    baseline: "unlike its past",
    expression: "expression",
    geofence: "geofence",
    route: "route",
    load_speed: "load & speed",
    hours: "hours",
    forbidden: "forbidden act",
    correlation: "correlation",
  },
);

export const KINDS = [
  "event",
  "threshold",
  "rate",
  "change",
  "stuck",
  "implausible",
  "offline",
  "baseline",
  "expression",
  "geofence",
  "route",
  "load_speed",
  "hours",
  "forbidden",
  "correlation",
] as const;

/** Return what a kind of rule is called; an unknown one by its own name. */
export function kindName(kind: string): string {
  const known = KINDS.find((each) => each === kind);
  return known ? say(known) : kind;
}
