// What a room asks the api for: the answer, that it is on its way, or why there is none.

import { type Ref, shallowRef, watch } from "vue";

import { Refusal } from "@/api/client";
import { say } from "@/words/common";
import { refusalInWords } from "@/words/sentences";

export interface Asked<T> {
  answer: Ref<T | null>;
  isAsking: Ref<boolean>;
  trouble: Ref<string>;
  again: () => Promise<void>;
}

/** Return the sentence of a refusal, or that the server does not answer. */
export const reasonOf = (error: unknown): string =>
  error instanceof Refusal ? refusalInWords(error) : say("noAnswer");

/** Ask at once and whenever `cause` changes; only the newest question's answer is kept. */
export function useAsked<T>(ask: () => Promise<T>, cause: () => unknown = () => null): Asked<T> {
  const answer: Ref<T | null> = shallowRef(null);
  const isAsking = shallowRef(false);
  const trouble = shallowRef("");
  let asked = 0;

  async function again(): Promise<void> {
    const mine = ++asked;
    isAsking.value = true;
    try {
      const found = await ask();
      if (mine !== asked) return;
      answer.value = found;
      trouble.value = "";
    } catch (error) {
      if (mine === asked) trouble.value = reasonOf(error);
    } finally {
      if (mine === asked) isAsking.value = false;
    }
  }

  watch(cause, again, { immediate: true });
  return { answer, isAsking, trouble, again };
}
