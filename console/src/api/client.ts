// Talking to the api. The session is a cookie no script can read; every type comes from the api's
// own OpenAPI document (`make console` writes schema.d.ts).

import createClient, { type Middleware } from "openapi-fetch";
import { ref } from "vue";

import type { components, paths } from "./schema";

export type Schemas = components["schemas"];

/** What the api answered when it answered no; `message` is a sentence for people. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Counts the answers that said "sign in first"; the session watches it. */
export const turnedAway = ref(0);

const refuse: Middleware = {
  async onResponse({ response }) {
    if (response.ok) return;
    if (response.status === 401) turnedAway.value++;
    throw await refusalOf(response);
  },
};

/** The api, typed by its own description: a refusal is thrown, so `data` is what was asked for. */
export const api = createClient<paths>({ credentials: "same-origin" });
api.use(refuse);

/** Return `data` of an answer; every refusal has been thrown before. */
export async function asked<T>(answer: Promise<{ data?: T; error?: unknown }>): Promise<T> {
  return (await answer).data as T;
}

/** Read a refusal out of an answer; where there is none in it, its status says what there is to say. */
export async function refusalOf(response: Response): Promise<Refusal> {
  const body: unknown = await response.json().catch(() => null);
  const said = (body as { error?: { code?: string; message?: string } } | null)?.error;
  return new Refusal(response.status, said?.code ?? "error", said?.message ?? response.statusText);
}

/** Read a list to its last page. */
export async function everyPage<T>(
  ask: (cursor: string | undefined) => Promise<{ items: T[]; next?: string | null | undefined }>,
): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await ask(cursor);
    items.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor);
  return items;
}

/** Return a key nobody else has: the same key twice is the same request, however often the line breaks. */
export const randomKey = (): string => crypto.randomUUID();
