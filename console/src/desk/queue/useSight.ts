// What of a long list is in sight: the frame's place and height, and the height of a line.

import { nextTick, onBeforeUnmount, onMounted, type Ref, ref } from "vue";

export interface Sight {
  top: number; // pixels the list is scrolled by
  height: number; // pixels of the frame
  line: number; // pixels of a line; 0 until it has been measured
}

/** Measure a frame and the ruler of its lines, and scroll it line by line. */
export function useSight(
  frame: Readonly<Ref<HTMLElement | null>>,
  ruler: Readonly<Ref<HTMLElement | null>>,
) {
  const sight = ref<Sight>({ top: 0, height: 600, line: 0 });

  function measure(): void {
    const { scrollTop: top = 0, clientHeight: height = 0 } = frame.value ?? {};
    sight.value = { top, height, line: ruler.value?.offsetHeight ?? 0 };
  }

  /** Scroll just as far as the line at a place needs to be in sight. */
  function reveal(place: number): void {
    const { top, height, line } = sight.value;
    const begins = place * line;
    if (!frame.value || place < 0) return;
    if (begins < top) frame.value.scrollTop = begins;
    else if (begins + line > top + height) frame.value.scrollTop = begins + line - height;
  }

  /** Scroll by so many lines, because what is looked at has moved so far; not if the top is in sight. */
  function follow(lines: number): void {
    const { top, line } = sight.value;
    if (lines && top >= line) void nextTick(() => frame.value?.scrollBy({ top: lines * line }));
  }

  /** Return how many lines a page has, with one that stays. */
  const page = (): number =>
    Math.max(1, Math.floor(sight.value.height / (sight.value.line || 1)) - 1);

  const watcher = new ResizeObserver(measure);
  onMounted(() => {
    if (frame.value) watcher.observe(frame.value);
    if (ruler.value) watcher.observe(ruler.value);
    measure();
  });
  onBeforeUnmount(() => watcher.disconnect());

  return { sight, measure, reveal, follow, page };
}
