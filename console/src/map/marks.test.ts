import { describe, expect, it } from "vitest";

import type { Alert } from "@/live/board";

import { countLamps, litRate, type Lamps, type LampState, placeLamps } from "./lamps";
import { changesOf, dangersOf, gatherMarks, incidentsOf } from "./marks";
import { partOfName } from "./ground";
import { Pace } from "./pace";
import { Signs } from "./signs";

const alert = (said: Partial<Alert>): Alert =>
  ({
    alert_id: "a",
    kind: "event",
    priority: "high",
    state: "unacknowledged",
    site_id: "unit-1",
    device_id: "smoke-1",
    domain: "fire",
    detected_at: "2026-05-01T00:00:00Z",
    active: true,
    life_safety: false,
    drill: false,
    ...said,
  }) as Alert;

describe("marks on the map", () => {
  it("are the worst of what is open, for the site, the device and the grid cell", () => {
    const marks = gatherMarks(
      [alert({}), alert({ priority: "critical" }), alert({ priority: "low" })],
      () => "620171",
    );

    expect(marks.sites.get("unit-1")).toBe("critical");
    expect(marks.devices.get("smoke-1")).toBe("critical");
    expect(marks.grids.get("620171")).toBe("critical");
  });

  it("leave out what is put aside", () => {
    expect(gatherMarks([alert({ state: "shelved" })], () => null).sites.size).toBe(0);
  });

  it("have a shape of their own for silence, and do not colour a cell for a truck far away", () => {
    const marks = gatherMarks([alert({ kind: "offline", domain: "truck" })], () => "620171");

    expect(marks.sites.get("unit-1")).toBe("offline");
    expect(marks.grids.size).toBe(0);
  });

  it("change only where something has changed", () => {
    const changes = changesOf(
      new Map([
        ["a", "high"],
        ["b", "low"],
      ] as const),
      new Map([["a", "high"]] as const),
    );

    expect([...changes]).toEqual([["b", "normal"]]);
  });
});

describe("dangers to life", () => {
  it("put a real fire before a newer suspicion, and a drill last", () => {
    const found = dangersOf([
      alert({ alert_id: "drill", life_safety: true, drill: true }),
      alert({ alert_id: "new", life_safety: true, detected_at: "2026-05-01T00:09:00Z" }),
      alert({ alert_id: "real", life_safety: true, verdict: "real" }),
      alert({ alert_id: "false", life_safety: true, verdict: "false" }),
      alert({ alert_id: "other" }),
    ]);

    expect(found.map(({ alert_id }) => alert_id)).toEqual(["real", "new", "drill"]);
  });

  it("at one place are one incident, whose clocks count from the first signal", () => {
    const [incident, ...others] = incidentsOf([
      alert({ alert_id: "second", detected_at: "2026-05-01T00:01:00Z" }),
      alert({ alert_id: "first" }),
      alert({ alert_id: "elsewhere", site_id: "unit-2" }),
    ]);

    expect(incident?.lead.alert_id).toBe("first");
    expect(incident?.rest.map(({ alert_id }) => alert_id)).toEqual(["second"]);
    expect(others).toHaveLength(1);
  });
});

const lamps = (...state: LampState[]): Lamps => ({
  at: "2026-05-01T00:00:00Z",
  device_id: state.map((_, index) => `lamp-${index}`),
  lon: state.map(() => 103.6),
  lat: state.map(() => 36.4),
  state,
});

describe("lamps", () => {
  it("are written only where their state has changed", () => {
    const signs = new Signs({ lon: 103.6, lat: 36.4 });
    const known = new Map<string, LampState>();

    expect(placeLamps(signs, lamps("lit", "dark", "unknown"), known)).toBe(3);
    expect(placeLamps(signs, lamps("lit", "lit", "unknown"), known)).toBe(1);
    placeLamps(signs, lamps("lit"), known);
    expect(signs.count).toBe(1);
  });

  it("that are unknown count neither as lit nor as dark", () => {
    expect(litRate(countLamps(["lit", "lit", "lit", "dark", "unknown"]))).toBe(0.75);
    expect(litRate(countLamps(["off", "unknown"]))).toBeNull();
  });
});

it.each([
  ["松谷社区第11网格 Songgu Community Cell 11", "松谷社区第11网格", "Songgu Community Cell 11"],
  ["人民医院", "人民医院", "人民医院"],
  ["A座 3 Floor", "A座", "3 Floor"],
])("the name %s is told in the language of the page", (name, chinese, latin) => {
  expect(partOfName(name, true)).toBe(chinese);
  expect(partOfName(name, false)).toBe(latin);
});

const paced = (everyMs: number): Pace => {
  const pace = new Pace();
  for (let frame = 0; frame < 20; frame++) pace.drawn(frame * everyMs, true);
  return pace;
};

describe("the pace of drawing", () => {
  it("is every frame where a graphics card draws", () => {
    expect(paced(16.7).waitMs).toBe(0);
  });

  it("is calm where the processor has to draw", () => {
    expect(paced(80).waitMs).toBe(250);
  });

  it("is not judged by pauses in which nothing moved", () => {
    const pace = new Pace();
    for (let frame = 0; frame < 20; frame++) pace.drawn(frame * 5000, false);

    expect(pace.isSlow).toBe(false);
  });
});
