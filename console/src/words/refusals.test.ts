import { afterEach, describe, expect, it } from "vitest";

import openapi from "../../openapi.json?raw";
import { inWords, refusalInWords } from "./refusals";
import catalogue from "./refusals.zh.json";
import { language } from "./words";

const say = (message: string, code = "conflict") => refusalInWords({ code, message });
const PLACE = /\{(\w+)\}/g;

afterEach(() => {
  language.value = "zh";
});

describe("a refusal on a Chinese page", () => {
  it("names who was first and when, by Shanghai's clock", () => {
    expect(
      say("Alert a-1 has already been acknowledged by officer at 2026-05-01 04:00:05 UTC."),
    ).toBe("告警 a-1 已由 officer 于 05/01 12:00:05 确认。");
  });

  it("keeps both instants of an alert that was cleared meanwhile", () => {
    const sentence =
      "Alert a-1 was cleared at 2026-05-01 04:00:05 UTC; " +
      "it had been acknowledged by 李明 at 2026-05-01 03:59:00 UTC.";

    expect(say(sentence)).toBe(
      "告警 a-1 已由 李明 于 05/01 11:59:00 确认，并已于 05/01 12:00:05 解除。",
    );
  });

  it("says how something is held, by whom, until when and why", () => {
    expect(
      say("Alert a-1 has been shelved by wang until 2026-05-01 04:00:00 UTC (pump (2) repaired)."),
    ).toBe("告警 a-1 已搁置：wang，至 05/01 12:00:00（pump (2) repaired）。");
    expect(say("Alert a-1 is suppressed by a window (works).")).toBe(
      "告警 a-1 已抑制：检修时段（works）。",
    );
  });

  it("says each thing a new version of a rule would lose", () => {
    const sentence =
      "Rule smoke guards lives. The new version would lose `life_safety`, " +
      "lower the priority from critical to low; that is not done by editing a rule.";

    expect(say(sentence)).toBe(
      "规则 smoke 保护生命安全。新版本将取消生命安全标志（`life_safety`）、" +
        "把级别从“紧急”降为“提示”，不可用修改规则的方式这样做。",
    );
  });

  it("takes an officer called `officer` for a name, a role for a word", () => {
    expect(say("This takes the role supervisor; officer has officer.", "forbidden")).toBe(
      "需要“值班长”权限；officer 的角色是“值班员”。",
    );
  });

  it("shows the times of a roster by Shanghai's clock, to the second or not", () => {
    expect(
      say("Nobody is planned from 2026-05-01 04:00 UTC to 2026-05-01 06:30 UTC.", "invalid"),
    ).toBe("05/01 12:00:00 至 05/01 14:30:00 无人排班。");
  });

  it("says several sentences one after the other", () => {
    const one = "Rule 'a' would hide itself.";
    expect(say(`${one} Rule 'b' looks at 'c', which is no rule.`, "invalid")).toBe(
      "规则 a 会隐去自己。规则 b 引用 c，但没有这条规则。",
    );
    expect(say(`Rule a is needed by others. ${one}`)).toBe(
      "其他规则要用到规则 a。规则 a 会隐去自己。",
    );
  });

  it("keeps the field's name, by which the form finds it", () => {
    const fault = "Expected `float` >= 0.0 - at `$.on_delay_s`";
    expect(say(`Rule a cannot be accepted: ${fault}`, "invalid")).toContain("`$.on_delay_s`");
  });

  it("gives the api's own words where there are no others", () => {
    expect(say("Mercury is in retrograde.")).toBe("情况已变，未办理：Mercury is in retrograde.");
    expect(say("Mercury is in retrograde.", "teapot")).toBe("Mercury is in retrograde.");
    expect(inWords("Mercury is in retrograde.")).toBe("Mercury is in retrograde.");
  });
});

describe("a refusal on an English page", () => {
  it("is the api's own sentence", () => {
    language.value = "en";
    expect(say("Sign in first.", "unauthenticated")).toBe("Sign in first.");
  });
});

describe("the catalogue", () => {
  it("has a Chinese wording for every code the api may answer", () => {
    const { examples } = JSON.parse(openapi).components.schemas.Problem.properties.code;
    expect(examples.length).toBeGreaterThan(9);
    expect(examples.filter((code: string) => !(code in catalogue.codes))).toEqual([]);
  });

  it("uses only places the English sentence has", () => {
    for (const lines of [catalogue.sentences, catalogue.parts])
      for (const [english, chinese] of Object.entries(lines)) {
        const there = new Set(english.match(PLACE));
        expect((chinese.match(PLACE) ?? []).filter((place) => !there.has(place))).toEqual([]);
      }
  });

  it("finds each of its own sentences, whatever stands in its places", () => {
    for (const [english, chinese] of Object.entries(catalogue.sentences)) {
      const filled = (text: string) => text.replace(PLACE, "x-1");
      expect(say(filled(english)), english).toBe(filled(chinese));
    }
  });
});
