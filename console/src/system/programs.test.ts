import { describe, expect, it } from "vitest";

import { type Heartbeat, ingestFigures, moodOf, sentenceOf } from "./programs";

const beat = (said: Partial<Heartbeat>): Heartbeat => ({
  program: "ingest",
  instance: "all",
  state: "running",
  said: "running",
  detail: null,
  at: "2026-05-01T00:00:00Z",
  age_s: 0.5,
  figures: {},
  ...said,
});

describe("a program", () => {
  it.each([
    ["running", "well"],
    ["degraded", "warning"],
    ["lost", "down"],
    ["never", "down"],
    ["something new", "warning"],
  ])("in the state %s is %s", (state, mood) => {
    expect(moodOf(beat({ state }))).toBe(mood);
  });

  it("that is degraded is quoted", () => {
    expect(sentenceOf(beat({ state: "degraded", detail: "Disk full." }))).toBe("Disk full.");
  });

  it("that is degraded says why in Chinese where its sentence is known", () => {
    const detail = "The database does not answer; history is not shown.";
    expect(sentenceOf(beat({ state: "degraded", detail }))).toBe(
      "数据库无应答，暂不显示历史数据。",
    );
  });

  it("that is silent is not quoted as if it spoke now", () => {
    expect(sentenceOf(beat({ state: "lost", said: "running" }))).toContain("“运行”");
    expect(sentenceOf(beat({ state: "lost", detail: "All well." }))).not.toContain("All well.");
  });
});

describe("the figures of ingest", () => {
  const figures = { rate_per_s: 10, spool_hours_left: 9, oldest_uncommitted_s: 0.2 };

  it("add up over shards; the budget is that of the poorest", () => {
    const other = { rate_per_s: 5, spool_hours_left: 4, oldest_uncommitted_s: 1 };
    const found = ingestFigures([beat({ figures }), beat({ instance: "b", figures: other })]);
    expect(found).toEqual({ rate: 15, budget_h: 4, lag_s: 1, in_flight: null, spooled: null });
  });

  it("are unknown once ingest is silent, however good they were", () => {
    expect(ingestFigures([beat({ state: "lost", figures })])).toBeNull();
    expect(ingestFigures([])).toBeNull();
  });
});
