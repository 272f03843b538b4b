import { describe, expect, it } from "vitest";

import type { Alert } from "@/live/board";
import { language } from "@/words/words";

import { differencesOf } from "./differing";
import type { RuleDocument, Shown } from "./document";
import { faultyField } from "./faults";
import { namesFrom, numbersOf, parsed, withLimit } from "./fields";
import { conditionOf, type Names, termsOf } from "./inWords";
import { byNeed, EVERYTHING, fits, linesOf } from "./listing";
import { bucketName, loadOverTime } from "./loadChart";
import {
  busyBuckets,
  changesByDay,
  loadBars,
  loadBuckets,
  type Outcome,
  withAdvice,
} from "./outcome";

const NAMES: Names = {
  metric: (id) => ({ pressure_mpa: "压力" })[id] ?? id,
  unit: (id) => ({ pressure_mpa: "MPa" })[id] ?? "",
  profile: (id) => id,
  domain: (id) => id,
  rule: (id) => id,
};

const rule = (said: Record<string, unknown>): RuleDocument => ({
  rule_id: "water-low",
  kind: "threshold",
  priority: "high",
  title_zh: "水压低",
  title_en: "Pressure low",
  guidance_zh: "查",
  guidance_en: "Look",
  owner: "维保",
  meaning: "低",
  consequence: "无水",
  latching: false,
  life_safety: false,
  domains: [],
  profiles: [],
  ...said,
});

const WATER = rule({
  metric: "pressure_mpa",
  below: { limit: 0.14, clear_at: 0.15 },
  above: null,
  on_delay_s: 60,
  off_delay_s: 0,
});

const shown = (rule_id: string, said: Partial<Shown> = {}): Shown => ({
  rule_id,
  status: "active",
  version: 1,
  rule: rule({ rule_id, profiles: ["hydrant"] }),
  source: "shipped",
  author: null,
  approved_by: null,
  approved_at: null,
  shipped_version: 1,
  draft: null,
  retired: null,
  ...said,
});

const load = (average: number, peak: number, ...peaks: number[]) => ({
  alerts: 1,
  average,
  peak,
  flooded_pct: 0,
  bucket_s: 600,
  peaks,
});

const example = (raised_at: string) => ({ raised_at }) as Outcome["added"][number];

const shanghai = (at: Date) => new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 10);

