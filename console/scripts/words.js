// Every word on the page, Chinese first.

const WORDS = {
  zh: {
    title: "城市运行监测", otherLanguage: "EN", signIn: "登录", signOut: "退出",
    username: "用户名", password: "密码", dataAge: "最新数据", tiles: "城市概况", map: "城市一张图",
    alerts: "未结告警", now: "刚刚", unknown: "未知", seenAt: "观测于 {time}",
    units: "联网单位在线", devices: "设备在线", of: "/ {total}", messages: "消息速率",
    perSecond: "条/秒", newest: "最新数据距今", parts: "系统部件", books: "账目核对",
    critical: "紧急", high: "重要", medium: "一般", low: "提示", normal: "正常", offline: "离线", absent: "未在线",
    balanced: "收支平衡", unbalanced: "不平衡，差 {balance} 条", booksUnknown: "数据库无应答，暂无法核对",
    received: "接收", stored: "入库", duplicate: "重复", quarantined: "隔离", inFlight: "在途",
    missing: "已知缺失", unacknowledgedCount: "{count} 条未确认", spooled: "磁盘暂存 {count} 条，还可缓存 {hours} 小时",
    uncommitted: "最久未入库 {seconds} 秒",
    broker: "消息中枢", ingest: "数据接入", engine: "告警引擎", database: "数据库",
    up: "正常", degraded: "降级", down: "中断",
    noAlerts: "当前没有未结告警。", moreAlerts: "另有 {count} 条较低级别告警未显示。",
    unacknowledged: "未确认", acknowledged: "已由 {officer} 确认", returned_unacknowledged: "已恢复，未确认",
    shelved: "已搁置", suppressed: "按设计抑制", out_of_service: "已停用", until: "至 {time}",
    drill: "【演练】", chattering: "抖动", hiddenHere: "另有 {count} 条归并于此", assignedTo: "指派 {to}",
    verdict_real: "真警", verdict_false: "误报", verdict_test: "测试", handedOver: "已移交119（{reference}）",
    deeds: "处置", remark: "备注或原因", comment: "备注", shelve: "搁置", unshelve: "取消搁置",
    needRemark: "请先填写备注或原因。", sending: "正在提交…",
    heldCount: "{count} 条已搁置或抑制", drillCount: "{count} 条演练", foldedCount: "{count} 条归并",
    acknowledge: "确认接警", acknowledging: "正在确认…", guidance: "处置指引", raisedAt: "发生 {time}",
    lateNote: "发生 {raised}，{detected} 才获知", times: "×{count}", valueLimit: "{value} {unit}（限值 {limit}）",
    needOfficer: "值班员及以上可确认", alertsHere: "{count} 条未结告警", noAlertsHere: "无未结告警",
    devicesHere: "{count} 台设备", mapEmpty: "尚无登记的单位。",
    cutOff: "与服务器断开", cutOffDetail: "画面停在 {time}，不是现在的情况。正在重新连接…（已 {seconds} 秒）",
    engineDown: "告警引擎中断", engineDownDetail: "新告警可能无法显示，请按预案人工值守。{sentence}",
    brokerDown: "消息中枢断开", brokerDownDetail: "新告警无法到达。{sentence}",
    dataOld: "数据陈旧", dataOldDetail: "最新的设备数据已是 {age} 前的。", noData: "没有设备数据", noDataDetail: "数据接入未上报。",
    seconds: "{count} 秒", minutes: "{count} 分钟", hours: "{count} 小时", days: "{count} 天", ago: "{span}前",
    wrong: "用户名或密码不正确。", tooMany: "失败次数过多，请稍后再试。", noAnswer: "服务器无应答。",
    failed: "未成功：{message}",
  },
  en: {
    title: "City operations", otherLanguage: "中", signIn: "Sign in", signOut: "Sign out",
    username: "User name", password: "Password", dataAge: "Newest data", tiles: "The city at a glance", map: "City map",
    alerts: "Open alerts", now: "now", unknown: "unknown", seenAt: "seen at {time}",
    units: "Units online", devices: "Devices online", of: "/ {total}", messages: "Messages",
    perSecond: "per second", newest: "Age of newest data", parts: "Parts", books: "The books",
    critical: "critical", high: "high", medium: "medium", low: "low", normal: "normal", offline: "offline", absent: "not online",
    balanced: "The books balance", unbalanced: "Out of balance by {balance}", booksUnknown: "The database does not answer",
    received: "received", stored: "stored", duplicate: "duplicate", quarantined: "quarantined", inFlight: "in flight",
    missing: "known missing", unacknowledgedCount: "{count} unacknowledged", spooled: "{count} on disk, room for {hours} h",
    uncommitted: "oldest uncommitted {seconds} s",
    broker: "broker", ingest: "ingest", engine: "alert engine", database: "database",
    up: "up", degraded: "degraded", down: "down",
    noAlerts: "No open alerts.", moreAlerts: "{count} less urgent alerts are not shown.",
    unacknowledged: "unacknowledged", acknowledged: "taken by {officer}", returned_unacknowledged: "returned, unacknowledged",
    shelved: "shelved", suppressed: "suppressed by design", out_of_service: "out of service", until: "until {time}",
    drill: "[DRILL]", chattering: "chattering", hiddenHere: "{count} more under this one", assignedTo: "given to {to}",
    verdict_real: "real", verdict_false: "false alarm", verdict_test: "test", handedOver: "handed over to 119 ({reference})",
    deeds: "More", remark: "remark or reason", comment: "Remark", shelve: "Shelve", unshelve: "Unshelve",
    needRemark: "Write a remark or a reason first.", sending: "Sending…",
    heldCount: "{count} put aside", drillCount: "{count} in a drill", foldedCount: "{count} folded",
    acknowledge: "Acknowledge", acknowledging: "Acknowledging…", guidance: "Guidance", raisedAt: "raised {time}",
    lateNote: "happened {raised}, known {detected}", times: "×{count}", valueLimit: "{value} {unit} (limit {limit})",
    needOfficer: "Officers acknowledge", alertsHere: "{count} open alerts", noAlertsHere: "no open alerts",
    devicesHere: "{count} devices", mapEmpty: "No site is registered yet.",
    cutOff: "Cut off from the server", cutOffDetail: "This is the city at {time}, not now. Connecting again… ({seconds} s)",
    engineDown: "The alert engine is down", engineDownDetail: "New alerts may not appear; go by the manual plan. {sentence}",
    brokerDown: "The broker is down", brokerDownDetail: "New alerts cannot arrive. {sentence}",
    dataOld: "The data is old", dataOldDetail: "The newest device data is {age} old.", noData: "No device data", noDataDetail: "Ingest does not report.",
    seconds: "{count} s", minutes: "{count} min", hours: "{count} h", days: "{count} days", ago: "{span} ago",
    wrong: "The name or the password is wrong.", tooMany: "Too many failed attempts; wait a few minutes.", noAnswer: "The server does not answer.",
    failed: "Not done: {message}",
  },
};

