// Whether single keys do something. They only ever do while the queue has the focus, and whoever
// speaks to the computer, or presses keys by accident, can switch them off (WCAG 2.1.4).

import { ref, watch } from "vue";

const KEPT = "yiwang-single-keys";

export const singleKeys = ref(localStorage.getItem(KEPT) !== "off");

watch(singleKeys, (on) => localStorage.setItem(KEPT, on ? "on" : "off"));
