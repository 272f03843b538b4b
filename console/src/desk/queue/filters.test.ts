import { describe, expect, it } from "vitest";

import { sample } from "../sample";
import { countsOf, EVERYTHING, isNarrow, matches, queryOf, readFilter } from "./filters";

const reader = { username: "li", placeOf: () => "第一中学 No. 1 School" };

describe("the filter in the address", () => {
  it("comes back as it was written", () => {
    const filter = {
      ...EVERYTHING,
      priorities: ["critical", "low"] as const,
      stages: ["waiting"] as const,
      site: "unit-1",
      text: "泵 房",
      mine: true,
    };

    expect(readFilter(queryOf(filter))).toEqual(filter);
  });

  it("leaves out what it does not understand", () => {
    expect(readFilter({ priority: "urgent,high", state: ["x"], mine: "yes" })).toEqual({
      ...EVERYTHING,
      priorities: ["high"],
    });
  });

  it("is empty, and narrows nothing, when nothing is chosen", () => {
    expect(queryOf(EVERYTHING)).toEqual({});
    expect(isNarrow(EVERYTHING)).toBe(false);
    expect(isNarrow({ ...EVERYTHING, folded: true })).toBe(false);
  });
});

describe("what a filter lets through", () => {
  it.each([
    ["everything", {}, {}, true],
    ["its priority", { priorities: ["critical"] as const }, {}, true],
    ["no other priority", { priorities: ["low"] as const }, {}, false],
    [
      "what has returned as still waiting",
      { stages: ["waiting"] as const },
      { state: "returned_unacknowledged" },
      true,
    ],
    [
      "nothing shelved among what waits",
      { stages: ["waiting"] as const },
      { state: "shelved" },
      false,
    ],
    ["another domain", { domain: "lighting" }, {}, false],
    ["another desk", { desk: "city" }, {}, false],
    ["words in the site's name, in any case", { text: "school no." }, {}, true],
    ["only all of the words", { text: "school 泵" }, {}, false],
    ["what is mine by assignment", { mine: true }, { assigned_to: "li" }, true],
    ["what is somebody else's", { mine: true }, { acknowledged_by: "wang" }, false],
  ] as const)("%s", (_name, filter, said, expected) => {
    expect(matches(sample(said), { ...EVERYTHING, ...filter }, reader)).toBe(expected);
  });
});

it("counts what stands on no line of its own", () => {
  const parent = {
    state: "suppressed",
    by: "parent",
    ref: "a",
    reason: "",
    until: null,
    officer: null,
  } as const;

  expect(
    countsOf([
      sample(),
      sample({ folded_under: "a" }),
      sample({ state: "acknowledged" }),
      sample({ state: "suppressed", hold: parent }),
    ]),
  ).toEqual({ open: 4, waiting: 2, held: 1, folded: 1, hidden: 1 });
});
