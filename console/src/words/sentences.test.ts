import { describe, expect, it } from "vitest";

import openapi from "../../openapi.json?raw";
import { inWords, inWordsIfOurs, refusalInWords } from "./sentences";
import phrases from "./parts.zh.json";
import catalogue from "./sentences.zh.json";
import { language } from "./words";

const say = (message: string, code = "conflict") => refusalInWords({ code, message });
const PLACE = /\{(\w+)\}/g;

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

  it("dates what is too old with its year", () => {
    expect(
      inWords("The message says 2016-01-31 20:00:00 UTC, which is older than this system keeps."),
    ).toBe("消息的时间是 2016-02-01 04:00:00，早于本系统保存的范围。");
  });

  it("names each line of an import, and what to write there", () => {
    const sentence =
      "Nothing was imported. line 2, lon: 'x' does not fit; write degrees east, -180 to 180. " +
      "line 5: Write 3 cells as in the header, not 4. " +
      "sites 0: Expected `float | null`, got `str` - at `$.lat`. And 7 more.";

    expect(say(sentence, "bad_lines")).toBe(
      "未导入任何内容。第 2 行“lon”：x 不符合要求，请填写以度计的东经，-180 至 180。" +
        "第 5 行：应与表头一样有 3 格，现有 4 格。" +
        "sites[0]：`$.lat` 应为数字或空值，不能是文本。另有 7 处。",
    );
  });

  it("says why a program is degraded, the library's words included", () => {
    const why =
      'The database does not answer: connection failed: connection to server at "10.0.0.1", ' +
      "port 5432 failed: Connection refused.";
    expect(inWords(why)).toBe("数据库无应答：10.0.0.1:5432 拒绝连接。");
    expect(inWords(`数据接入（all）降级运行：${why}`)).toBe(
      "数据接入（all）降级运行：数据库无应答：10.0.0.1:5432 拒绝连接。",
    );
    expect(inWords("The database does not answer: the moon is full.")).toBe(
      "数据库无应答：the moon is full。",
    );
  });

  it("says what is wrong with a message as an integrator would look for it", () => {
    for (const [english, chinese] of [
      [
        "The payload is not JSON (Input data was truncated).",
        "消息体不是有效的 JSON：内容不完整。",
      ],
      [
        "The payload is not JSON (JSON is malformed: trailing comma in object (byte 8)).",
        "消息体不是有效的 JSON：第 8 字节处对象末尾多了逗号。",
      ],
      [
        "The message does not fit: Expected `float`, got `null` - at `$.values[...]`.",
        "消息不符合要求：`$.values[...]` 应为数字，不能是空值。",
      ],
      ["No device 'lamp-9' is registered.", "设备 lamp-9 没有登记。"],
    ] as const)
      expect(inWords(english)).toBe(chinese);
  });

  it("gives the api's own words where there are no others", () => {
    expect(say("Mercury is in retrograde.")).toBe("情况已变，未办理：Mercury is in retrograde.");
    expect(say("Mercury is in retrograde.", "teapot")).toBe("Mercury is in retrograde.");
    expect(inWords("Mercury is in retrograde.")).toBe("Mercury is in retrograde.");
  });
});

describe("a text that may be an officer's own", () => {
  it("is said in Chinese only where it is, word for word, a program's", () => {
    expect(inWordsIfOurs("The maintenance window is over.")).toBe("检修时段已结束。");
    expect(inWordsIfOurs("Write a report.")).toBe("Write a report.");
    expect(inWordsIfOurs("constructor")).toBe("constructor");
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
    for (const lines of [catalogue.sentences, phrases.parts])
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
