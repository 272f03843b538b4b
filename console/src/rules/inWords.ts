// A rule as people say it: what is bad, for how long, for whom. Every figure comes from the document.

import { signalName, siteKindName } from "@/sites/names";
import { say as common } from "@/words/common";
import { spanOf } from "@/words/instants";
import { isChinese } from "@/words/words";

import { say } from "./conditionWords";
import { levelsOf, type Limit, namesIn, numberIn, type RuleDocument, textIn } from "./document";

/** What things are called; an unknown id is called by itself. */
export interface Names {
  metric: (id: string) => string;
  unit: (metric: string) => string;
  profile: (id: string) => string;
  domain: (id: string) => string;
  rule: (id: string) => string;
}

type Describe = (rule: RuleDocument, names: Names) => string[];

const KINDS: Record<string, Describe> = {
  event: (rule) => [
    say("event", { event: signalName(textIn(rule, "event")) }),
    ...(rule["when_late"] === "ignore" ? [say("eventIgnoredLate")] : []),
  ],
  threshold: (rule, names) => [
    ...levelsOf(rule["above"]).map((level) => threshold("above", rule, level, names)),
    ...levelsOf(rule["below"]).map((level) => threshold("below", rule, level, names)),
  ],
  rate: (rule, names) => movement(rule, names, "rising", "falling", "/min"),
  change: (rule, names) => movement(rule, names, "risen", "fallen", ""),
  stuck: (rule, names) => [
    say("stuck", {
      metric: metricOf(rule, names),
      span: span(rule, "stuck_s"),
      tolerance: numberIn(rule, "tolerance") ?? 0,
      count: numberIn(rule, "min_samples") ?? 10,
    }),
  ],
  implausible: (rule, names) => [
    say("implausible", {
      metric: metricOf(rule, names),
      doubtful: numberIn(rule, "doubtful") ?? 3,
      of: numberIn(rule, "of") ?? 5,
    }),
  ],
  offline: (rule) => [say(`offline_${textIn(rule, "cause") as "device"}`)],
  baseline: (rule, names) => [
    say(`baseline_${(textIn(rule, "side") || "both") as "both"}`, {
      metric: metricOf(rule, names),
      sigmas: numberIn(rule, "sigmas") ?? 6,
      floor: measured(numberIn(rule, "spread_floor"), unitOf(rule, names)),
    }),
  ],
  expression: (rule) => [
    say("expression", { when: textIn(rule, "when") }),
    ...(rule["clear_when"] ? [say("expressionClear", { when: textIn(rule, "clear_when") })] : []),
    say("expressionAge", { span: span(rule, "max_age_s", 300) }),
  ],
  geofence: (rule) => [
    say(`geofence_${textIn(rule, "bad") as "inside"}`, { places: placesOf(rule, "") }),
    say("edge", { buffer: numberIn(rule, "buffer_m") ?? 30 }),
  ],
  route: (rule) => [
    say("route", {
      limit: numberIn(rule, "limit_m") ?? 50,
      back: numberIn(rule, "back_m") ?? 30,
    }),
    ...(rule["serious_after_s"] ? [serious(rule)] : []),
  ],
  load_speed: (rule) =>
    (["loaded", "empty", "cover_open"] as const).flatMap((load) =>
      levelsOf(rule[load]).map(({ limit, clear_at: clear }) =>
        say(`speed_${load}`, { limit, clear }),
      ),
    ),
  hours: (rule) => [
    say(`hours_${(textIn(rule, "works") || "moving") as "moving"}`, {
      zone: textIn(rule, "zone") || "Asia/Shanghai",
    }),
    rule["allowed"]
      ? say("hoursAllowed", { spans: hoursOf(rule["allowed"]) })
      : say("hoursOfPermit", { attribute: textIn(rule, "attribute") || "approved_hours" }),
  ],
  forbidden: (rule) => [
    say(`forbidden_${textIn(rule, "act") as "lift"}`),
    say("except", { places: placesOf(rule, "except_") }),
  ],
  correlation: (rule, names) => [correlation(rule, names)],
};

/** Return what is bad under this rule, sentence by sentence. */
export function conditionOf(rule: RuleDocument, names: Names): string[] {
  return KINDS[rule.kind]?.(rule, names) ?? [say("other")];
}

