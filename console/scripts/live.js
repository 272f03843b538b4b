// The live line: connects again for ever, resumes where it stopped, and knows how old its news is.

import { askAll, readStream, Refusal } from "./server.js";

const SILENCE_MS = 2500; // the server speaks each second: longer means we are cut off
const RETRY_MS = 1000;

export class Live {
  #last = null; // id of the last event, to resume after
  #loaded = false; // whether the open alerts are complete
  #loading = false;
  #meanwhile = []; // alert events that came while they were being loaded
  #heardAt = -Infinity;
  #attempt = null;
  #handlers;
  #stopped = false;

  /** `handlers`: city(document), alerts(list), alert(document), signedOut(). */
  constructor(handlers) {
    this.#handlers = handlers;
  }

  /** Say whether what is on the screen is what is. */
  get isFresh() {
    return performance.now() - this.#heardAt < SILENCE_MS;
  }

  /** Return for how many seconds nothing was heard. */
  get silentFor() {
    return (performance.now() - this.#heardAt) / 1000;
  }

  /** Give up a connection that has gone quiet; the next attempt follows by itself. */
  checkPulse() {
    if (!this.isFresh && this.#attempt?.quietSince(SILENCE_MS)) this.#attempt.abort();
  }

  stop() {
    this.#stopped = true;
    this.#attempt?.abort();
  }

  async run() {
    while (!this.#stopped) {
      await this.#connectOnce();
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }

  async #connectOnce() {
    this.#attempt = new Attempt();
    if (this.#last === null) this.#loaded = false;
    try {
      await readStream({
        last: this.#last,
        signal: this.#attempt.signal,
        onEvent: (event) => this.#take(event),
      });
    } catch (error) {
      if (error instanceof Refusal && error.status === 401) this.#leave();
    }
    this.#heardAt = Math.min(this.#heardAt, performance.now() - SILENCE_MS);
  }

  #leave() {
    this.stop();
    this.#handlers.signedOut();
  }

  #take({ event, data, id }) {
    this.#attempt.heard();
    if (event === "city") {
      if (!this.#loaded) this.#reload();
      this.#heardAt = performance.now();
      this.#handlers.city(JSON.parse(data));
    } else if (event === "alert") {
      const alert = JSON.parse(data);
      if (this.#loading) this.#meanwhile.push(alert);
      this.#handlers.alert(alert);
    } else if (event === "reset") {
      this.#reload();
    }
    if (id !== null) this.#last = id;
  }

  async #reload() {
    this.#loaded = this.#loading = true;
    this.#meanwhile = [];
    try {
      this.#handlers.alerts([...(await askAll("/alerts")), ...this.#meanwhile]);
    } catch {
      this.#loaded = false; // asked again with the next second
    } finally {
      this.#loading = false;
    }
  }
}

class Attempt {
  #controller = new AbortController();
  #at = performance.now();

  get signal() {
    return this.#controller.signal;
  }

  heard() {
    this.#at = performance.now();
  }

  quietSince(milliseconds) {
    return performance.now() - this.#at > milliseconds;
  }

  abort() {
    this.#controller.abort();
  }
}
