// The bell of this browser: sounds for as long as something untaken asks for it, in whatever room the
// officer is. Whether it is wanted, and how loud, is kept in the browser.

import { computed, effectScope, ref, shallowRef, watch } from "vue";

import { type Alert } from "@/live/board";
import { onTransition, openAlerts } from "@/live/city";
import { me } from "@/session";
import { say as common } from "@/words/common";
import { inLanguage } from "@/words/words";

import { placeOf } from "../places";
import { Player, REPEAT_MS } from "./player";
import { isDrillTone, isNotice, type Pattern, patternFor, soundState } from "./policy";

const KEPT = "yiwang-sound";

interface Kept {
  wanted: boolean;
  volume: number; // 0 to 1
  notices: boolean; // the browser's own notices, beside the sound
}

function recall(): Kept {
  const usual: Kept = { wanted: false, volume: 0.7, notices: false };
  try {
    return { ...usual, ...(JSON.parse(localStorage.getItem(KEPT) ?? "{}") as Partial<Kept>) };
  } catch {
    return usual;
  }
}

/** What this browser's user wants of the bell. */
export const bell = ref<Kept>(recall());
const context = shallowRef<AudioContextState | null>(null);
const player = new Player(() => (context.value = player.state));

/** Whether the bell can be heard just now, and if not why. */
export const state = computed(() => soundState(bell.value.wanted, context.value));
/** What there is to be heard, whether or not it can be. */
export const asking = computed<Pattern | null>(() => patternFor(openAlerts.value.values()));

let isWatching = false;

/** Watch the city from now on until nobody is signed in; calling it again does nothing. */
export function watchCity(): void {
  if (isWatching) return;
  isWatching = true;
  const scope = effectScope(true);
  scope.run(() => {
    watch(bell, (kept) => localStorage.setItem(KEPT, JSON.stringify(kept)), { deep: true });
    watch([asking, state], repeat, { immediate: true });
  });
  const deaf = onTransition(hear);
  const waking = () => bell.value.wanted && state.value !== "on" && void player.open();
  document.addEventListener("pointerdown", waking);
  document.addEventListener("keydown", waking);
  if (bell.value.wanted) void player.open();
  const done = watch(me, (somebody) => {
    if (somebody) return;
    scope.stop();
    deaf();
    done();
    clearInterval(repeating);
    document.removeEventListener("pointerdown", waking);
    document.removeEventListener("keydown", waking);
    isWatching = false;
  });
}

let repeating: ReturnType<typeof setInterval> | undefined;

function repeat(): void {
  clearInterval(repeating);
  const pattern = asking.value;
  if (!pattern || state.value !== "on") return;
  const play = () => player.play(pattern, bell.value.volume);
  play();
  repeating = setInterval(play, REPEAT_MS[pattern]);
}

/** Turn the sound on or off; on, it is heard at once. */
export async function ring(wanted: boolean): Promise<void> {
  bell.value.wanted = wanted;
  if (!wanted) return;
  await player.open();
  await test();
}

/** Let the fire's sound be heard once. */
export async function test(): Promise<void> {
  await player.open();
  // The browser may take a moment to open the way; once it is open, it is heard.
  const stop = watch(
    context,
    (now) => {
      if (now !== "running") return;
      player.play("fire", bell.value.volume);
      queueMicrotask(() => stop());
    },
    { immediate: true },
  );
}

/** Ask for the browser's own notices, or have no more of them. */
export async function notify(wanted: boolean): Promise<void> {
  const asked = wanted && "Notification" in window ? await Notification.requestPermission() : "";
  bell.value.notices = asked === "granted";
}

function hear(alert: Alert): void {
  if (isDrillTone(alert) && state.value === "on") player.play("drill", bell.value.volume * 0.6);
  if (bell.value.notices && isNotice(alert) && document.hidden) showNotice(alert);
}

function showNotice(alert: Alert): void {
  try {
    const notice = new Notification(`${common(alert.priority)} · ${inLanguage(alert, "title")}`, {
      tag: alert.alert_id,
      body: placeOf(alert) || (alert.device_id ?? ""),
    });
    notice.addEventListener("click", () => window.focus());
  } catch {
    bell.value.notices = false; // some telephones know the word and not the thing
  }
}
