// Whether there is water: in a shape and a word, not a colour alone.

import type { Schemas } from "@/api/client";

type NearWater = Schemas["NearWater"];

const HEALTH = {
  normal: { level: "good", sign: "●", word: "normalWater" },
  low: { level: "bad", sign: "▼", word: "lowWater" },
  high: { level: "bad", sign: "▲", word: "highWater" },
  unknown: { level: "unknown", sign: "?", word: "unknownWater" },
} as const;

/** Return how to show a source of water; one that says nothing is unknown, never normal. */
export const waterHealth = ({ water }: Pick<NearWater, "water">) =>
  HEALTH[water?.state ?? "unknown"];
