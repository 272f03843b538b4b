import { createApp, h, nextTick, shallowRef } from "vue";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { api, Refusal } from "@/api/client";
import type { Alert } from "@/live/board";
import { me } from "@/session";

import { sample } from "../sample";
import DeedPanel from "./DeedPanel.vue";

const FIRST = sample({ alert_id: "a-1", title_zh: "一楼火警", state: "unacknowledged" });
const SECOND = sample({ alert_id: "a-2", title_zh: "二楼火警", state: "unacknowledged" });
const REFUSED = new Refusal(
  422,
  "invalid",
  "An alert may be shelved for 720 minutes at most, not 721.",
);

/** Show the deeds of an alert, as an officer; `show` goes on to another alert. */
function panelOf(first: Alert) {
  const shown = shallowRef(first);
  const frame = document.createElement("div");
  document.body.append(frame);
  const app = createApp(() => h(DeedPanel, { alert: shown.value }));
  app.mount(frame);
  const button = (word: string) =>
    [...frame.querySelectorAll("button")].find(({ textContent }) => textContent?.includes(word));
  return {
    app,
    frame,
    press: (word: string) => button(word)?.click(),
    refused: () => frame.querySelector(".refused")?.textContent,
    show: async (alert: Alert) => {
      shown.value = alert;
      await nextTick();
    },
  };
}

let answer: (error: Error) => void;

beforeEach(() => {
  me.value = { username: "li", role: "officer", full_name: "" } as typeof me.value & object;
  const asking = () => new Promise((_, reject) => (answer = reject));
  vi.spyOn(api, "POST").mockImplementation(asking as typeof api.POST);
});
afterEach(() => {
  vi.restoreAllMocks();
  me.value = null;
});

it("says a refusal where the alert is", async () => {
  const panel = panelOf(FIRST);
  panel.press("确认接警");
  answer(REFUSED);

  await vi.waitFor(() =>
    expect(panel.refused()).toBe("告警最多搁置 720 分钟，不可搁置 721 分钟。"),
  );
  panel.app.unmount();
});

it("says of which alert a refusal is when somebody has gone on to another one", async () => {
  const panel = panelOf(FIRST);
  panel.press("确认接警");
  await panel.show(SECOND);
  answer(REFUSED);

  await vi.waitFor(() => expect(panel.refused()).toContain("一楼火警"));
  expect(panel.refused()).toContain("不可搁置 721 分钟");
  panel.app.unmount();
});

it("does not lose the refusal of a form that was left before the answer came", async () => {
  const panel = panelOf(FIRST);
  panel.press("备注");
  await nextTick();
  const note = panel.frame.querySelector("input")!;
  note.value = "已通知物业";
  note.dispatchEvent(new Event("input"));
  panel.press("提交");
  await panel.show(SECOND);
  answer(REFUSED);

  await vi.waitFor(() => expect(panel.refused()).toContain("一楼火警"));
  panel.app.unmount();
});
