import { describe, expect, it } from "vitest";

import { dayOf, exactMomentOf, fromField, inField, momentOf, spanOf } from "./instants";

const NOON = new Date("2026-05-01T04:00:00Z"); // in Shanghai

describe("an instant", () => {
  it("is told by Shanghai's clock", () => {
    expect(momentOf("2026-05-01T03:59:58Z", NOON)).toBe("11:59:58");
  });

  it("is told to the millisecond where that matters", () => {
    expect(exactMomentOf("2026-05-01T03:59:58.070581Z", NOON)).toBe("11:59:58.070");
    expect(exactMomentOf("2026-05-01T03:59:58Z", NOON)).toBe("11:59:58.000");
  });

  it("carries its date when it is not of today, as Shanghai counts days", () => {
    expect(momentOf("2026-04-30T15:59:59Z", NOON)).toContain("23:59:59");
    expect(momentOf("2026-04-30T15:59:59Z", NOON)).not.toBe("23:59:59");
    expect(dayOf(new Date("2026-04-30T16:00:00Z"))).toBe("2026-05-01");
  });
});

describe("a field of date and time", () => {
  it("shows and means the clock of Shanghai", () => {
    expect(inField("2026-05-01T00:00:00Z")).toBe("2026-05-01T08:00");
    expect(fromField("2026-05-01T08:00")).toBe("2026-05-01T00:00:00.000Z");
  });

  it("is nothing while it is being typed", () => {
    expect(["", "2026-05", "2026-13-41T08:00"].map(fromField)).toEqual([null, null, null]);
  });
});

describe("a span", () => {
  it("is one figure in its largest unit", () => {
    expect([119, 120, 7200, 172_800].map(spanOf)).toEqual(["119 秒", "2 分钟", "2 小时", "2 天"]);
  });
});
