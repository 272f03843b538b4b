// Every open alert by id, as something that tells its readers of news.

import { computed } from "vue";

import type { Alert } from "@/live/board";
import { openAlerts as known, queue } from "@/live/city";

/** A new map with each news: readers of the same map as before would not be told. */
export const openAlerts = computed<ReadonlyMap<string, Alert>>(
  () => (void queue.value, new Map(known.value)),
);
