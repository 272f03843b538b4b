// Talking to the api; the session is a cookie this script cannot read.

const ROOT = "/api/v1";

/** What the api answered when it answered no. */
export class Refusal extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Ask the api and return its JSON; a Refusal if it says no, a TypeError if it does not answer. */
export async function ask(path, options = {}) {
  const response = await fetch(ROOT + path, { credentials: "same-origin", ...options });
  if (response.ok) return response.status === 204 ? null : response.json();
  throw await refusal(response);
}

export const signIn = (form) => ask("/sign-in", { method: "POST", body: new URLSearchParams(form) });
export const signOut = () => ask("/sign-out", { method: "POST" });

/** Do something with an alert; the same key twice is the same request, however often the line breaks. */
export function order(alertId, { method = "POST", path, body, query }, key) {
  const question = query ? `?${new URLSearchParams(query)}` : "";
  return ask(`/alerts/${encodeURIComponent(alertId)}/${path}${question}`, {
    method,
    headers: { "Idempotency-Key": key },
    body: body && JSON.stringify(body),
  });
}

export const acknowledge = (alertId, key) => order(alertId, { path: "acknowledgement" }, key);

/** Return a key nobody else has. */
export const randomKey = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Return every item of a list, page by page. */
export async function askAll(path) {
  const items = [];
  let next = "";
  do {
    const cursor = next && `&cursor=${encodeURIComponent(next)}`;
    const page = await ask(`${path}?limit=1000${cursor}`);
    items.push(...page.items);
    next = page.next;
  } while (next);
  return items;
}

/** Read one live stream until it ends; `last` is the id to resume after. */
export async function readStream({ last, signal, onEvent }) {
  const headers = last === null ? {} : { "Last-Event-ID": last };
  const response = await fetch(`${ROOT}/stream`, { headers, signal, cache: "no-store" });
  if (!response.ok) throw await refusal(response);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (text + value).replaceAll("\r\n", "\n").split("\n\n");
    text = blocks.pop();
    blocks.map(parseBlock).forEach(onEvent);
  }
}

function parseBlock(block) {
  const fields = { event: "message", data: "", id: null };
  for (const line of block.split("\n")) {
    const [, name, value] = /^(\w+): ?(.*)$/.exec(line) ?? [];
    if (name in fields) fields[name] = value;
  }
  return fields;
}

async function refusal(response) {
  const body = await response.json().catch(() => null);
  const { code = "error", message = response.statusText } = body?.error ?? {};
  return new Refusal(response.status, code, message);
}
