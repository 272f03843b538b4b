import { afterEach, describe, expect, it, vi } from "vitest";

import { api, Refusal } from "@/api/client";
import { language } from "@/words/words";

import { sample } from "../sample";
import { explain } from "./explaining";

const AT = "2026-05-01T00:01:02Z";
const TAKEN = sample({
  alert_id: "a-1",
  state: "acknowledged",
  acknowledged_by: "wang",
  acknowledged_at: AT,
});
const taken = (message: string) => {
  const look = async () => ({ data: TAKEN });
  vi.spyOn(api, "GET").mockImplementation(look as unknown as typeof api.GET);
  return explain(new Refusal(409, "conflict", message), "acknowledge", "a-1");
};

afterEach(() => {
  vi.restoreAllMocks();
});

describe("who comes second", () => {
  const ENGINE = "Alert a-1 has already been acknowledged by wang at 2026-05-01 00:01:02 UTC.";

  it("is told once who was first, and when", async () => {
    expect(await taken(ENGINE)).toMatch(/^告警 a-1 已由 wang 于 (05\/01 )?08:01:02 确认。$/);

    language.value = "en";
    expect(await taken(ENGINE)).toBe(ENGINE);
  });

  it("is told so too when the refusal itself does not say it", async () => {
    const said = await taken("wang has already taken this alert.");

    expect(said).toContain("wang 已于");
    expect(said).toContain("08:01:02");
    expect(said).toContain("wang has already taken this alert.");
  });
});

it("a broken line leaves open whether a deed was done", async () => {
  expect(await explain(new TypeError("Failed to fetch"), "comment", "a-1")).toContain(
    "不知是否已记录",
  );
});
