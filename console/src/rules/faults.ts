// Which field a refusal of the api is about: its sentences name it as `$.below.limit` or `below`.

const PATH = /`\$\.([A-Za-z0-9_.[\]]+)`/;
const QUOTED = /`([a-z][a-z0-9_]*)`/g;

/** Return the field of the document a sentence names; null where it names none of them. */
export function faultyField(sentence: string, fields: Iterable<string>): string | null {
  const known = new Set(fields);
  const path = PATH.exec(sentence)?.[1] ?? "";
  const first = path.split(/[.[\]]+/).find((part) => known.has(part));
  if (first) return first;
  for (const [, name = ""] of sentence.matchAll(QUOTED)) if (known.has(name)) return name;
  return null;
}
