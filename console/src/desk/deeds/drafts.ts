// What an officer is writing, per alert and deed: news, another choice, another room lose nothing.

import { reactive } from "vue";

import type { DeedName, FieldName } from "./deeds";

export type Draft = Record<FieldName, string>;

const drafts = reactive(new Map<string, Draft>());

/** Return the draft of a deed; the same one until it has been done. */
export function draftOf(alertId: string, deed: DeedName): Draft {
  const name = `${deed} ${alertId}`;
  const empty: Draft = {
    text: "",
    reason: "",
    to: "",
    officer: "",
    reference: "",
    minutes: "30",
    priority: "",
  };
  if (!drafts.has(name)) drafts.set(name, empty);
  return drafts.get(name) as Draft;
}

/** Forget a draft: it has been sent. */
export const forgetDraft = (alertId: string, deed: DeedName): boolean =>
  drafts.delete(`${deed} ${alertId}`);
