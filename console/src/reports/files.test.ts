import { describe, expect, it } from "vitest";

import { nameIn, queryOf } from "./files";

describe("the query of a file", () => {
  it("leaves out what was not said and repeats lists", () => {
    expect(queryOf({ site: "", domain: "fire", metric: ["a", "b"], grid: undefined })).toBe(
      "domain=fire&metric=a&metric=b",
    );
  });
});

describe("the name of a file", () => {
  it("keeps Chinese letters", () => {
    const said = `attachment; filename="-2026.pdf"; filename*=UTF-8''${encodeURIComponent("日提醒-2026.pdf")}`;
    expect(nameIn(said)).toBe("日提醒-2026.pdf");
  });

  it("is the plain one where there is no other, and never nothing", () => {
    expect(nameIn('attachment; filename="a.csv"')).toBe("a.csv");
    expect(nameIn("")).toBe("yiwang");
  });
});
