import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { api, Refusal } from "./api/client";
import { me, recall, unasked } from "./session";

const WALL = { username: "wall", role: "viewer", full_name: "" };
const NOBODY = new Refusal(401, "unauthenticated", "Sign in first.");
const NO_DATABASE = new Refusal(503, "unavailable", "The users are not known yet.");
const CUT_OFF = new TypeError("Failed to fetch");

/** Let the server answer so, one after the other. */
function answering(...answers: (typeof WALL | Error)[]) {
  const ask = async () => {
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return { data: answer };
  };
  return vi.spyOn(api, "GET").mockImplementation(ask as unknown as typeof api.GET);
}

describe("who is signed in", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    me.value = undefined;
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it("is known from the server's answer", async () => {
    answering(WALL, NOBODY);

    await recall();
    expect(me.value).toEqual(WALL);

    await recall();
    expect(me.value).toBeNull();
  });

  it.each([CUT_OFF, NO_DATABASE])("stays signed in while the server is away: %s", async (away) => {
    answering(WALL, away);
    await recall();

    await recall();

    expect(me.value).toEqual(WALL);
  });

  it("is asked again until the server has said it the first time", async () => {
    const asking = answering(CUT_OFF, NO_DATABASE, WALL);
    await recall();
    expect([me.value, unasked.value]).toEqual([undefined, CUT_OFF]);

    await vi.advanceTimersByTimeAsync(10_000);

    expect([me.value, unasked.value]).toEqual([WALL, null]);
    expect(asking).toHaveBeenCalledTimes(3);
  });
});
