// Why a deed was not done, in words: who was first first, then the engine's own sentence.

import { api, asked, Refusal } from "@/api/client";
import { now, take } from "@/live/city";
import { momentOf } from "@/words/instants";

import { officerName } from "../places";
import { isAnswer } from "./attempts";
import type { DeedName } from "./deeds";
import { say } from "./words";

/** Say why not; what an alert is by now is looked at anew, and taken over. */
export async function explain(error: unknown, deed: DeedName, alertId: string): Promise<string> {
  if (!isAnswer(error)) return error instanceof Refusal ? error.message : say("notSent");
  const sentence = (error as Refusal).message;
  if ((error as Refusal).status !== 409) return sentence;
  return [await whoWasFirst(deed, alertId), sentence].filter(Boolean).join(" ");
}

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
