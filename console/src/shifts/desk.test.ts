import { describe, expect, it } from "vitest";

import { faultyField } from "@/rules/faults";

import { type Around, doubtsOf, faultsOf, strangersIn } from "./deskDoubts";
import {
  decided,
  type Desk,
  freshDesk,
  minutesOf,
  secondsFrom,
  withChain,
  withNextStep,
} from "./deskDraft";

const desk = (said: Partial<Desk> = {}): Desk => ({
  ...freshDesk(),
  desk_id: "fire",
  name_zh: "消防",
  name_en: "Fire",
  scope: { ...freshDesk().scope, domains: ["fire"] },
  members: ["li"],
  supervisors: ["chen"],
  chains: { ...freshDesk().chains, low: [step({ after_s: 0 })] },
  ...said,
});
const step = (said: Partial<Desk["chains"][string][number]>) => ({
  after_s: 0,
  to: "on_duty",
  channels: [],
  repeat_every_s: null,
  until: "acknowledged" as const,
  ...said,
});
const EVERYTHING = { domains: [], districts: [], sites: [], grids: [] };
const room = desk({ desk_id: "room", scope: EVERYTHING });
const AROUND: Around = {
  others: [room],
  onDuty: [],
  people: ["li", "chen"],
  channels: ["wecom"],
};

describe("what the engine would refuse", () => {
  const faulty = (said: Partial<Desk>, others: Desk[] = [room]) =>
    faultsOf(desk(said), { others }).map(({ at }) => at);

  it("is nothing for a desk as it should be", () => {
    expect(faulty({})).toEqual([]);
  });

  it.each([
    ["an id with capitals", { desk_id: "Fire" }, ["desk_id"]],
    ["an id that is taken", { desk_id: "room" }, ["desk_id"]],
    ["no steps for what is critical", { chains: {} }, ["critical"]],
    ["planned checks without a time", { check: { at: [], minutes: 5 } }, ["check"]],
    [
      "steps that do not follow one another",
      { chains: { critical: [step({ after_s: 60 })], high: [step({}), step({})] } },
      ["high"],
    ],
  ] satisfies [string, Partial<Desk>, string[]][])("is %s", (_, said, expected) => {
    expect(faulty(said)).toEqual(expected);
  });

  it("is that nobody would answer for everything else", () => {
    expect(faulty({}, [])).toEqual(["domains"]);
    expect(faulty({ scope: EVERYTHING }, [])).toEqual([]);
  });

  it("is found at its field from the engine's sentence, however deep", () => {
    const sentence = "请求无法读取：`$.desk.check.at[0]` 的写法不对";
    expect(faultyField(sentence, ["check", "chains"])).toBe("check");
    expect(faultyField("`$.scope.districts[2]` 最多 64 个字", ["districts"])).toBe("districts");
  });
});

describe("what would leave nobody told", () => {
  const doubts = (said: Partial<Desk>, around: Partial<Around> = {}) =>
    doubtsOf(desk(said), { ...AROUND, ...around }).join("\n");

  it("is nothing where every step reaches somebody", () => {
    expect(doubts({})).toBe("");
  });

  it("is a step to supervisors where there are none", () => {
    expect(doubts({ supervisors: [] })).toContain("“紧急”第 2 步通知不到任何人：未指定值班长。");
  });

  it("is a step to whoever is on duty where nobody ever is, but not where supervisors are", () => {
    expect(doubts({ members: [], supervisors: [] })).toContain("“紧急”第 1 步通知不到任何人");
    expect(doubts({ members: [] })).toBe("");
  });

  it("is a priority without steps", () => {
    expect(doubts({ chains: withChain(desk().chains, "high", []) })).toBe(
      "“重要”报警没有升级步骤：只显示在页面上，不通知任何人。",
    );
  });

  it("is whoever has no way to be told, and the steps that tell only them", () => {
    const said = doubts({}, { people: ["li"] });
    expect(said).toContain("“紧急”第 2 步通知不到任何人：chen 没有通知方式。");
    expect(said).toContain("没有通知方式、收不到通知：chen。");
    expect(said).not.toContain("第 1 步");
  });

  it("counts whoever is on duty before the members, and a channel as somebody", () => {
    expect(doubts({}, { onDuty: ["zhao"] })).toContain("zhao 没有通知方式");
    const chains = withChain(desk().chains, "medium", [
      step({ to: "nobody", channels: ["wecom"] }),
    ]);
    expect(doubts({ chains })).toBe("没有通知方式、收不到通知：nobody。");
  });

  it("is everybody, said once, where there is no channel at all", () => {
    expect(doubts({}, { people: [], channels: [] })).toBe(
      "没有配置任何通知渠道：报警只显示在页面上，谁也收不到通知。",
    );
  });

  it("is a critical alert that is told once and never again", () => {
    expect(doubts({ chains: withChain(desk().chains, "critical", [step({})]) })).toBe(
      "“紧急”报警只通知一次，不再提醒：没有一步会重复。",
    );
  });

  it("is said as well of too few members and of two desks with one scope", () => {
    expect(doubts({ at_least: 2 })).toBe("成员只有 1 人，少于每班至少 2 人。");
    expect(doubts({ scope: EVERYTHING })).toBe("范围与席位 room 完全相同：每条报警只归其中一席。");
  });
});

describe("a scope", () => {
  const sites = [
    { site_id: "unit-1", district: "620171", grid_code: "6201710102" },
    { site_id: "unit-2", district: "620172", grid_code: null },
  ];
  const places = { districts: ["620171", "62"], sites: ["unit-2", "unit-3"] };
  const scope = { domains: ["fire"], ...places, grids: ["620171", "620172"] };

  it("has strangers where no site is; a cell holds all whose code begins with its own", () => {
    expect(strangersIn(scope, sites)).toEqual(["62", "unit-3", "620172"]);
  });

  it("that names strangers is said before it is saved", () => {
    expect(doubtsOf(desk(), { ...AROUND, strangers: ["62"] })).toEqual([
      "范围中没有登记单位的：62。编号写错时，报警会归其他席位。",
    ]);
  });
});

describe("a desk that is being written", () => {
  it("leaves out who is there just now", () => {
    expect(decided({ ...desk(), on_duty: ["li"] } as Desk)).toEqual(desk());
  });

  it("gets steps one later than the other, and loses a chain with its last step", () => {
    const chain = withNextStep(withNextStep([]));
    expect(chain.map(({ after_s, to }) => [after_s, to])).toEqual([
      [0, "on_duty"],
      [300, "supervisors"],
    ]);
    expect(withChain({ high: chain }, "high", [])).toEqual({});
  });

  it("counts in minutes on the page and in whole seconds for the engine", () => {
    expect([0.5, 3, NaN].map(secondsFrom)).toEqual([30, 180, null]);
    expect([30, 0, null].map(minutesOf)).toEqual([0.5, 0, ""]);
  });
});
