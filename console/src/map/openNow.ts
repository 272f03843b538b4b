// The open alerts of this moment as a list that is new with every transition.

import { computed } from "vue";

import { openAlerts, queue } from "@/live/city";

/** Every open alert; `queue` tells of each transition, the map of alerts is one object for ever. */
export const alertsNow = computed(() => {
  void queue.value;
  return [...openAlerts.value.values()];
});
