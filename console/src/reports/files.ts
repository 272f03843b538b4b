// Files from the api: fetched whole, so that a refusal is a sentence and half a file is none.

import { refusalOf, turnedAway } from "@/api/client";

export interface Fetched {
  name: string;
  content: Blob;
}

type Parameter = string | readonly string[] | undefined;

/** Write parameters as a query; empty ones are left out, lists are repeated. */
export function queryOf(parameters: Record<string, Parameter>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters))
    for (const each of typeof value === "string" ? [value] : (value ?? []))
      if (each !== "") query.append(name, each);
  return query.toString();
}

/** Fetch a file; a Refusal says why there is none, a broken line is an error. */
export async function fetchFile(address: string): Promise<Fetched> {
  const response = await fetch(address, { cache: "no-store" });
  if (response.status === 401) turnedAway.value++;
  if (!response.ok) throw await refusalOf(response);
  const name = nameIn(response.headers.get("Content-Disposition") ?? "");
  return { name, content: await response.blob() };
}

/** Read a file's name out of its Content-Disposition (RFC 6266): the one with all letters first. */
export function nameIn(disposition: string): string {
  const full = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1];
  if (full) return decodeURIComponent(full);
  return /filename="?([^";]+)"?/i.exec(disposition)?.[1] ?? "yiwang";
}

/** Hand a fetched file to the browser's downloads. */
export function keep({ name, content }: Fetched): void {
  const address = URL.createObjectURL(content);
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
