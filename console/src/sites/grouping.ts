// A site's devices by what they are, each with its newest values and what stands open on it.

import type { Alert, Priority } from "@/live/board";
import { isHeld, PRIORITIES } from "@/live/board";

import type { Device, Latest, Profile } from "./asking";

export interface Member {
  device: Device;
  values: Latest[];
  worst: Priority | null;
  alerts: number;
}

export interface System {
  profileId: string;
  profile: Profile | undefined;
  domain: string;
  members: Member[];
}

interface Known {
  devices: readonly Device[];
  values: readonly Latest[];
  alerts: readonly Alert[];
  profiles: ReadonlyMap<string, Profile>;
}

function groupedBy<T, K>(things: readonly T[], keyOf: (thing: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const thing of things) {
    const group = groups.get(keyOf(thing));
    if (group) group.push(thing);
    else groups.set(keyOf(thing), [thing]);
  }
  return groups;
}

const rank = (priority: Priority | null): number =>
  priority === null ? PRIORITIES.length : PRIORITIES.indexOf(priority);

/** Return the systems of a site; in each, what needs somebody comes first. */
export function systemsOf({ devices, values, alerts, profiles }: Known): System[] {
  const valuesOf = groupedBy(values, (value) => value.device_id);
  const alertsOf = groupedBy(
    alerts.filter((alert) => !isHeld(alert)),
    (alert) => alert.device_id,
  );
  const systems = groupedBy(devices, (device) => device.profile_id);
  return [...systems].map(([profileId, group]) => ({
    profileId,
    profile: profiles.get(profileId),
    domain: group[0]?.domain ?? "",
    members: group
      .map((device) => memberOf(device, valuesOf, alertsOf.get(device.device_id) ?? []))
      .toSorted(byNeed),
  }));
}

function memberOf(
  device: Device,
  values: ReadonlyMap<string, Latest[]>,
  alerts: readonly Alert[],
): Member {
  const [worst] = alerts.map(({ priority }) => priority).toSorted((a, b) => rank(a) - rank(b));
  return {
    device,
    values: values.get(device.device_id) ?? [],
    worst: worst ?? null,
    alerts: alerts.length,
  };
}

const byNeed = (a: Member, b: Member): number =>
  rank(a.worst) - rank(b.worst) ||
  Number(a.device.online ?? true) - Number(b.device.online ?? true) ||
  a.device.device_id.localeCompare(b.device.device_id);

/** Say whether a value is older than its device may be silent. */
export const isOld = ({ observed_at }: Latest, profile: Profile | undefined, now: Date): boolean =>
  profile !== undefined &&
  (now.getTime() - Date.parse(observed_at)) / 1000 > profile.offline_after_s;
