// Server-sent events over fetch: EventSource cannot say why it was refused.

import { refusalOf } from "@/api/client";

export interface Event {
  event: string;
  data: string;
  id: string | null;
}

interface Reading {
  last: string | null; // the id to resume after
  signal: AbortSignal;
  onEvent: (event: Event) => void;
}

/** Read the live stream until it ends; a Refusal if the api does not let us in. */
export async function readStream({ last, signal, onEvent }: Reading): Promise<void> {
  const headers: HeadersInit = last === null ? {} : { "Last-Event-ID": last };
  const response = await fetch("/api/v1/stream", { headers, signal, cache: "no-store" });
  if (!response.ok || !response.body) throw await refusalOf(response);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (text + value).replaceAll("\r\n", "\n").split("\n\n");
    text = blocks.pop() ?? "";
    for (const block of blocks) onEvent(parseBlock(block));
  }
}

/** Read one event out of its lines. */
export function parseBlock(block: string): Event {
  const event: Event = { event: "message", data: "", id: null };
  for (const line of block.split("\n")) {
    const [, name, value = ""] = /^(event|data|id): ?(.*)$/.exec(line) ?? [];
    if (name === "event") event.event = value;
    else if (name === "data") event.data = value;
    else if (name === "id") event.id = value;
  }
  return event;
}
