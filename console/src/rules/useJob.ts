// A replay or a suggestion runs beside the engine for seconds to minutes; this asks how it stands.

import { onScopeDispose, shallowRef } from "vue";

import { api, asked, randomKey, Refusal, type Schemas } from "@/api/client";
import { useDeed } from "@/parts/useDeed";

export type Job = Schemas["JobShown"];

const EVERY_MS = 1000;

/** Begin jobs of a rule one after the other, and follow the newest to its end. */
export function useJob(ruleId: () => string) {
  const job = shallowRef<Job | null>(null);
  const isLost = shallowRef(false); // the engine does not know it any more
  const deed = useDeed();
  let timer: ReturnType<typeof setTimeout> | undefined;
  onScopeDispose(() => clearTimeout(timer));

  async function follow(job_id: string): Promise<void> {
    try {
      const params = { path: { job_id } };
      job.value = await asked(api.GET("/api/v1/jobs/{job_id}", { params }));
    } catch (error) {
      isLost.value = error instanceof Refusal && error.status === 404;
    }
    if (!isLost.value && job.value?.state !== "done" && job.value?.state !== "failed")
      timer = setTimeout(() => void follow(job_id), EVERY_MS);
  }

  async function begin(ordered: () => Promise<{ job_id: string }>): Promise<void> {
    clearTimeout(timer);
    isLost.value = false;
    job.value = null;
    await deed.carryOut(async () => await follow((await ordered()).job_id));
  }

  const params = () => ({
    path: { rule_id: ruleId() },
    header: { "idempotency-key": randomKey() },
  });
  const replay = (days: number, rule: Record<string, unknown> | null) =>
    begin(() =>
      asked(
        api.POST("/api/v1/rules/{rule_id}/replay", {
          params: params(),
          body: { days, rule },
        }),
      ),
    );
  const suggest = (days: number) =>
    begin(() =>
      asked(api.POST("/api/v1/rules/{rule_id}/suggestion", { params: params(), body: { days } })),
    );
  return { job, isLost, deed, replay, suggest };
}
