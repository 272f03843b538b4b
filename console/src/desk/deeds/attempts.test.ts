import { describe, expect, it } from "vitest";

import { Refusal } from "@/api/client";

import { once } from "./attempts";

/** Send each attempt under its key: answer with the errors first, then with "done". */
function line(...errors: Error[]) {
  const keys: string[] = [];
  const send = async (key: string) => {
    keys.push(key);
    const error = errors.shift();
    if (error) throw error;
    return "done";
  };
  return { keys, send };
}

const same = (keys: string[]): boolean => new Set(keys).size === 1;

describe("one deed", () => {
  it.each([
    ["a broken line", new TypeError("network")],
    ["an engine that does not answer", new Refusal(503, "unavailable", "")],
  ])("stays one after %s", async (_name, error) => {
    const { keys, send } = line(error);

    await expect(once("comment 1", "x", send)).rejects.toThrow(error);
    await once("comment 1", "x", send);

    expect(same(keys)).toBe(true);
  });

  it("is another one with other words", async () => {
    const { keys, send } = line(new TypeError("network"));

    await once("comment 2", "x", send).catch(() => null);
    await once("comment 2", "y", send);

    expect(same(keys)).toBe(false);
  });

  it("is another one once it has been answered, with yes or with no", async () => {
    const { keys, send } = line(new Refusal(409, "conflict", "taken"));

    await once("comment 3", "x", send).catch(() => null);
    await once("comment 3", "x", send);
    await once("comment 3", "x", send);

    expect(new Set(keys).size).toBe(3);
  });
});
