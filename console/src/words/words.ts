// The page's language: Chinese first, English by a switch. Each room keeps its own phrases.

import { ref } from "vue";

const KEPT = "yiwang-language";
type Language = "zh" | "en";
type Places = Record<string, string | number>;

/** The page's language; templates that use `say` follow it by themselves. */
export const language = ref<Language>(localStorage.getItem(KEPT) === "en" ? "en" : "zh");

export const isChinese = (): boolean => language.value === "zh";

/** Switch between the two languages, and remember it in this browser. */
export function switchLanguage(): void {
  language.value = isChinese() ? "en" : "zh";
  localStorage.setItem(KEPT, language.value);
  document.documentElement.lang = isChinese() ? "zh-CN" : "en";
}

/** Return a room's `say(key, places)`: its phrase in the page's language, `{places}` filled in. */
export function phrases<Zh extends Record<string, string>>(
  zh: Zh,
  en: Record<keyof Zh, string>,
): (key: keyof Zh, places?: Places) => string {
  return (key, places = {}) => {
    const phrase = isChinese() ? zh[key] : en[key];
    return String(phrase).replace(/\{(\w+)\}/g, (_, name: string) => String(places[name] ?? ""));
  };
}

/** Return the field of a document that is in the page's language: `title_zh` or `title_en`. */
export function inLanguage<Field extends string>(
  document: { [key in `${Field}_zh` | `${Field}_en`]?: string | null | undefined },
  field: Field,
): string {
  return document[`${field}_${language.value}` as `${Field}_zh`] ?? "";
}
