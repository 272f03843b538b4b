// What is asked for again and again: the newest answer, its age, and why there is none newer.

import {
  computed,
  type ComputedRef,
  onScopeDispose,
  type ShallowRef,
  shallowRef,
  watch,
} from "vue";

import { now } from "@/live/city";

import { reasonOf } from "./useAsked";

export interface Polled<T> {
  answer: Readonly<ShallowRef<T | null>>;
  /** Whole seconds since the answer came; null before the first. */
  age: ComputedRef<number | null>;
  trouble: Readonly<ShallowRef<string>>;
  again: () => Promise<void>;
}

/**
 * Ask at once, then `every()` milliseconds after each answer, at once again when that changes; not
 * while nobody can see the page.
 */
export function usePolled<T>(ask: () => Promise<T>, every: () => number): Polled<T> {
  const answer = shallowRef<T | null>(null);
  const answeredAt = shallowRef<number | null>(null);
  const trouble = shallowRef("");
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;

  async function again(): Promise<void> {
    clearTimeout(timer);
    const mine = ++asked;
    try {
      const found = await ask();
      if (mine !== asked) return;
      answer.value = found;
      answeredAt.value = now.value.getTime();
      trouble.value = "";
    } catch (error) {
      if (mine === asked) trouble.value = reasonOf(error);
    }
    if (mine === asked) timer = setTimeout(again, every());
  }

  const look = (): void => {
    if (document.hidden) stop();
    else void again();
  };
  function stop(): void {
    asked++;
    clearTimeout(timer);
  }

  watch(every, () => void again(), { immediate: true });
  document.addEventListener("visibilitychange", look);
  onScopeDispose(() => {
    stop();
    document.removeEventListener("visibilitychange", look);
  });
  const age = computed(() =>
    answeredAt.value === null
      ? null
      : Math.max(0, Math.round((now.value.getTime() - answeredAt.value) / 1000)),
  );
  return { answer, age, trouble, again };
}
