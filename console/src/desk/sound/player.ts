// The sounds themselves, made by the browser: no file, nothing to load, nothing that can be missing.

import type { Pattern } from "./policy";

interface Tone {
  at: number; // seconds after the beginning of the pattern
  for: number; // seconds
  hz: readonly [number, number]; // from, to
  shape: OscillatorType;
}

/** A fire rises and falls like a siren; other critical alerts knock twice; a drill says one soft tone. */
const TONES: Record<Pattern | "drill", readonly Tone[]> = {
  fire: [
    { at: 0, for: 0.55, hz: [620, 1180], shape: "sawtooth" },
    { at: 0.55, for: 0.55, hz: [1180, 620], shape: "sawtooth" },
  ],
  critical: [
    { at: 0, for: 0.14, hz: [880, 880], shape: "square" },
    { at: 0.24, for: 0.14, hz: [880, 880], shape: "square" },
  ],
  drill: [{ at: 0, for: 0.4, hz: [523, 523], shape: "sine" }],
};

/** After how many milliseconds a pattern is repeated. */
export const REPEAT_MS: Record<Pattern, number> = { fire: 1600, critical: 4000 };

const EDGE_S = 0.015; // tones that begin and end hard click

/** Plays patterns; the browser may keep it silent until somebody presses something. */
export class Player {
  #context: AudioContext | null = null;

  constructor(private readonly onState: () => void) {}

  /** Return whether the browser lets us speak; null where it has no sound at all. */
  get state(): AudioContextState | null {
    return this.#context?.state ?? null;
  }

  /** Open the way to the loudspeaker; without a press before, it stays shut. */
  async open(): Promise<void> {
    if (!("AudioContext" in window)) return;
    if (!this.#context) {
      this.#context = new AudioContext();
      this.#context.addEventListener("statechange", this.onState);
    }
    // Where the browser refuses, this promise stays open until somebody presses something.
    void this.#context.resume().catch(() => undefined);
    await Promise.resolve();
    this.onState();
  }

  /** Play a pattern once; `volume` from 0 to 1. */
  play(pattern: Pattern | "drill", volume: number): void {
    const context = this.#context;
    if (context?.state !== "running") return;
    for (const tone of TONES[pattern]) sound(context, tone, volume);
  }
}

function sound(context: AudioContext, tone: Tone, volume: number): void {
  const begin = context.currentTime + 0.02 + tone.at;
  const end = begin + tone.for;
  const oscillator = new OscillatorNode(context, { type: tone.shape, frequency: tone.hz[0] });
  const gain = new GainNode(context, { gain: 0 });
  oscillator.frequency.linearRampToValueAtTime(tone.hz[1], end);
  gain.gain.setValueAtTime(0, begin);
  gain.gain.linearRampToValueAtTime(volume * 0.5, begin + EDGE_S);
  gain.gain.setValueAtTime(volume * 0.5, end - EDGE_S);
  gain.gain.linearRampToValueAtTime(0, end);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(begin);
  oscillator.stop(end);
}
