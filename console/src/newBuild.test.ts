import { createMemoryHistory, createRouter } from "vue-router";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { entryOf, isOutdated, loadIfServed, room, survive, unloadable } from "./newBuild";

const pageOf = (script: string) =>
  `<!doctype html><html><head><script type="module" crossorigin src="${script}"></script>` +
  `<link rel="modulepreload" href="/assets/vue-1.js"></head></html>`;
const OLD = "/assets/index-old.js";
const NEW = "/assets/index-new.js";
const LONG_AGO = 3_600_000;

describe("a page whose room does not load", () => {
  it("is loaded anew when another build is served", () => {
    expect(isOutdated({ mine: OLD, page: pageOf(NEW), sinceLast: LONG_AGO })).toBe(true);
  });

  it("stays while the server is away, or answers something that is no page", () => {
    for (const page of [null, "", "<h1>502 Bad Gateway</h1>"])
      expect(isOutdated({ mine: OLD, page, sinceLast: LONG_AGO })).toBe(false);
  });

  it("stays when its own build is the one that is served: loading it again would not help", () => {
    expect(isOutdated({ mine: OLD, page: pageOf(OLD), sinceLast: LONG_AGO })).toBe(false);
  });

  it("is not loaded anew again and again where two servers have different builds", () => {
    expect(isOutdated({ mine: OLD, page: pageOf(NEW), sinceLast: 1000 })).toBe(false);
  });

  it("knows a build by the script it begins with", () => {
    expect(entryOf(pageOf(NEW))).toBe(NEW);
    expect(entryOf('<link rel="icon" href="/icon.svg">')).toBeNull();
  });
});

describe("the way to a room", () => {
  const Room = { render: () => null };
  let isThere = false;
  const begin = () => {
    const router = createRouter({
      history: createMemoryHistory(),
      routes: [
        { path: "/", component: Room },
        {
          path: "/rules",
          component: room(() =>
            isThere ? Promise.resolve(Room) : Promise.reject(new TypeError()),
          ),
        },
      ],
    });
    survive(router);
    return router;
  };
  const answering = (page: string | null) =>
    vi.stubGlobal(
      "fetch",
      page === null ? () => Promise.reject(new TypeError()) : async () => new Response(page),
    );
  const assign = vi.fn();

  beforeEach(() => {
    isThere = false;
    sessionStorage.clear();
    assign.mockClear();
    vi.spyOn(location, "assign").mockImplementation(assign);
    const script = Object.assign(document.createElement("script"), { src: OLD });
    vi.spyOn(document, "querySelector").mockImplementation((selector) =>
      selector.startsWith("script") ? script : null,
    );
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
    unloadable.value = null;
  });

  it("leads through a full load when there is a new build, once", async () => {
    answering(pageOf(NEW));
    const router = begin();

    await router.push("/rules?text=a").catch(() => null);
    await vi.waitFor(() => expect(assign).toHaveBeenCalledWith("/rules?text=a"));
    await router.push("/rules").catch(() => null);
    await vi.waitFor(() => expect(unloadable.value).toBe("/rules"));

    expect(assign).toHaveBeenCalledOnce();
  });

  it("says that the room does not load while the server is away, and forgets it once it does", async () => {
    answering(null);
    const router = begin();
    await router.push("/");

    await router.push("/rules").catch(() => null);
    await vi.waitFor(() => expect(unloadable.value).toBe("/rules"));
    expect(router.currentRoute.value.path).toBe("/");
    isThere = true;
    await router.push("/rules");

    expect(unloadable.value).toBeNull();
    expect(assign).not.toHaveBeenCalled();
  });

  it("is tried again by hand through a full load, but not while the server is away", async () => {
    answering(null);
    await loadIfServed("/rules");
    expect(assign).not.toHaveBeenCalled();

    answering(pageOf(OLD));
    await loadIfServed("/rules");
    expect(assign).toHaveBeenCalledWith("/rules");
  });
});
