import { expect, it } from "vitest";

import { type Check, openCheck, secondsLeft } from "./checks";

const NOW = new Date("2026-05-01T00:00:00Z");

const check = (said: Partial<Check> = {}): Check => ({
  check_id: "c",
  desk_id: "fire",
  asked_at: "2026-04-30T23:59:00Z",
  until: "2026-05-01T00:04:00Z",
  by: null,
  answers: [{ name: "li", reachable: true, answered_at: null }],
  closed_at: null,
  ...said,
});

it("asks whoever has not answered, the most urgent check first", () => {
  const sooner = check({ check_id: "sooner", until: "2026-05-01T00:01:00Z" });

  expect(openCheck([check(), sooner], "li", NOW)?.check_id).toBe("sooner");
  expect(secondsLeft(sooner, NOW)).toBe(60);
});

it.each([
  ["somebody else", check(), "wang"],
  [
    "who has answered",
    check({ answers: [{ name: "li", reachable: true, answered_at: "x" }] }),
    "li",
  ],
  ["when it is closed", check({ closed_at: "2026-05-01T00:00:00Z" }), "li"],
  ["when the time is over", check({ until: "2026-05-01T00:00:00Z" }), "li"],
])("does not ask %s", (_name, one, username) => {
  expect(openCheck([one], username, NOW)).toBeNull();
});
