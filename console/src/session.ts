// Who is signed in. The session itself is a cookie; this only knows whose it is.

import { computed, shallowRef, watch } from "vue";

import { api, asked, Refusal, type Schemas, turnedAway } from "@/api/client";

export type Me = Schemas["Me"];
export type Role = Me["role"];

const ORDER: readonly Role[] = ["viewer", "officer", "supervisor", "admin"];
const RENEW_EVERY_MS = 3_600_000; // a page that asks now and then is never signed out
const AGAIN_AFTER_MS = 2000;

/** Who is signed in; null when nobody is, undefined until the server has said. */
export const me = shallowRef<Me | null | undefined>(undefined);

const rank = computed(() => (me.value ? ORDER.indexOf(me.value.role) : -1));

/** Say whether the person signed in may do what `role` may do. */
export const may = (role: Role): boolean => rank.value >= ORDER.indexOf(role);

/** What kept the server from saying who we are when it was asked last; null: nothing. */
export const unasked = shallowRef<unknown>(null);

/**
 * Ask the server who we are, until it says so the first time. A server that is away signs nobody
 * out: a wall goes on by itself when it is back.
 */
export async function recall(): Promise<void> {
  try {
    me.value = await asked(api.GET("/api/v1/me"));
    unasked.value = null;
  } catch (error) {
    const isAnswer = error instanceof Refusal && (error.status === 401 || error.status === 403);
    if (isAnswer) me.value = null;
    unasked.value = isAnswer ? null : error;
    if (me.value === undefined) setTimeout(() => void recall(), AGAIN_AFTER_MS);
  }
}

/** Sign in; a Refusal says why not. */
export async function signIn(username: string, password: string): Promise<void> {
  me.value = await asked(
    api.POST("/api/v1/sign-in", {
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      body: { username, password, scope: "" },
      bodySerializer: (form) => new URLSearchParams(form as unknown as Record<string, string>),
    }),
  );
}

/** Sign out; the page forgets at once, whatever the server says. */
export async function signOut(): Promise<void> {
  me.value = null;
  await api.POST("/api/v1/sign-out").catch(() => null);
}

watch(turnedAway, () => {
  me.value = null;
});
setInterval(() => {
  if (me.value) void recall();
}, RENEW_EVERY_MS);
