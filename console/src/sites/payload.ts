// A message nobody could read, shown as text or as a hex dump; nothing in it is ever run.

import type { Schemas } from "@/api/client";

const ROW = 16;
const SHOWN = 8192; // bytes: what a page can show without becoming slow

/** Return the bytes of a message. */
export function bytesOf({ payload, encoding }: Schemas["QuarantineShown"]): Uint8Array {
  if (encoding === "utf-8") return new TextEncoder().encode(payload);
  return Uint8Array.from(atob(payload), (sign) => sign.charCodeAt(0));
}

/** Write bytes as rows of offset, hex and what can be read of them; the first 8 KiB. */
export function hexOf(bytes: Uint8Array): string {
  const rows: string[] = [];
  for (let offset = 0; offset < Math.min(bytes.length, SHOWN); offset += ROW)
    rows.push(rowOf(bytes.subarray(offset, offset + ROW), offset));
  return rows.join("\n");
}

function rowOf(bytes: Uint8Array, offset: number): string {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  const signs = Array.from(bytes, (byte) =>
    byte > 31 && byte < 127 ? String.fromCharCode(byte) : ".",
  ).join("");
  return `${offset.toString(16).padStart(6, "0")}  ${hex.padEnd(ROW * 3)} ${signs}`;
}

/** Return the text of a message, cut to what a page can show. */
export const textOf = ({ payload }: Schemas["QuarantineShown"]): string => payload.slice(0, SHOWN);
