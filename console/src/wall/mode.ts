// 平时 and 战时: kept in the address, so that a wall can be opened in either. Nobody is ever
// switched: an alert about life safety only offers it.

import { computed, type ComputedRef, shallowRef } from "vue";
import { useRoute, useRouter } from "vue-router";

import type { Alert } from "@/live/board";

export interface Cadence {
  vehiclesS: number;
  lampsS: number;
  figuresS: number;
  aroundS: number;
}

export const PEACE: Cadence = { vehiclesS: 5, lampsS: 60, figuresS: 60, aroundS: 30 };
export const WAR: Cadence = { vehiclesS: 2, lampsS: 15, figuresS: 30, aroundS: 5 };

/** Return the danger to offer emergency mode for: the worst that nobody has waved away yet. */
export function dangerToOffer(
  dangers: readonly Alert[],
  dismissed: ReadonlySet<string>,
): Alert | null {
  return (
    dangers.find(({ alert_id, drill, active }) => !drill && active && !dismissed.has(alert_id)) ??
    null
  );
}

export interface Mode {
  isWar: ComputedRef<boolean>;
  isKiosk: ComputedRef<boolean>;
  cadence: ComputedRef<Cadence>;
  offered: ComputedRef<Alert | null>;
  enter: (war: boolean) => void;
  dismiss: () => void;
}

/** Return the mode of this page, by its address. */
export function useMode(dangers: ComputedRef<readonly Alert[]>): Mode {
  const [route, router] = [useRoute(), useRouter()];
  const dismissed = shallowRef<ReadonlySet<string>>(new Set());
  const isWar = computed(() => route.query["mode"] === "emergency");
  const enter = (war: boolean): void => {
    const { mode: _, ...rest } = route.query;
    if (!war) dismiss();
    void router.replace({ query: war ? { ...rest, mode: "emergency" } : rest });
  };
  const dismiss = (): void => {
    dismissed.value = new Set([...dismissed.value, ...dangers.value.map((one) => one.alert_id)]);
  };
  return {
    isWar,
    isKiosk: computed(() => "kiosk" in route.query),
    cadence: computed(() => (isWar.value ? WAR : PEACE)),
    offered: computed(() => (isWar.value ? null : dangerToOffer(dangers.value, dismissed.value))),
    enter,
    dismiss,
  };
}
