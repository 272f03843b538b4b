import { describe, expect, it } from "vitest";

import type { Schemas } from "@/api/client";

import { bytesOf, hexOf, textOf } from "./payload";

const message = (payload: string, encoding: "utf-8" | "base64") =>
  ({ payload, encoding }) as Schemas["QuarantineShown"];

describe("an unreadable message", () => {
  it("is shown byte by byte, with what can be read beside it", () => {
    expect(hexOf(bytesOf(message('{"a"\n', "utf-8")))).toBe(
      `000000  7b 22 61 22 0a${" ".repeat(34)} {"a".`,
    );
  });

  it("that is no text keeps every byte", () => {
    expect([...bytesOf(message("/wA=", "base64"))]).toEqual([255, 0]);
  });

  it("that is long is cut to what a page can show", () => {
    const long = message("x".repeat(100_000), "utf-8");
    expect(hexOf(bytesOf(long)).split("\n")).toHaveLength(512);
    expect(textOf(long)).toHaveLength(8192);
  });
});
