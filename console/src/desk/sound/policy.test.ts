import { describe, expect, it } from "vitest";

import { sample } from "../sample";
import { isDrillTone, patternFor, patternOf, soundState } from "./policy";

describe("what is to be heard", () => {
  it.each([
    ["a fire, until somebody takes it", { life_safety: true }, "fire"],
    [
      "a fire whose detector has reset itself",
      { life_safety: true, state: "returned_unacknowledged" },
      "fire",
    ],
    ["nothing of a fire that somebody has", { life_safety: true, state: "acknowledged" }, null],
    ["another pattern for what is critical", {}, "critical"],
    ["nothing of what is critical and has returned", { state: "returned_unacknowledged" }, null],
    ["nothing of what is not critical", { priority: "high" }, null],
    ["nothing of what is put aside", { state: "suppressed" }, null],
    ["no siren for a drill", { life_safety: true, drill: true }, null],
  ] as const)("%s", (_name, said, expected) => {
    expect(patternOf(sample(said))).toBe(expected);
  });

  it("is the fire, whatever else there is", () => {
    const fire = sample({ life_safety: true });

    expect(patternFor([sample(), fire, sample()])).toBe("fire");
    expect(patternFor([sample(), sample({ priority: "low" })])).toBe("critical");
    expect(patternFor([])).toBeNull();
  });

  it("is one short tone when a drill is raised, and none for what follows", () => {
    expect(isDrillTone(sample({ drill: true }))).toBe(true);
    expect(isDrillTone(sample({ drill: true, transition: "notified" }))).toBe(false);
    expect(isDrillTone(sample())).toBe(false);
  });
});

it.each([
  [false, "running", "off"],
  [true, "suspended", "blocked"],
  [true, "running", "on"],
  [true, null, "missing"],
] as const)(
  "a sound that is wanted %s in a context that is %s is %s",
  (wanted, context, expected) => {
    expect(soundState(wanted, context)).toBe(expected);
  },
);
