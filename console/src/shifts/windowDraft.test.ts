import { describe, expect, it } from "vitest";

import { language } from "@/words/words";

import { freshWindow, troubleOf, weeklyInWords, type WindowDraft, windowOf } from "./windowDraft";

const NOW = new Date("2026-05-01T16:30:00Z"); // already Saturday in Shanghai
const draft = (said: Partial<WindowDraft> = {}): WindowDraft => ({
  ...freshWindow(NOW),
  reason: "检修",
  sites: "unit-1",
  ...said,
});
const weekly = (said: Partial<WindowDraft> = {}) =>
  draft({ repeats: "weekly", days: [2], ...said });

describe("a window", () => {
  it("is once from now on unless somebody says otherwise", () => {
    expect(windowOf(draft())).toMatchObject({
      start: "2026-05-01T16:30:00.000Z",
      end: "2026-05-01T18:30:00.000Z",
      weekly: null,
      scope: { sites: ["unit-1"], devices: [] },
    });
  });

  it("comes weekly by the clock of Shanghai, without a start and an end", () => {
    const window = windowOf(weekly({ days: [4, 2], last: "2026-06-01" }));
    expect([window.start, window.end]).toEqual([null, null]);
    expect(window.weekly).toEqual({
      days: [2, 4],
      from: "02:00",
      to: "04:00",
      zone: "Asia/Shanghai",
      first: "2026-05-02",
      last: "2026-06-01",
    });
  });

  it("is never weekly when it is a drill", () => {
    expect(windowOf(weekly({ kind: "drill" })).weekly).toBeNull();
  });

  it.each([
    [draft({ sites: " , " }), "请至少填写一个范围"],
    [draft({ end: "2026-05-01T00:00" }), "结束必须晚于开始。"],
    [draft({ end: "" }), "结束必须晚于开始。"],
    [draft({ end: "2026-06-02T00:31" }), "检修窗口最长 31 天"],
    [draft({ kind: "drill", end: "2026-05-03T00:31" }), "演练最长 24 小时。"],
    [weekly({ days: [] }), "请至少选择星期中的一天。"],
    [weekly({ last: "2026-05-01" }), "末日不能早于首日。"],
  ])("%# is refused in a sentence", (wanted, sentence) => {
    expect(troubleOf(wanted)).toContain(sentence);
  });

  it.each([
    [draft({ end: "2026-06-02T00:30" })],
    [draft({ kind: "drill", end: "2026-05-03T00:30" })],
    [weekly({ end: "" })],
  ])("%# is in order", (wanted) => {
    expect(troubleOf(wanted)).toBe("");
  });
});

describe("weekly hours", () => {
  const said = (changes: Partial<WindowDraft> = {}) =>
    weeklyInWords(windowOf(weekly(changes)).weekly!);

  it("are said as people say them", () => {
    expect(said()).toBe("每周二 02:00–04:00，2026-05-02 起");
    expect(said({ days: [5, 1], last: "2026-06-01" })).toBe(
      "每周一、周五 02:00–04:00，2026-05-02 至 2026-06-01",
    );
    expect(said({ days: [1, 2, 3, 4, 5, 6, 7] })).toContain("每天 02:00");
  });

  it("go on into the next day", () => {
    expect(said({ from: "22:00", to: "06:00" })).toContain("22:00–次日 06:00");
    expect(said({ from: "08:00", to: "08:00" })).toContain("08:00–次日 08:00");
  });

  it("name a clock that is not Shanghai's", () => {
    const weekly = { ...windowOf(draft({ repeats: "weekly", days: [2] })).weekly!, zone: "UTC" };
    expect(weeklyInWords(weekly)).toContain("04:00 (UTC)");
  });

  it("are said in English", () => {
    language.value = "en";
    expect(said({ days: [2, 4] })).toBe("Every Tue, Thu 02:00–04:00, from 2026-05-02 on");
  });
});
