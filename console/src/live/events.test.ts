import { describe, expect, it } from "vitest";

import { parseBlock } from "./events";

describe("a server-sent event", () => {
  it("has a name, data and an id", () => {
    expect(parseBlock('id: 7\nevent: alert\ndata: {"a":1}')).toEqual({
      event: "alert",
      data: '{"a":1}',
      id: "7",
    });
  });

  it("may be a mere comment", () => {
    expect(parseBlock(": ping")).toEqual({ event: "message", data: "", id: null });
  });
});
