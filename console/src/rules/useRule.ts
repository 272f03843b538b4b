// One rule and the tag of what was seen of it: whoever writes names the tag, so nobody is overwritten.

import { computed } from "vue";

import { api, Refusal } from "@/api/client";
import { useAsked } from "@/parts/useAsked";

import { documentOf, type RuleDocument, type WithVersions } from "./document";

export interface Seen {
  rule: WithVersions | null; // null: there is no such rule yet
  tag: string | null;
}

/** Ask for a rule; one that does not exist yet is nothing to complain of. */
export function useRule(ruleId: () => string) {
  const asking = useAsked(() => read(ruleId()), ruleId);
  const rule = computed(() => asking.answer.value?.rule ?? null);
  const tag = computed(() => asking.answer.value?.tag ?? null);
  return { ...asking, rule, tag };
}

async function read(rule_id: string): Promise<Seen> {
  try {
    const path = { rule_id };
    const { data, response } = await api.GET("/api/v1/rules/{rule_id}", { params: { path } });
    return { rule: data as WithVersions, tag: response.headers.get("ETag") };
  } catch (error) {
    if (error instanceof Refusal && error.status === 404) return { rule: null, tag: null };
    throw error;
  }
}

/** Return a copy of the document that somebody would go on writing: the draft, else what is in force. */
export function copyFor(rule: WithVersions): RuleDocument | null {
  const found = rule.draft?.rule ?? rule.rule ?? rule.versions[0]?.rule;
  return found ? documentOf(structuredClone(found)) : null;
}
