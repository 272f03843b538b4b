// Playing a day: how fast the instant moves on, and where it stops.

import { onBeforeUnmount, type Ref, ref, shallowRef } from "vue";

import type { Span } from "./ranges";

export const SPEEDS = [10, 60, 300, 1200] as const;

/** Return the instant after `elapsed` milliseconds of playing; the end holds it. */
export const movedOn = (at: number, elapsed: number, speed: number, { to }: Span): number =>
  Math.min(at + elapsed * speed, to);

export interface Playing {
  at: Ref<number>;
  isPlaying: Ref<boolean>;
  speed: Ref<number>;
  play: () => void;
  pause: () => void;
}

/** Return an instant that can be set and played, within a span that may change. */
export function usePlaying(span: () => Span): Playing {
  const at = shallowRef(span().from);
  const isPlaying = ref(false);
  const speed = ref<number>(60);
  let frame = 0;
  let drawnAt = 0;

  function step(drawn: number): void {
    at.value = movedOn(at.value, drawn - drawnAt, speed.value, span());
    drawnAt = drawn;
    if (at.value >= span().to) isPlaying.value = false;
    if (isPlaying.value) frame = requestAnimationFrame(step);
  }

  function play(): void {
    if (at.value >= span().to) at.value = span().from;
    isPlaying.value = true;
    drawnAt = performance.now();
    frame = requestAnimationFrame(step);
  }

  function pause(): void {
    isPlaying.value = false;
    cancelAnimationFrame(frame);
  }

  onBeforeUnmount(pause);
  return { at, isPlaying, speed, play, pause };
}
