import { describe, expect, it } from "vitest";

import { type Alert, alertLanes, type DeviceEvent, periodsOf, signalLanes } from "./timeline";

const T = Date.parse("2026-05-01T00:00:00Z");
const H = 3_600_000;
const SPAN = { from: T, to: T + 24 * H };
const hour = (count: number) => new Date(T + count * H).toISOString();
const event = (kind: string, at: number, active: boolean): DeviceEvent => ({
  observed_at: hour(at),
  received_at: hour(at),
  kind,
  active,
  detail: "",
  quality: 0,
});
const hours = (bars: { from: number; to: number }[]) =>
  bars.map(({ from, to }) => [(from - T) / H, (to - T) / H]);

describe("signals", () => {
  it("are bars from their beginning to their end, whatever order they come in", () => {
    const [lift] = signalLanes([event("lift", 3, false), event("lift", 2, true)], SPAN);
    expect(hours(lift!.bars)).toEqual([[2, 3]]);
    expect(lift!.bars[0]).toMatchObject({ begun: false, going: false });
  });

  it("that end first were there before; those that never end are still going on", () => {
    const lanes = signalLanes([event("fault", 1, false), event("cover_open", 20, true)], SPAN);
    expect(hours(lanes[0]!.bars)).toEqual([[0, 1]]);
    expect(lanes[0]!.bars[0]!.begun).toBe(true);
    expect(hours(lanes[1]!.bars)).toEqual([[20, 24]]);
    expect(lanes[1]!.bars[0]!.going).toBe(true);
  });

  it("said twice are one bar", () => {
    const said = [event("fire", 1, true), event("fire", 2, true), event("fire", 3, false)];
    expect(hours(signalLanes(said, SPAN)[0]!.bars)).toEqual([[1, 3]]);
  });

  it("ended twice do not reach back over what is known", () => {
    const said = [event("fire", 1, true), event("fire", 2, false), event("fire", 5, false)];
    expect(hours(signalLanes(said, SPAN)[0]!.bars)).toEqual([[1, 2]]);
  });
});

const alert = (fields: Partial<Alert>): Alert =>
  ({
    alert_id: "a",
    rule_id: "r",
    priority: "high",
    subject: "pressure_mpa",
    raised_at: hour(2),
    acknowledged_at: null,
    returned_at: null,
    cleared_at: null,
    ...fields,
  }) as Alert;
const steps = (one: Alert) =>
  alertLanes([one], SPAN).flatMap(({ bars }) =>
    bars.map(({ step, from, to }) => [step, (from - T) / H, (to - T) / H]),
  );

describe("alerts", () => {
  it("show when somebody took them and when the cause went", () => {
    const whole = { acknowledged_at: hour(3), returned_at: hour(5), cleared_at: hour(6) };
    expect(steps(alert(whole))).toEqual([
      ["active", 2, 3],
      ["acknowledged", 3, 5],
      ["returned", 5, 6],
    ]);
  });

  it("that returned before anybody came wait until they are cleared", () => {
    const late = { returned_at: hour(4), acknowledged_at: hour(8), cleared_at: hour(8) };
    expect(steps(alert(late))).toEqual([
      ["active", 2, 4],
      ["returned", 4, 8],
    ]);
  });

  it("that are open reach to the end; those of before begin at the edge", () => {
    const old = alert({ raised_at: hour(-5) });
    expect(steps(old)).toEqual([["active", 0, 24]]);
    expect(alertLanes([old], SPAN)[0]!.bars[0]).toMatchObject({ begun: true, going: true });
    expect(alertLanes([alert({ raised_at: hour(-5), cleared_at: hour(-1) })], SPAN)).toEqual([]);
  });

  it("of one rule share a lane", () => {
    expect(
      alertLanes([alert({}), alert({ alert_id: "b", raised_at: hour(9) })], SPAN),
    ).toHaveLength(1);
  });

  it("mark the chart of what they are about", () => {
    const alerts = [alert({ returned_at: hour(3) }), alert({ subject: "offline" })];
    expect(hours(periodsOf(alerts, "pressure_mpa", SPAN))).toEqual([[2, 3]]);
    expect(hours(periodsOf([alert({})], "pressure_mpa", SPAN))).toEqual([[2, 24]]);
  });
});
