// The range of time a room looks at: kept in the address, going with the clock if it is a preset.

import { computed, shallowRef, watch } from "vue";
import { useRoute, useRouter } from "vue-router";

import { now } from "@/live/city";

import { type Choice, choiceOf, queryOf, type Span, spanFor } from "./ranges";

const STEP = 60; // a preset moves on after a sixtieth of its length
const SOONEST_MS = 10_000;

/** Return the range of the address, the span it means now, and how to choose another. */
export function useRange() {
  const route = useRoute();
  const router = useRouter();
  const choice = computed(() => choiceOf(route.query));
  const span = shallowRef<Span>(spanFor(choice.value, now.value.getTime()));

  watch([choice, now], ([chosen, instant], [before]) => {
    const next = spanFor(chosen, instant.getTime());
    const every = Math.max((next.to - next.from) / STEP, SOONEST_MS);
    if (JSON.stringify(chosen) !== JSON.stringify(before) || next.to - span.value.to >= every)
      span.value = next;
  });

  function choose(next: Choice): void {
    const { range: _range, from: _from, to: _to, ...others } = route.query;
    void router.replace({ query: { ...others, ...queryOf(next) } });
  }

  return { choice, span, choose };
}
