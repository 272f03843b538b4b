// What metrics, device kinds and rules are called; asked once per page and kept.

import { computed, shallowRef } from "vue";

import { api, asked, everyPage, type Schemas } from "@/api/client";
import { inLanguage } from "@/words/words";

import { domainName } from "./domains";

const metrics = shallowRef(new Map<string, Schemas["Metric"]>());
const profiles = shallowRef(
  new Map<string, Pick<Schemas["Profile"], "domain" | "name_zh" | "name_en">>(),
);
const titles = shallowRef(new Map<string, { title_zh: string; title_en: string }>());
let isAsked = false;

async function load(): Promise<void> {
  const [units, kinds, rules] = await Promise.all([
    everyPage(() => asked(api.GET("/api/v1/metrics-catalogue"))),
    everyPage(() => asked(api.GET("/api/v1/profiles"))),
    everyPage(() => asked(api.GET("/api/v1/rules"))),
  ]);
  metrics.value = new Map(units.map((metric) => [metric.name, metric]));
  profiles.value = new Map(kinds.map((profile) => [profile.profile_id, profile]));
  titles.value = new Map(
    rules.map(({ rule_id, rule, draft }) => [
      rule_id,
      (rule ?? draft?.rule ?? {}) as { title_zh: string; title_en: string },
    ]),
  );
}

/** Return how to call things; until the server has said, everything is called by its id. */
export function useNames() {
  if (!isAsked) {
    isAsked = true;
    load().catch(() => (isAsked = false));
  }
  return computed(() => {
    const [units, kinds, rules] = [metrics.value, profiles.value, titles.value];
    return {
      metric: (id: string) => named(units.get(id)) || id,
      unit: (id: string) => units.get(id)?.unit ?? "",
      profile: (id: string) => named(kinds.get(id)) || id,
      domain: domainName,
      domainOf: (profile: string) => kinds.get(profile)?.domain,
      rule: (id: string) => inLanguage(rules.get(id) ?? {}, "title") || id,
    };
  });
}

const named = (thing: { name_zh: string; name_en: string } | undefined): string =>
  thing ? inLanguage(thing, "name") : "";
