import { describe, expect, it } from "vitest";

import { bytesOf, figureOf, percentOf } from "@/parts/rates";

import { type DayRate, loadChart, passRateChart, ratesByDay, verdictOf } from "./trends";

const day = (date: string, source: string, rate: number | null): DayRate => ({
  day: date,
  source,
  rate,
  received: 100,
  passed: Math.round((rate ?? 0) * 100),
});

const lowest = (chart: ReturnType<typeof passRateChart>) =>
  (chart.yAxis as { min: number; max: number }).min;

describe("the pass rate by day", () => {
  const days = [day("2026-05-02", "fire", 0.9), day("2026-05-01", "truck", 1)];

  it("has a place for every day in order, and nothing where nothing was received", () => {
    expect(ratesByDay(days)).toEqual({
      dates: ["2026-05-01", "2026-05-02"],
      sources: [
        { source: "fire", rates: [null, 0.9] },
        { source: "truck", rates: [1, null] },
      ],
    });
  });

  it("shows the line even where every source is far above or below it", () => {
    expect(lowest(passRateChart([day("2026-05-01", "fire", 1)], 0.95))).toBeLessThanOrEqual(0.95);
    expect(lowest(passRateChart([day("2026-05-01", "fire", 0.31)], 0.95))).toBeLessThanOrEqual(
      0.31,
    );
  });
});

describe("the load", () => {
  it("has a row of bars for each desk", () => {
    const at = "2026-05-01T00:00:00Z";
    const load = { at, shown: 3, folded: 0, held: 0, drill: 0 };
    const chart = loadChart(
      [
        { ...load, desk_id: "fire" },
        { ...load, desk_id: "city", shown: 1 },
      ],
      (id) => id,
    );
    const series = chart.series as { name: string; data: unknown[] }[];
    expect(series.map(({ name, data }) => [name, data])).toEqual([
      ["city", [[at, 1]]],
      ["fire", [[at, 3]]],
    ]);
  });
});

describe("a verdict", () => {
  it.each([
    ["good", "good"],
    ["manageable", "bearable"],
    ["bad", "bad"],
    [null, "noVerdict"],
  ] as const)("of %s has a word", (verdict, word) => {
    expect(verdictOf({ verdict })).toBe(word);
  });
});

describe("figures", () => {
  it("never round a share up to the whole", () => {
    expect(percentOf(0.99999)).toBe("99.9 %");
    expect(percentOf(1)).toBe("100.0 %");
    expect(percentOf(0.9499)).toBe("94.9 %");
  });

  it("say that what is not known is unknown", () => {
    expect(percentOf(null)).toBe("未知");
    expect(figureOf(undefined)).toBe("未知");
    expect(bytesOf(null)).toBe("未知");
  });

  it("show bytes in the largest unit that fits", () => {
    expect(bytesOf(1023)).toBe("1023 B");
    expect(bytesOf(1024)).toBe("1.0 KiB");
    expect(bytesOf(5 * 1024 ** 3)).toBe("5.0 GiB");
  });
});
