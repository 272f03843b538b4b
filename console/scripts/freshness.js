// The banner: whatever keeps this page from being the truth is said in words a room can read.

import { find } from "./elements.js";
import { spanOf, timeOfDay } from "./instants.js";
import { isChinese, say } from "./words.js";

const OLD_AFTER_S = 30;

/** Show what is wrong, the worst first; hide the banner when nothing is. */
export function judgeFreshness(live, city, seenAt) {
  const trouble = live.isFresh ? troubleOf(city) : cutOff(live, seenAt);
  document.body.classList.toggle("cut-off", !live.isFresh);
  find("banner").hidden = trouble === null;
  find("banner").className = trouble?.grave ? "grave" : "";
  write("banner-title", trouble?.title ?? "");
  write("banner-detail", trouble?.detail ?? "");
}

function cutOff(live, seenAt) {
  const time = seenAt ? timeOfDay(seenAt) : "--:--:--";
  const seconds = Number.isFinite(live.silentFor) ? Math.floor(live.silentFor) : "—";
  return { grave: true, title: say("cutOff"), detail: say("cutOffDetail", { time, seconds }) };
}

function troubleOf(city) {
  for (const [part, key] of [["broker", "brokerDown"], ["alerts", "engineDown"]]) {
    const health = city.parts[part];
    if (health.state === "down") {
      const sentence = isChinese() ? health.sentence_zh : health.sentence;
      return { grave: true, title: say(key), detail: say(`${key}Detail`, { sentence }) };
    }
  }
  if (city.newest_data_age_s === null) return { title: say("noData"), detail: say("noDataDetail") };
  if (city.newest_data_age_s <= OLD_AFTER_S) return null;
  return { title: say("dataOld"), detail: say("dataOldDetail", { age: spanOf(city.newest_data_age_s) }) };
}

function write(id, text) {
  if (find(id).textContent !== text) find(id).textContent = text;
}
