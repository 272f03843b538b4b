// How a program is shown: what it says of itself counts as long as it is heard.

import type { Schemas } from "@/api/client";

import { inWords } from "@/words/sentences";

import { say } from "./words";

export type Heartbeat = Schemas["Heartbeat"];
export type Mood = "well" | "warning" | "down";

const MOODS: Record<string, Mood> = {
  running: "well",
  degraded: "warning",
  stopping: "warning",
  lost: "down",
  never: "down",
};
const STATES = ["running", "degraded", "stopping", "lost", "never"] as const;
const PROGRAMS = ["alerts", "api", "ingest", "simulators", "learn"] as const;

/** A state nobody knows is a reason to look. */
export const moodOf = ({ state }: Heartbeat): Mood => MOODS[state] ?? "warning";

export const SIGNS: Record<Mood, string> = { well: "●", warning: "▲", down: "✕" };

/** Return what a program and its instance are called. */
export function programName({ program, instance }: Heartbeat): string {
  const known = PROGRAMS.find((each) => each === program);
  return [known ? say(known) : program, instance && `(${instance})`].filter(Boolean).join(" ");
}

/** Return the word for its state. */
export const stateName = ({ state }: Heartbeat): string => wordFor(state);

function wordFor(state: string): string {
  const known = STATES.find((each) => each === state);
  return known ? say(known) : state;
}

/** Return its own sentence, or what its silence means. */
export function sentenceOf(beat: Heartbeat): string {
  if (beat.state === "never") return say("neverSaid");
  if (beat.state === "lost") return say("lostSaid", { said: wordFor(beat.said ?? "") });
  return beat.detail ? inWords(beat.detail) : say("noDetail");
}

/** Return the figures of ingest that may be shown as present ones; null while it is silent. */
export function ingestFigures(beats: readonly Heartbeat[]) {
  const heard = beats.filter(({ program, state }) => program === "ingest" && isHeard(state));
  if (!heard.length) return null;
  const all = (name: string) =>
    heard.flatMap(({ figures }) => (typeof figures[name] === "number" ? [figures[name]] : []));
  return {
    rate: sum(all("rate_per_s")),
    lag_s: most(all("oldest_uncommitted_s")),
    in_flight: sum(all("in_flight")),
    spooled: sum(all("spooled")),
    budget_h: least(all("spool_hours_left")),
  };
}

const isHeard = (state: string) => state === "running" || state === "degraded";
const sum = (figures: number[]) => (figures.length ? figures.reduce((a, b) => a + b, 0) : null);
const most = (figures: number[]) => (figures.length ? Math.max(...figures) : null);
const least = (figures: number[]) => (figures.length ? Math.min(...figures) : null);
