// What the server says, in the page's language. Every program says what is wrong in one English
// sentence; sentences.zh.json is the catalogue of those sentences, `{places}` standing for names,
// instants and what libraries say, which parts.zh.json has.

import catalogue from "./sentences.zh.json";
import phrases from "./parts.zh.json";
import { dayOf, momentOf, timeOfDay } from "./instants";
import { isChinese } from "./words";

interface Said {
  code: string;
  message: string;
}

/** One line of the catalogue: how to know the English sentence, and what it is in Chinese. */
interface Line {
  pattern: RegExp;
  literal: number; // characters that must stand there just so
  chinese: string;
}

const INSTANT = /^\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)? UTC$/;
const PLACE = /\{(\w+)\}/g;
const BETWEEN_SENTENCES = /(?<=[.?]) (?=[A-Z'`]|(?:line|grids|sites|devices) \d)/;
const LISTS: Record<string, string> = { losses: ", ", faults: "; " }; // places with several parts

const sentences = bookOf(catalogue.sentences);
const parts = bookOf(phrases.parts);
const names = new Map(
  Object.entries(phrases.names).map(([place, known]) => [place, new Map(Object.entries(known))]),
);
const codes: Record<string, string> = catalogue.codes;
const whole = new Map(Object.entries(catalogue.sentences));

/** Return what was refused and why, in the page's language; English stays as the api says it. */
export function refusalInWords({ code, message }: Said): string {
  if (!isChinese()) return message;
  return inChinese(message) ?? roughly(code, message);
}

/** Return a sentence of any program in the page's language, or as it is if it is unknown. */
export const inWords = (message: string): string => (isChinese() && inChinese(message)) || message;

/** Return a text in the page's language if it is a program's own; what somebody typed stays. */
export const inWordsIfOurs = (text: string): string => (isChinese() && whole.get(text)) || text;

function inChinese(message: string): string | null {
  const each = message.split(BETWEEN_SENTENCES).map((one) => lookUp(sentences, one));
  return each.includes(null) ? lookUp(sentences, message) : each.join("");
}

/** What cannot be said in Chinese is not kept back: its kind in Chinese, then the api's own words. */
function roughly(code: string, message: string): string {
  const kind = codes[code];
  return kind ? `${kind}：${message}` : message;
}

function lookUp(book: readonly Line[], text: string): string | null {
  for (const { pattern, chinese } of book) {
    const found = pattern.exec(text);
    const places = found?.groups ?? {};
    if (found) return chinese.replace(PLACE, (_, name: string) => filled(name, places[name] ?? ""));
  }
  return null;
}

/** Put what says most first: `is not {state}` must not be taken for `is not about lives`. */
function bookOf(lines: Record<string, string>): Line[] {
  return Object.entries(lines)
    .map(([english, chinese]) => ({
      pattern: patternOf(english),
      literal: english.replace(PLACE, "").length,
      chinese,
    }))
    .toSorted((one, other) => other.literal - one.literal);
}

function patternOf(english: string): RegExp {
  const escaped = english.replace(/[.*+?^$()[\]|\\]/g, "\\$&");
  return new RegExp(`^${escaped.replace(PLACE, "(?<$1>.+?)")}$`, "s");
}

/** Write what stands in a place: instants by Shanghai's clock, words of ours in Chinese. */
function filled(place: string, said: string): string {
  const separator = LISTS[place];
  if (separator) return said.split(separator).map(part).join("、");
  if (place === "how" || place === "fault") return part(said);
  if (place === "rest") return inChinese(said) ?? said;
  if (INSTANT.test(said))
    return written(place, new Date(`${said.slice(0, -4).replace(" ", "T")}Z`));
  const known = names.get(place.split("_")[0] ?? "");
  if (!known) return said;
  const each = said.split(" | ").map((one) => known.get(one) ?? one);
  return each.join("或");
}

/** Write an instant; one that is wrong is `dated`, with its year, for that is what is wrong with it. */
const written = (place: string, at: Date): string =>
  place === "dated" ? `${dayOf(at)} ${timeOfDay(at)}` : momentOf(at, new Date());

const part = (said: string): string => lookUp(parts, said) ?? said;
