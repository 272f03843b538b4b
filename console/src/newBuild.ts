// A page left open for months asks for files of a build that is served no more. A room that does not
// load is therefore a reason to look whether there is a new build, and then to load the page anew;
// never while the server is away: an old page that is up is worth more than none.

import { shallowRef } from "vue";
import type { Router } from "vue-router";

const KEPT = "yiwang-loaded-anew"; // when this tab has last done so, milliseconds
const NOT_AGAIN_WITHIN_MS = 60_000;
const ANSWER_WITHIN_MS = 5000;
const ENTRY = /<script\b[^>]*\bsrc="([^"]+)"/;

/** The address of the room that could not be loaded just now; null when all is well. */
export const unloadable = shallowRef<string | null>(null);

/** A file of a room has not come. */
class NotLoaded extends Error {
  override readonly name = "NotLoaded";
}

interface Seen {
  mine: string | null; // the script this page began with
  page: string | null; // what the server answers at `/`; null: nothing
  sinceLast: number; // milliseconds since this tab was loaded anew
}

/** Say whether to load anew: for a build that is another than ours, and not again and again. */
export function isOutdated({ mine, page, sinceLast }: Seen): boolean {
  const served = page === null ? null : entryOf(page);
  return served !== null && mine !== null && served !== mine && sinceLast > NOT_AGAIN_WITHIN_MS;
}

/** Return the address of the script a page begins with. */
export const entryOf = (page: string): string | null => ENTRY.exec(page)?.[1] ?? null;

/** Return how to load a room, told apart from whatever else may fail on the way to it. */
export const room =
  <T>(load: () => Promise<T>) =>
  (): Promise<T> =>
    load().catch((cause: unknown) => {
      throw new NotLoaded("A file of this room has not come.", { cause });
    });

/** Load the page anew at `address` if it is out of date; tells whether it does. */
export async function loadAnew(address: string): Promise<boolean> {
  const sinceLast = Date.now() - Number(sessionStorage.getItem(KEPT) ?? 0);
  if (!isOutdated({ mine: ownScript(), page: await askPage(), sinceLast })) return false;
  sessionStorage.setItem(KEPT, String(Date.now()));
  location.assign(address);
  return true;
}

/** Load the page anew at `address` because somebody wants it, unless the server is away. */
export async function loadIfServed(address: string): Promise<void> {
  const page = await askPage();
  if (page !== null && entryOf(page)) location.assign(address);
}

/** Enter rooms of a new build by loading it; say so where a room cannot be loaded. */
export function survive(router: Router): void {
  router.onError(async (error, to) => {
    if (!(error instanceof NotLoaded)) return console.error(error);
    if (!(await loadAnew(to.fullPath))) unloadable.value = to.fullPath;
  });
  router.afterEach((_to, _from, failure) => {
    if (!failure) unloadable.value = null;
  });
}

const ownScript = (): string | null =>
  document.querySelector("script[type=module]")?.getAttribute("src") ?? null;

const askPage = (): Promise<string | null> =>
  fetch("/", { cache: "no-store", signal: AbortSignal.timeout(ANSWER_WITHIN_MS) })
    .then((answer) => (answer.ok ? answer.text() : null))
    .catch(() => null);
