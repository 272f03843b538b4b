// Each deed as the api takes it.

import { api, asked } from "@/api/client";
import type { Alert } from "@/live/board";

import { once } from "./attempts";
import type { DeedName } from "./deeds";

export type Said = Partial<Record<"text" | "reason" | "to" | "officer" | "reference", string>> & {
  minutes?: number;
  priority?: Alert["priority"];
};

type Send = (alertId: string, said: Said, key: string) => Promise<Alert>;

const at = (alert_id: string, key: string) => ({
  params: { path: { alert_id }, header: { "idempotency-key": key } },
});

const verdict =
  (is: "real" | "false" | "test"): Send =>
  (id, { text }, key) =>
    asked(
      api.POST("/api/v1/alerts/{alert_id}/verification", {
        ...at(id, key),
        body: { verdict: is, text: text || null },
      }),
    );

const reasoned = (alert_id: string, { reason = "" }: Said, key: string) => ({
  params: { path: { alert_id }, query: { reason }, header: { "idempotency-key": key } },
});

const SENDING: Record<DeedName, Send> = {
  acknowledge: (id, _, key) =>
    asked(api.POST("/api/v1/alerts/{alert_id}/acknowledgement", at(id, key))),
  verify_real: verdict("real"),
  verify_false: verdict("false"),
  verify_test: verdict("test"),
  fire_brigade: (id, { reference = "", text }, key) =>
    asked(
      api.POST("/api/v1/alerts/{alert_id}/fire-brigade", {
        ...at(id, key),
        body: { reference, text: text || null },
      }),
    ),
  dispatch: (id, { to = "", text }, key) =>
    asked(
      api.POST("/api/v1/alerts/{alert_id}/dispatch", {
        ...at(id, key),
        body: { to, text: text || null },
      }),
    ),
  arrive: (id, { text }, key) =>
    asked(
      api.POST("/api/v1/alerts/{alert_id}/arrival", {
        ...at(id, key),
        body: { text: text || null },
      }),
    ),
  comment: (id, { text = "" }, key) =>
    asked(api.POST("/api/v1/alerts/{alert_id}/comments", { ...at(id, key), body: { text } })),
  assign: (id, { officer = "" }, key) =>
    asked(
      api.POST("/api/v1/alerts/{alert_id}/assignment", { ...at(id, key), body: { to: officer } }),
    ),
  shelve: (id, { minutes = 30, reason = "" }, key) =>
    asked(
      api.POST("/api/v1/alerts/{alert_id}/shelf", { ...at(id, key), body: { minutes, reason } }),
    ),
  unshelve: (id, said, key) =>
    asked(api.DELETE("/api/v1/alerts/{alert_id}/shelf", reasoned(id, said, key))),
  take_out: (id, { reason = "" }, key) =>
    asked(api.POST("/api/v1/alerts/{alert_id}/service", { ...at(id, key), body: { reason } })),
  put_back: (id, said, key) =>
    asked(api.DELETE("/api/v1/alerts/{alert_id}/service", reasoned(id, said, key))),
  prioritise: (id, { priority = "high", reason = "" }, key) =>
    asked(
      api.POST("/api/v1/alerts/{alert_id}/priority", {
        ...at(id, key),
        body: { priority, reason },
      }),
    ),
};

/** Have a deed done, once: the same words again after a broken line are the same deed. */
export const doDeed = (deed: DeedName, alertId: string, said: Said): Promise<Alert> =>
  once(`${deed} ${alertId}`, said, (key) => SENDING[deed](alertId, said, key));
