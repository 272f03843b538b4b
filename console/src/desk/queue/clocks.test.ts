import { describe, expect, it } from "vitest";

import { sample } from "../sample";
import { clocksOf, runningClock, runningTime } from "./clocks";

const chains = {
  critical: [
    { after_s: 0, to: "on_duty", channels: [], repeat_every_s: 60, until: "acknowledged" as const },
    {
      after_s: 60,
      to: "supervisors",
      channels: [],
      repeat_every_s: 120,
      until: "acknowledged" as const,
    },
    {
      after_s: 300,
      to: "supervisors",
      channels: [],
      repeat_every_s: null,
      until: "verified" as const,
    },
  ],
};
const after = (seconds: number): Date => new Date(Date.UTC(2026, 4, 1, 0, 0, seconds));

describe("the running clock", () => {
  it("counts since detection, towards the step that leaves the desk", () => {
    expect(runningClock(sample(), chains, after(59))).toMatchObject({
      step: "acknowledged",
      seconds: 59,
      target: 60,
      over: false,
    });
  });

  it("is over its target a moment after it", () => {
    expect(runningClock(sample(), chains, after(60))?.over).toBe(false);
    expect(runningClock(sample(), chains, after(61))?.over).toBe(true);
  });

  it("goes on to the verdict once a fire has been taken", () => {
    const taken = sample({
      state: "acknowledged",
      acknowledged_at: "2026-05-01T00:00:40Z",
      life_safety: true,
    });

    expect(runningClock(taken, chains, after(90))).toMatchObject({ step: "verified", target: 300 });
  });

  it("has no target where no desk answers", () => {
    expect(runningClock(sample({ desk_id: "" }), undefined, after(9999))).toBeNull();
  });
});

it("stops at what was done, and keeps saying that it was too late", () => {
  const late = sample({ state: "acknowledged", acknowledged_at: "2026-05-01T00:02:00Z" });
  const [clock] = clocksOf(late, chains, after(9999));

  expect(clock).toMatchObject({ step: "acknowledged", seconds: 120, done: true, over: true });
});

it("expects nothing more of an alert that is over", () => {
  const over = sample({ state: "normal", cleared_at: "2026-05-01T00:05:00Z" });

  expect(clocksOf(over, chains, after(9999)).map(({ step }) => step)).toEqual(["cleared"]);
});

it.each([
  [7, "0:07"],
  [187, "3:07"],
  [3787, "1:03:07"],
  [-5, "0:00"],
])("reads %d seconds as %s", (seconds, expected) => {
  expect(runningTime(seconds)).toBe(expected);
});
