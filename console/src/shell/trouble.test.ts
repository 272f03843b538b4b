import { describe, expect, it } from "vitest";

import type { City, Health } from "@/live/summary";

import { troubleOf } from "./trouble";

const UP: Health = { state: "up", age_s: 0.5, sentence: "Well.", sentence_zh: "正常。" };
const DOWN: Health = { state: "down", age_s: 9, sentence: "Silent.", sentence_zh: "无应答。" };

const city = (said: Partial<City>): City =>
  ({
    at: "2026-05-01T00:00:00Z",
    newest_data_age_s: 1,
    parts: { broker: UP, ingest: UP, alerts: UP, database: UP },
    ...said,
  }) as City;

const fresh = (said: Partial<City>) =>
  troubleOf({ city: city(said), isFresh: true, silentFor: 0.5 });

describe("what the page warns of", () => {
  it("is nothing while all is well", () => {
    expect(fresh({})).toBeNull();
  });

  it("is first of all that it is cut off, with the time at which it stopped", () => {
    const said = troubleOf({
      city: city({ newest_data_age_s: null }),
      isFresh: false,
      silentFor: 4.2,
    });

    expect(said).toMatchObject({ grave: true, title: "与服务器断开" });
    expect(said?.detail).toContain("08:00:00");
  });

  it("is a silent engine, in its own sentence", () => {
    const said = fresh({ parts: { broker: UP, ingest: UP, alerts: DOWN, database: UP } });

    expect(said).toMatchObject({ grave: true, title: "告警引擎中断" });
    expect(said?.detail).toContain("无应答。");
  });

  it("is old data, and data nobody knows the age of", () => {
    expect(fresh({ newest_data_age_s: 31 })?.title).toBe("数据陈旧");
    expect(fresh({ newest_data_age_s: null })?.title).toBe("没有设备数据");
    expect(fresh({ newest_data_age_s: 30 })).toBeNull();
  });
});
