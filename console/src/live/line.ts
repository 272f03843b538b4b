// The live line: connects again for ever, resumes where it stopped, and knows how old its news is.

import { Refusal, turnedAway } from "@/api/client";

import { type Event, readStream } from "./events";

export const SILENCE_MS = 2500; // the server speaks each second: longer means we are cut off
const RETRY_MS = 1000;

interface Handlers {
  city: (document: string) => void;
  alert: (document: string) => void;
  reload: () => Promise<void>; // load the open alerts anew
}

export class Line {
  #last: string | null = null; // id of the last event, to resume after
  #loaded = false; // whether the open alerts are complete
  #heardAt = -Infinity;
  #spokenAt = 0; // of the connection: anything at all
  #connection: AbortController | null = null;
  #stopped = false;

  constructor(private readonly handlers: Handlers) {}

  /** Return for how many seconds the city was not heard of. */
  get silentFor(): number {
    return (performance.now() - this.#heardAt) / 1000;
  }

  /** Say whether what is on the screen is what is. */
  get isFresh(): boolean {
    return this.silentFor * 1000 < SILENCE_MS;
  }

  /** Give up a connection that has gone quiet; the next attempt follows by itself. */
  checkPulse(): void {
    if (!this.isFresh && performance.now() - this.#spokenAt > SILENCE_MS) this.#connection?.abort();
  }

  stop(): void {
    this.#stopped = true;
    this.#connection?.abort();
  }

  async run(): Promise<void> {
    while (!this.#stopped) {
      await this.#connectOnce();
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }

  async #connectOnce(): Promise<void> {
    this.#connection = new AbortController();
    this.#spokenAt = performance.now();
    if (this.#last === null) this.#loaded = false;
    try {
      await readStream({
        last: this.#last,
        signal: this.#connection.signal,
        onEvent: (event) => this.#take(event),
      });
    } catch (error) {
      if (error instanceof Refusal && error.status === 401) this.#leave();
    }
    this.#heardAt = Math.min(this.#heardAt, performance.now() - SILENCE_MS);
  }

  #leave(): void {
    this.stop();
    turnedAway.value++;
  }

  #take({ event, data, id }: Event): void {
    this.#spokenAt = performance.now();
    if (event === "city") {
      if (!this.#loaded) void this.#reload();
      this.#heardAt = performance.now();
      this.handlers.city(data);
    } else if (event === "alert") {
      this.handlers.alert(data);
    } else if (event === "reset") {
      void this.#reload();
    }
    if (id !== null) this.#last = id;
  }

  async #reload(): Promise<void> {
    this.#loaded = true;
    try {
      await this.handlers.reload();
    } catch {
      this.#loaded = false; // asked again with the next second
    }
  }
}
