// What the registry says of a thing beyond its fixed fields, as lines a person can read.

import { attributeName } from "./names";

const LONG = 200; // signs of a nested value

/** Return the attributes as names and texts; geometry is drawn on the map instead. */
export function attributeFacts(attributes: Record<string, unknown>) {
  return Object.entries(attributes)
    .filter(([, value]) => !isGeometry(value))
    .map(([name, value]) => ({ name: attributeName(name), value: textOf(value) }));
}

const isGeometry = (value: unknown): boolean =>
  typeof value === "object" && value !== null && "coordinates" in value;

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join("、") || "—";
  if (typeof value === "object" && value !== null) return JSON.stringify(value).slice(0, LONG);
  return String(value ?? "—");
}
