// A component that is loaded later: asked for again until it comes, so that a line that breaks in
// between costs nothing but time.

import { type AsyncComponentLoader, type Component, defineAsyncComponent } from "vue";

const AGAIN_AFTER_MS = 2000;

/** Return a component that `loader` brings, however often it has to be asked. */
export const whenItComes = <T extends Component>(loader: AsyncComponentLoader<T>): T =>
  defineAsyncComponent({
    loader,
    onError: (_, retry) => setTimeout(retry, AGAIN_AFTER_MS),
  });
