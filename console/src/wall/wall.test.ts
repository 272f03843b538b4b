import { describe, expect, it } from "vitest";

import type { Alert } from "@/live/board";
import type { City } from "@/live/summary";

import { clocksOf, clockText } from "./clocks";
import { curvesOf, rowsOf, type Today } from "./days";
import { dangerToOffer } from "./mode";
import { tallyByDomain } from "./tallies";
import * as vitals from "./vitals";

const NOW = new Date("2026-05-01T00:01:05Z");

const alert = (said: Partial<Alert>): Alert =>
  ({
    alert_id: "a",
    priority: "critical",
    state: "unacknowledged",
    domain: "fire",
    detected_at: "2026-05-01T00:00:00Z",
    active: true,
    drill: false,
    ...said,
  }) as Alert;

const units = (total: number | null, online: number | null, unheard: number | null) =>
  vitals.counted("units", {
    units_total: total,
    units_online: online,
    units_unheard: unheard,
  } as City);

const passing = (today: number) =>
  vitals.quality({
    answer: { at: "", hours: [], figures: [{ figure: "pass_rate", today, yesterday: null }] },
    age: 0,
    limit: 60,
  });

describe("vital signs", () => {
  it("whose source is silent are unknown, never zero", () => {
    expect(units(null, null, null)).toMatchObject({ value: "—", health: "unknown" });
    expect(vitals.messages({ messages_per_second: null } as City).health).toBe("unknown");
    expect(vitals.newest({ newest_data_age_s: null } as City).health).toBe("unknown");
    expect(vitals.books({ answer: null, age: null, limit: 60 }).health).toBe("unknown");
  });

  it("say how many are absent, and that a tenth absent is bad", () => {
    expect(units(107, 107, 0)).toMatchObject({ note: "全部在线", health: "good" });
    expect(units(107, 105, 0)).toMatchObject({ value: "105", note: "离线 2 家", health: "watch" });
    expect(units(107, 90, 0).health).toBe("bad");
  });

  it("never call those offline of whom nothing was heard yet", () => {
    expect(units(107, 0, 107)).toMatchObject({ note: "尚未收到 107 家", health: "unknown" });
    expect(units(107, 100, 5)).toMatchObject({
      note: "离线 2 家 · 尚未收到 5 家",
      health: "watch",
    });
    expect(units(107, 50, 46)).toMatchObject({ health: "bad" });
  });

  it("say their age when they are older than they should be", () => {
    const books = {
      received: 5,
      stored: 3,
      duplicate: 1,
      quarantined: 1,
      in_flight: 0,
      balance: 0,
    };
    const fresh = vitals.books({ answer: books as never, age: 60, limit: 60 });
    const old = vitals.books({ answer: books as never, age: 61, limit: 60 });

    expect(fresh).toMatchObject({ value: "收支平衡", health: "good" });
    expect(old).toMatchObject({ health: "unknown", note: "61 秒前的数" });
  });

  it("put old data in the wrong and slow commits to be watched", () => {
    const said = { at: NOW.toISOString(), newest_data_age_s: 31 } as City;
    expect(vitals.newest(said).health).toBe("bad");
    expect(vitals.newest({ ...said, newest_data_age_s: 30 }).health).toBe("good");
    const slow = { messages_per_second: 5, oldest_uncommitted_s: 11, spooled: 0 } as City;
    expect(vitals.messages(slow).health).toBe("watch");
  });

  it("hold the pass rate against the line of 95 per cent", () => {
    expect(passing(0.95)).toMatchObject({ value: "95.00 %", health: "good" });
    expect(passing(0.9499)).toMatchObject({ value: "94.99 %", health: "bad" });
  });

  it("do not call it dark when no lamp should be lit", () => {
    const counts = { lit: 0, dark: 0, day_burning: 0, off: 9, unknown: 1 };
    expect(vitals.lamps({ answer: counts, age: 0, limit: 60 })).toMatchObject({
      value: "—",
      note: "未到亮灯时段",
    });
  });
});

describe("response clocks", () => {
  it("run for what is waited for, stand for what is done", () => {
    const clocks = clocksOf(
      alert({
        notified_at: "2026-05-01T00:00:02Z",
        acknowledged_at: "2026-05-01T00:00:41Z",
      }),
      NOW,
    );

    expect(clocks.slice(0, 4)).toEqual([
      { step: "notify", seconds: 2, state: "done" },
      { step: "acknowledge", seconds: 41, state: "done" },
      { step: "verify", seconds: 65, state: "waiting" },
      { step: "handOver", seconds: 65, state: "later" },
    ]);
  });

  it("never run backwards, whatever a clock says", () => {
    expect(clocksOf(alert({ notified_at: "2026-04-30T00:00:00Z" }), NOW)[0]?.seconds).toBe(0);
  });

  it.each([
    [0, "0:00"],
    [65, "1:05"],
    [3725, "1:02:05"],
  ])("show %i seconds as %s", (seconds, text) => {
    expect(clockText(seconds)).toBe(text);
  });
});

describe("emergency mode", () => {
  it("is offered for a danger that is there, not for a drill nor again once waved away", () => {
    const drill = alert({ alert_id: "drill", drill: true });
    const over = alert({ alert_id: "over", active: false });
    const fire = alert({ alert_id: "fire" });

    expect(dangerToOffer([drill, over], new Set())).toBeNull();
    expect(dangerToOffer([drill, fire], new Set())?.alert_id).toBe("fire");
    expect(dangerToOffer([fire], new Set(["fire"]))).toBeNull();
  });
});

it("alerts are counted by domain, the fullest first, without what is put aside", () => {
  const tallies = tallyByDomain([
    alert({ domain: "truck", priority: "low" }),
    alert({}),
    alert({ priority: "high" }),
    alert({ state: "shelved" }),
  ]);

  expect(tallies.map(({ domain, total }) => [domain, total])).toEqual([
    ["fire", 2],
    ["truck", 1],
  ]);
  expect(tallies[0]?.counts).toEqual({ critical: 1, high: 1, medium: 0, low: 0 });
});

describe("today beside yesterday", () => {
  const today: Today = {
    at: "2026-05-01T02:30:00Z", // 10:30 in Shanghai
    figures: [
      { figure: "alerts", today: 12, yesterday: 9 },
      { figure: "lighting_rate", today: null, yesterday: 0.981 },
    ],
    hours: Array.from({ length: 35 }, (_, hour) => ({
      at: new Date(Date.parse("2026-04-29T16:00:00Z") + hour * 3_600_000).toISOString(),
      alerts: hour,
      messages: 0,
    })),
  };

  it("says which way each figure went, and what is not known", () => {
    expect(rowsOf(today)).toEqual([
      { figure: "alerts", today: "12", yesterday: "9", change: "more" },
      { figure: "lighting_rate", today: "—", yesterday: "98.1 %", change: "unknown" },
    ]);
  });

  it("splits the hours at midnight in Shanghai and leaves the rest of today open", () => {
    const { today: now, yesterday } = curvesOf(today, "alerts");

    expect([yesterday[0], yesterday[23]]).toEqual([0, 23]);
    expect([now[0], now[10], now[11]]).toEqual([24, 34, null]);
  });
});
