// The time the room speaks of: some days up to now, fixed when it is chosen.

import { computed, ref } from "vue";

export const SPANS = [7, 30, 90] as const;

/** Return the chosen number of days and the range it stands for. */
export function usePeriod() {
  const days = ref<(typeof SPANS)[number]>(7);
  const query = computed(() => {
    const until = new Date();
    const from = new Date(until.getTime() - days.value * 86_400_000);
    return { from: from.toISOString(), to: until.toISOString() };
  });
  return { days, query };
}