/** Return everything else that decides when an alert begins and ends, and for whom the rule is. */
export function termsOf(rule: RuleDocument, names: Names): string[] {
  const hidden = namesIn(rule, "hides");
  const where = rule["hides_in"] === "site" ? "hides_site" : "hides_gateway";
  return [
    ...(numberIn(rule, "on_delay_s") ? [say("onDelay", { span: span(rule, "on_delay_s") })] : []),
    ...(numberIn(rule, "off_delay_s")
      ? [say("offDelay", { span: span(rule, "off_delay_s") })]
      : []),
    scopeOf(rule, names),
    ...(rule.latching ? [say("latching")] : []),
    ...(rule.life_safety ? [say("lifeSafety")] : []),
    ...(hidden.length ? [say(where, { rules: listed(hidden.map(names.rule)) })] : []),
  ];
}

/** Return names as a list in the page's language. */
export const listed = (names: readonly string[]): string => names.join(isChinese() ? "、" : ", ");

function threshold(side: "above" | "below", rule: RuleDocument, level: Limit, names: Names) {
  const unit = unitOf(rule, names);
  return say(side, {
    metric: metricOf(rule, names),
    limit: measured(level.limit, unit),
    clear: measured(level.clear_at, unit),
    priority: common(level.priority ?? rule.priority),
  });
}

type Movement = "rising" | "falling" | "risen" | "fallen";

function movement(rule: RuleDocument, names: Names, up: Movement, down: Movement, per: string) {
  const unit = unitOf(rule, names);
  const told = (phrase: Movement, side: unknown) =>
    levelsOf(side).map(({ limit, clear_at }) =>
      say(phrase, {
        metric: metricOf(rule, names),
        window: span(rule, "window_s"),
        limit: measured(limit, unit),
        clear: measured(clear_at, unit + per),
      }),
    );
  return [
    ...told(up, rule["rising"]),
    ...told(down, rule["falling"]),
    say("samples", { count: numberIn(rule, "min_samples") ?? 6 }),
  ];
}

function serious(rule: RuleDocument): string {
  const priority = (textIn(rule, "serious_priority") || rule.priority) as RuleDocument["priority"];
  return say("routeSerious", { span: span(rule, "serious_after_s"), priority: common(priority) });
}

function correlation(rule: RuleDocument, names: Names): string {
  const called = (field: string) => listed(namesIn(rule, field).map(names.rule));
  const within = span(rule, "within_s");
  if (rule["at_least"])
    return say("correlationMany", {
      within,
      count: numberIn(rule, "at_least") ?? 2,
      rules: called("of"),
    });
  const first = called("first");
  if (namesIn(rule, "then").length)
    return say("correlationBoth", { within, first, second: called("then") });
  return say("correlationWithout", {
    first,
    after: span(rule, "after_s"),
    without: called("without"),
  });
}

function scopeOf(rule: RuleDocument, names: Names): string {
  const chosen = [...rule.profiles.map(names.profile), ...rule.domains.map(names.domain)];
  return chosen.length ? say("scope", { names: listed(chosen) }) : say("scopeAll");
}

function placesOf(rule: RuleDocument, prefix: "" | "except_"): string {
  const kinds = namesIn(rule, prefix ? "except_kinds" : "site_kinds");
  const places = [...kinds.map(siteKindName), ...namesIn(rule, `${prefix}sites`)];
  if (!prefix && rule["area"]) places.push(say("area"));
  return listed(places.length ? places : [say("everywhere")]);
}

function hoursOf(allowed: unknown): string {
  const spans = Array.isArray(allowed) ? (allowed as { from: string; to: string }[]) : [];
  return listed(spans.map(({ from, to }) => `${from}–${to}`));
}

const metricOf = (rule: RuleDocument, names: Names) => names.metric(textIn(rule, "metric"));
const unitOf = (rule: RuleDocument, names: Names) => names.unit(textIn(rule, "metric"));
const span = (rule: RuleDocument, field: string, usual = 0) =>
  spanOf(numberIn(rule, field) ?? usual);

function measured(value: number | null, unit: string): string {
  if (value === null) return common("unknown");
  return unit && unit !== "1" ? `${value} ${unit}` : String(value);
}
