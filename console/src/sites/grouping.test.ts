import { expect, it } from "vitest";

import type { Alert } from "@/live/board";

import type { Device, Latest, Profile } from "./asking";
import { isOld, systemsOf } from "./grouping";

const device = (device_id: string, profile_id: string, online: boolean | null = true) =>
  ({ device_id, profile_id, domain: "fire", online }) as Device;
const alert = (device_id: string, priority: string, state = "unacknowledged") =>
  ({ device_id, priority, state }) as Alert;
const PROFILE = { profile_id: "smoke", offline_after_s: 300 } as Profile;

it("a site's devices stand by kind, what needs somebody first", () => {
  const [smoke, door] = systemsOf({
    devices: [
      device("a", "smoke"),
      device("b", "smoke", false),
      device("c", "smoke"),
      device("d", "door", null),
    ],
    values: [{ device_id: "a", metric: "smoke_db_m" } as Latest],
    alerts: [alert("c", "low"), alert("c", "high"), alert("a", "critical", "shelved")],
    profiles: new Map([["smoke", PROFILE]]),
  });
  expect(smoke!.members.map((member) => member.device.device_id)).toEqual(["c", "b", "a"]);
  expect(smoke!.members[0]).toMatchObject({ worst: "high", alerts: 2 });
  expect(smoke!.members[2]).toMatchObject({ worst: null, alerts: 0 });
  expect(smoke!.members[2]!.values).toHaveLength(1);
  expect(door!.profile).toBeUndefined();
});

it("a value is old when its device would be called offline by now", () => {
  const value = { observed_at: "2026-05-01T00:00:00Z" } as Latest;
  expect(isOld(value, PROFILE, new Date("2026-05-01T00:05:00Z"))).toBe(false);
  expect(isOld(value, PROFILE, new Date("2026-05-01T00:05:01Z"))).toBe(true);
  expect(isOld(value, undefined, new Date("2027-05-01T00:00:00Z"))).toBe(false);
});
