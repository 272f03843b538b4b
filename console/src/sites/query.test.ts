import { describe, expect, it } from "vitest";

import { addressOf, narrowed, queryIn, searchFor } from "./query";

describe("the search in the address", () => {
  it("is read back as it was written, without what goes without saying", () => {
    const query = { ...queryIn({}), text: "走廊", state: "offline" as const, page: 3 };
    expect(addressOf(query)).toEqual({ text: "走廊", state: "offline", page: "3" });
    expect(queryIn(addressOf(query))).toEqual(query);
    expect(addressOf(queryIn({}))).toEqual({});
  });

  it("leaves out what cannot be meant", () => {
    const address = { type: "x", state: "y", place: "62017", order: "z", page: "-4", text: ["a"] };
    expect(addressOf(queryIn(address))).toEqual({});
  });

  it("begins anew when a filter changes", () => {
    expect(narrowed(queryIn({ page: "7" }), { domain: "fire" })).toMatchObject({
      page: 1,
      domain: "fire",
    });
  });

  it("becomes a question with an offset", () => {
    expect(searchFor(queryIn({ page: "3", domain: "truck" }))).toEqual({
      text: "",
      order: "place",
      limit: 100,
      offset: 200,
      domain: "truck",
    });
  });
});
