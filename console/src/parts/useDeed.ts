// One press of a button: that it is on its way, and the api's sentence where it is refused.

import { type Ref, shallowRef } from "vue";

import { Refusal } from "@/api/client";

import { reasonOf } from "./useAsked";

export interface Deed {
  isBusy: Ref<boolean>;
  refusal: Ref<string>;
  status: Ref<number | null>; // of the refusal; null where there was no answer at all
  /** Do it; tells whether it was done. A second press while the first is on its way does nothing. */
  carryOut: (what: () => Promise<unknown>) => Promise<boolean>;
}

/** Return how to do something once and say why it was not done. */
export function useDeed(): Deed {
  const isBusy = shallowRef(false);
  const refusal = shallowRef("");
  const status = shallowRef<number | null>(null);

  async function carryOut(what: () => Promise<unknown>): Promise<boolean> {
    if (isBusy.value) return false;
    isBusy.value = true;
    refusal.value = "";
    status.value = null;
    try {
      await what();
      return true;
    } catch (error) {
      refusal.value = reasonOf(error);
      status.value = error instanceof Refusal ? error.status : null;
      return false;
    } finally {
      isBusy.value = false;
    }
  }
  return { isBusy, refusal, status, carryOut };
}
