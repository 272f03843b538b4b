import { describe, expect, it } from "vitest";

import type { Role } from "@/session";

import { sample } from "../sample";
import { deedOfKey, offeredDeeds, prioritiesFor } from "./deeds";

const as =
  (...roles: Role[]) =>
  (role: Role) =>
    roles.includes(role);
const officer = as("viewer", "officer");
const supervisor = as("viewer", "officer", "supervisor");
const names = (said: Parameters<typeof sample>[0], who = supervisor): string[] =>
  offeredDeeds(sample(said), who).map(({ name }) => name);

describe("what is offered", () => {
  it.each(["unacknowledged", "returned_unacknowledged", "acknowledged"] as const)(
    "never puts aside or lowers what is about lives (%s)",
    (state) => {
      const offered = names({ life_safety: true, state });

      expect(offered).not.toContain("shelve");
      expect(offered).not.toContain("take_out");
      expect(offered).not.toContain("prioritise");
    },
  );

  it("is nothing at all to a viewer", () => {
    expect(names({}, as("viewer"))).toEqual([]);
  });

  it("leaves what silences for good to supervisors", () => {
    expect(names({}, officer)).not.toContain("take_out");
    expect(names({}, officer)).not.toContain("prioritise");
    expect(names({})).toEqual(expect.arrayContaining(["take_out", "prioritise"]));
  });

  it("tells 119 of a real fire, once", () => {
    const told = { at: "", officer: "li", reference: "1", note: "" };

    expect(names({ life_safety: true })).not.toContain("fire_brigade");
    expect(names({ life_safety: true, verdict: "real" })).toContain("fire_brigade");
    expect(names({ life_safety: true, verdict: "real", fire_brigade: told })).not.toContain(
      "fire_brigade",
    );
  });

  it("still takes a remark and a verdict when it is over", () => {
    expect(names({ state: "normal", life_safety: true, verdict: "false" })).toEqual(
      expect.arrayContaining(["comment", "verify_real", "verify_test"]),
    );
    expect(names({ state: "normal" })).not.toContain("acknowledge");
  });
});

it("lets a key do only what may be done now", () => {
  expect(deedOfKey("s", sample(), officer)?.name).toBe("shelve");
  expect(deedOfKey("s", sample({ state: "shelved" }), officer)?.name).toBe("unshelve");
  expect(deedOfKey("s", sample({ life_safety: true }), officer)).toBeUndefined();
  expect(deedOfKey("a", sample({ state: "acknowledged" }), officer)).toBeUndefined();
});

it("raises what is about lives and never lowers it", () => {
  expect(prioritiesFor(sample({ priority: "high", life_safety: true }))).toEqual(["critical"]);
  expect(prioritiesFor(sample({ priority: "high" }))).toEqual(["critical", "medium", "low"]);
});