describe("a rule in words", () => {
  it("says limit, clear value, unit and priority of a threshold", () => {
    expect(conditionOf(WATER, NAMES)).toEqual([
      "压力低于 0.14 MPa（重要）；回升到 0.15 MPa 以上算恢复。",
    ]);
  });

  it("says the same in English", () => {
    language.value = "en";
    expect(conditionOf(WATER, NAMES)).toEqual([
      "压力 under 0.14 MPa (high); good again over 0.15 MPa.",
    ]);
  });

  it("says every level of a side with a priority of its own", () => {
    const levels = [
      { limit: 70, clear_at: 65, priority: "medium" },
      { limit: 90, clear_at: 85, priority: "critical" },
    ];
    const said = conditionOf(rule({ metric: "t", above: levels }), NAMES);
    expect(said).toHaveLength(2);
    expect(said[1]).toContain("90（紧急）");
  });

  it.each([
    ["event", { event: "arc" }, "故障电弧"],
    [
      "rate",
      { metric: "pressure_mpa", window_s: 300, falling: { limit: 0.05, clear_at: 0.01 } },
      "0.01 MPa/min",
    ],
    [
      "change",
      { metric: "pressure_mpa", window_s: 3600, rising: { limit: 10, clear_at: 4 } },
      "60 分钟",
    ],
    ["stuck", { metric: "pressure_mpa", stuck_s: 3600, tolerance: 0, min_samples: 60 }, "60 个值"],
    ["implausible", { metric: "pressure_mpa", doubtful: 4, of: 6 }, "最近 6 个"],
    ["offline", { cause: "gateway" }, "网关"],
    [
      "baseline",
      { metric: "pressure_mpa", side: "above", sigmas: 8, spread_floor: 0.5 },
      "0.5 MPa",
    ],
    ["expression", { when: "a > 1", clear_when: "a < 0" }, "a > 1"],
    ["geofence", { bad: "inside", site_kinds: ["restricted_area"] }, "restricted_area"],
    [
      "route",
      { limit_m: 50, back_m: 30, serious_after_s: 900, serious_priority: "medium" },
      "50 米",
    ],
    ["load_speed", { loaded: { limit: 45, clear_at: 38 } }, "45 km/h"],
    ["hours", { allowed: [{ from: "22:00", to: "06:00" }] }, "22:00–06:00"],
    ["forbidden", { act: "lift", except_kinds: ["dump_site"] }, "消纳场"],
    ["correlation", { at_least: 2, of: ["fire-event"], within_s: 300 }, "2 个以上"],
    ["correlation", { first: ["a"], ["then" as string]: ["b"], within_s: 300 }, "又触发 b"],
    ["correlation", { first: ["a"], without: ["b"], after_s: 30 }, "30 秒"],
  ])("has a sentence for the kind %s that holds its figures", (kind, said, expected) => {
    const sentences = conditionOf(rule({ kind, ...said }), NAMES).join("\n");
    expect(sentences).toContain(expected);
    expect(sentences).not.toMatch(/undefined|NaN|\{/);
  });

  it("says delays, latching and that a guard of lives is never put aside", () => {
    const guard = rule({ on_delay_s: 60, latching: true, life_safety: true, hides: ["x"] });
    expect(termsOf(guard, NAMES)).toEqual([
      "异常持续 60 秒 才报警。",
      "适用于所有能报告该量的设备。",
      "原因消失后仍保留，直到有人确认。",
      "生命安全：不可搁置、抑制、折叠或降级。",
      "报警期间抑制其后设备的：x。",
    ]);
  });
});

describe("the difference of two wordings", () => {
  it("names the field within a limit", () => {
    const after = { ...WATER, below: { limit: 0.12, clear_at: 0.15 } };
    expect(differencesOf(WATER, after)).toEqual([
      { path: "below.limit", before: "0.14", after: "0.12" },
    ]);
  });

  it("is nothing where only the version and the review differ", () => {
    const after = { ...WATER, version: 7, reviewed_by: "wang", status: "draft" };
    expect(differencesOf(WATER, after)).toEqual([]);
  });

  it("holds what is left out and what is empty to be the same", () => {
    expect(differencesOf(rule({ hides: [] }), rule({}))).toEqual([]);
  });

  it("tells what was added and what was taken away", () => {
    const found = differencesOf(rule({ profiles: ["a"] }), rule({ domains: ["fire"] }));
    expect(found).toEqual([
      { path: "domains", before: null, after: "fire" },
      { path: "profiles", before: "a", after: null },
    ]);
  });

  it("compares levels one by one", () => {
    const before = rule({ above: [{ limit: 1, clear_at: 0 }] });
    const after = rule({
      above: [
        { limit: 2, clear_at: 0 },
        { limit: 3, clear_at: 1 },
      ],
    });
    expect(differencesOf(before, after).map(({ path }) => path)).toEqual([
      "above.1.limit",
      "above.2",
    ]);
  });
});

describe("the field a refusal names", () => {
  it.each([
    ["Rule x cannot be accepted: Expected `float` >= 0.0 - at `$.on_delay_s`", "on_delay_s"],
    ["Object missing required field `limit` - at `$.below`", "below"],
    ["Object missing required field `limit` - at `$.below.limit`", "below"],
    ["`below` must clear over its limit", "below"],
    ["The new version would lower the priority.", null],
  ])("is found in: %s", (sentence, expected) => {
    expect(faultyField(sentence, Object.keys(WATER))).toBe(expected);
  });
});

describe("the form", () => {
  it("changes one level and leaves the others and the original alone", () => {
    const before = rule({
      above: [
        { limit: 70, clear_at: 65, priority: "medium" },
        { limit: 90, clear_at: 85, priority: "high" },
      ],
    });
    const after = withLimit(before, "above", 1, { clear_at: 80 });
    expect(after["above"]).toEqual([
      { limit: 70, clear_at: 65, priority: "medium" },
      { limit: 90, clear_at: 80, priority: "high" },
    ]);
    expect((before["above"] as { clear_at: number }[])[1]?.clear_at).toBe(85);
  });

  it("offers the numbers a rule has and no others", () => {
    expect(numbersOf(WATER)).toEqual(["on_delay_s", "off_delay_s"]);
  });

  it("reads names between any kind of comma", () => {
    expect(namesFrom(" a, b，c、 d ")).toEqual(["a", "b", "c", "d"]);
  });

  it("says why a text is no document", () => {
    expect(parsed("{")).toHaveProperty("trouble");
    expect(parsed("[1]")).toEqual({ trouble: "" });
    expect(parsed('{"rule_id": "a"}')).toEqual({ rule_id: "a" });
  });
});

describe("the list", () => {
  const draft = { version: 2, rule: WATER, author: "li", written_at: "2026-05-01T00:00:00Z" };
  const waiting = shown("b", { draft: { ...draft, approved_by: null, approved_at: null } });
  const lines = linesOf({
    rules: [shown("a"), waiting],
    domainOf: () => "fire",
    open: [{ rule_id: "a" }, { rule_id: "a" }] as Alert[],
    actors: [
      { rule_id: "a", shown: 3, chattering: 1, acted: 0 },
      { rule_id: "a", shown: 4, chattering: 0, acted: 2 },
    ],
  });

  it("counts open alerts and adds up the noise of a rule's sources", () => {
    expect(lines[0]).toMatchObject({ open: 2, shown: 7, chattering: 1, acted: 2 });
    expect(lines[1]).toMatchObject({ open: 0, shown: 0 });
  });

  it("puts what waits for a review first", () => {
    expect(lines.toSorted(byNeed).map(({ rule: { rule_id } }) => rule_id)).toEqual(["b", "a"]);
  });

  it("finds rules in force with a draft when drafts are looked for", () => {
    const found = lines.filter((line) => fits(line, { ...EVERYTHING, status: "draft" }));
    expect(found.map(({ rule: { rule_id } }) => rule_id)).toEqual(["b"]);
  });

  it("knows the domain by the device kinds", () => {
    expect(lines.every((line) => fits(line, { ...EVERYTHING, domain: "fire" }))).toBe(true);
    expect(lines.some((line) => fits(line, { ...EVERYTHING, domain: "truck" }))).toBe(false);
  });
});

describe("the outcome of a replay", () => {
  const outcome = {
    start: "2026-05-01T00:00:00Z",
    end: "2026-05-03T00:00:00Z",
    load: { before: load(0.2, 9, 9, 0, 0), after: load(0.3, 12, 12, 0, 1), others: "" },
    added: [example("2026-04-30T23:00:00Z"), example("2026-05-01T17:00:00Z")],
    removed: [example("2026-05-02T01:00:00Z")],
  } as unknown as Outcome;

  it("says which figure would be over what an operator can bear", () => {
    expect(loadBars(outcome).map(({ figure, isOver }) => [figure, isOver])).toEqual([
      ["average", false],
      ["peak", true],
      ["flooded_pct", false],
    ]);
  });

  it("says for each ten minutes what there was before and after, and leaves out the quiet ones", () => {
    const buckets = loadBuckets(outcome);
    expect(buckets.map(({ before, after }) => [before, after])).toEqual([
      [9, 12],
      [0, 0],
      [0, 1],
    ]);
    expect(busyBuckets(buckets).map(bucketName)).toEqual(["05-01 08:00", "05-01 08:20"]);
  });

  it("is drawn before above after, on one scale that holds the line of a flood", () => {
    const { series, yAxis, grid } = loadOverTime(loadBuckets(outcome));
    expect((series as { data: number[] }[]).map(({ data }) => data)).toEqual([
      [9, 0, 0],
      [12, 0, 1],
    ]);
    expect((yAxis as { max: number }[]).map(({ max }) => max)).toEqual([12, 12]);
    expect(grid).toHaveLength(2);
  });

  it("counts by local day, quiet days included", () => {
    expect(changesByDay(outcome, shanghai)).toEqual([
      { day: "2026-05-01", added: 1, removed: 0 },
      { day: "2026-05-02", added: 1, removed: 1 },
    ]);
  });

  it("takes over limits and delays of a suggestion and nothing else", () => {
    const advised = rule({
      title_zh: "别的",
      on_delay_s: 120,
      below: { limit: 0.14, clear_at: 0.16 },
    });
    const taken = withAdvice(WATER, advised);
    expect(taken["on_delay_s"]).toBe(120);
    expect(taken["below"]).toEqual({ limit: 0.14, clear_at: 0.16 });
    expect(taken.title_zh).toBe("水压低");
  });
});
