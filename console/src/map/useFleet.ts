// The vehicles as the api told them last: those that have changed since it was asked before, and now
// and then all of them, because one that has gone is noticed only so.

import { type ShallowRef, watch } from "vue";

import { api, asked } from "@/api/client";
import { type Polled, usePolled } from "@/parts/usePolled";

import type { Vehicle } from "./fleet";

const WHOLE_EVERY_MS = 60_000;

interface Told {
  vehicles: readonly Vehicle[];
  at: string;
  isWhole: boolean; // there are no others
}

export interface FleetTold {
  told: Polled<Told>;
  /** Every vehicle there is, by its id; not reactive, `told` tells of news. */
  known: ReadonlyMap<string, Vehicle>;
}

/** Ask for the vehicles `every()` milliseconds. */
export function useFleet(every: () => number): FleetTold {
  const known = new Map<string, Vehicle>();
  let since: string | null = null;
  let wholeAt = -Infinity;

  async function ask(): Promise<Told> {
    const isWhole = since === null || performance.now() - wholeAt > WHOLE_EVERY_MS;
    const query = isWhole || since === null ? {} : { since };
    const found = await asked(api.GET("/api/v1/map/vehicles", { params: { query } }));
    return { ...found, isWhole };
  }

  const told = usePolled(ask, every);
  watch(told.answer as ShallowRef<Told | null>, (answer) => {
    if (!answer) return;
    since = answer.at;
    if (answer.isWhole) {
      wholeAt = performance.now();
      known.clear();
    }
    for (const one of answer.vehicles) known.set(one.device_id, one);
  });
  return { told, known };
}
