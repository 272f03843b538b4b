// A list that is read page by page, the newest first; a new question begins anew.

import { type Ref, shallowRef, watch } from "vue";

import { reasonOf } from "@/parts/useAsked";

export interface Pages<T> {
  items: Readonly<Ref<T[]>>;
  next: Readonly<Ref<string | null>>;
  isAsking: Readonly<Ref<boolean>>;
  trouble: Readonly<Ref<string>>;
  again: () => Promise<void>;
  more: () => Promise<void>;
}

interface Page<T> {
  items: T[];
  next?: string | null;
}

/** Ask for the first page at once and whenever `cause` changes; `more` appends the next one. */
export function usePages<T>(
  ask: (cursor: string | undefined) => Promise<Page<T>>,
  cause: () => unknown = () => null,
): Pages<T> {
  const items: Ref<T[]> = shallowRef([]);
  const next = shallowRef<string | null>(null);
  const isAsking = shallowRef(false);
  const trouble = shallowRef("");
  let asked = 0;

  async function read(cursor: string | undefined): Promise<void> {
    const mine = ++asked;
    isAsking.value = true;
    try {
      const page = await ask(cursor);
      if (mine !== asked) return;
      items.value = cursor ? [...items.value, ...page.items] : page.items;
      next.value = page.next ?? null;
      trouble.value = "";
    } catch (error) {
      if (mine === asked) trouble.value = reasonOf(error);
    } finally {
      if (mine === asked) isAsking.value = false;
    }
  }

  const again = () => read(undefined);
  const more = () => read(next.value ?? undefined);
  watch(cause, again, { immediate: true });
  return { items, next, isAsking, trouble, again, more };
}
