// The theme's colours as the map and the graphics card want them.

import { colour } from "@/theme";

export type Four = [number, number, number, number];

/** Read `#rgb` or `#rrggbb` into numbers from 0 to 1. */
export function fourOf(hex: string, alpha = 1): Four {
  const digits = hex.replace("#", "");
  const long = digits.length === 3 ? [...digits].map((one) => one + one).join("") : digits;
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map(
    (from) => Number.parseInt(long.slice(from, from + 2), 16) / 255,
  );
  return [red, green, blue, alpha];
}

const NAMES = [
  "ground",
  "sheet",
  "raised",
  "line",
  "text",
  "soft",
  "faint",
  "critical",
  "high",
  "medium",
  "low",
  "offline",
  "normal",
  "accent",
] as const;

export type Colours = Record<(typeof NAMES)[number], string>;

/** Return the present theme's colours by their names in `styles/tokens.css`. */
export const colours = (): Colours =>
  Object.fromEntries(NAMES.map((name) => [name, colour(name)])) as Colours;

/** Return the colours of trucks, in the order of `TRUCK_COLOUR`. */
export const truckDress = ({ accent, text, soft, critical, offline, ground }: Colours) => ({
  colours: [accent, text, soft, critical, offline].map((hex) => fourOf(hex)),
  ground: fourOf(ground, 0.9),
});

/** Return the colours of lamps, in the order of `LAMP_LOOK`. */
export const lampDress = ({ medium, critical, high, faint, offline, ground }: Colours) => ({
  colours: [medium, critical, high, faint, offline].map((hex) => fourOf(hex)),
  ground: fourOf(ground, 0.85),
});