const KEPT = "yiwang-language";
const listeners = [];
let language = localStorage.getItem(KEPT) === "en" ? "en" : "zh";

export const isChinese = () => language === "zh";

/** Return a phrase in the page's language, its {places} filled in. */
export function say(key, places = {}) {
  const phrase = WORDS[language][key] ?? key;
  return phrase.replace(/\{(\w+)\}/g, (_, name) => String(places[name] ?? ""));
}

/** Return the field of a document that is in the page's language: `title_zh` or `title_en`. */
export const inLanguage = (document, field) => document[`${field}_${language}`] ?? "";

/** Call `listener` after each switch. */
export const onSwitch = (listener) => listeners.push(listener);

/** Fill every element that names its words, and let its buttons switch. */
export function speak() {
  document.documentElement.lang = isChinese() ? "zh-CN" : "en";
  for (const element of document.querySelectorAll("[data-text]")) {
    element.textContent = say(element.dataset.text);
  }
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", say(element.dataset.label));
  }
  for (const button of document.querySelectorAll("[data-switch-language]")) {
    button.textContent = say("otherLanguage");
    button.lang = isChinese() ? "en" : "zh-CN";
    button.onclick = switchLanguage;
  }
}

function switchLanguage() {
  language = isChinese() ? "en" : "zh";
  localStorage.setItem(KEPT, language);
  speak();
  for (const listener of listeners) listener();
}
