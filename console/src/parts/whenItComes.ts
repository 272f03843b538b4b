// A component that is loaded later: asked for again until it comes, so that a line that breaks in
// between costs nothing but time; a build that is served no more is left for the one that is.

import { type AsyncComponentLoader, type Component, defineAsyncComponent } from "vue";

import { loadAnew } from "@/newBuild";

const AGAIN_AFTER_MS = 2000;

/** Return a component that `loader` brings, however often it has to be asked. */
export const whenItComes = <T extends Component>(loader: AsyncComponentLoader<T>): T =>
  defineAsyncComponent({
    loader,
    onError: async (_, retry) => {
      if (!(await loadAnew(location.pathname + location.search))) setTimeout(retry, AGAIN_AFTER_MS);
    },
  });
