// Why a deed was not done, in words: who was first and when, whatever else there is to say.

import { api, asked, Refusal } from "@/api/client";
import { now, take } from "@/live/city";
import { momentOf } from "@/words/instants";
import { refusalInWords } from "@/words/sentences";

import { officerName } from "../places";
import { isAnswer } from "./attempts";
import type { DeedName } from "./deeds";
import { say } from "./words";

/** Say why not; what an alert is by now is looked at anew, and taken over. */
export async function explain(error: unknown, deed: DeedName, alertId: string): Promise<string> {
  if (!(error instanceof Refusal)) return say("notSent");
  const sentence = refusalInWords(error);
  if (!isAnswer(error) || error.status !== 409) return sentence;
  const first = await whoWasFirst(deed, alertId);
  return tellsWhen(sentence) ? sentence : [first, sentence].filter(Boolean).join(" ");
}

/** The engine's own sentence names who and when; another's may not. */
const tellsWhen = (sentence: string): boolean => /\d\d:\d\d:\d\d/.test(sentence);

async function whoWasFirst(deed: DeedName, alert_id: string): Promise<string> {
  const found = await asked(
    api.GET("/api/v1/alerts/{alert_id}", { params: { path: { alert_id } } }),
  ).catch(() => null);
  if (!found) return "";
  take(found);
  const { acknowledged_by: officer, acknowledged_at: at } = found;
  if (deed !== "acknowledge" || !officer || !at) return "";
  return say("takenBy", { officer: officerName(officer), time: momentOf(at, now.value) });
}
