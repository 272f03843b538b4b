// The field's names for what stands in the registry and in signals as a code. What is not known here
// is shown as its code.

import { partOfName } from "@/map/ground";
import { isChinese } from "@/words/words";

type Names = Record<string, readonly [zh: string, en: string]>;

/** Return a function that names a code in the page's language. */
export const nameFrom =
  (names: Names) =>
  (code: string): string =>
    names[code]?.[isChinese() ? 0 : 1] ?? code;

export const domainName = nameFrom({
  fire: ["消防", "Fire"],
  lighting: ["照明", "Lighting"],
  truck: ["渣土运输", "Muck trucks"],
  environment: ["环境", "Environment"],
  utility: ["水气热", "Utilities"],
  system: ["系统", "System"],
});

export const siteKindName = nameFrom({
  fire_unit: ["联网单位", "Networked unit"],
  "networked-unit": ["联网单位", "Networked unit"],
  lighting_cabinet: ["照明配电柜", "Lighting cabinet"],
  construction_site: ["建设工地", "Construction site"],
  dump_site: ["消纳场", "Dump site"],
  haulage_firm: ["渣土运输企业", "Haulage firm"],
  utility_station: ["能源站", "Utility station"],
  laboratory: ["实验室", "Laboratory"],
});

export const signalName = nameFrom({
  arc: ["故障电弧", "Arc fault"],
  backflow: ["倒流", "Backflow"],
  backup_power_fault: ["备电故障", "Back-up power fault"],
  breaker_tripped: ["断路器跳闸", "Breaker tripped"],
  bus_fault: ["总线故障", "Bus fault"],
  centre_line_fault: ["与中心线路故障", "Line to the centre down"],
  collision: ["碰撞", "Collision"],
  configuration_changed: ["配置改变", "Configuration changed"],
  contaminated: ["迷宫污染", "Contaminated"],
  cover_open: ["顶盖未密闭", "Cover open"],
  cycling_failure: ["闪灯", "Lamp cycling"],
  day_burning: ["白天亮灯", "Burning by day"],
  delayed: ["延时状态", "Delayed"],
  dimming_failure: ["调光失败", "Dimming failure"],
  door_open: ["门打开", "Door open"],
  duty_answered: ["查岗应答", "Duty check answered"],
  emergency: ["紧急报警", "Emergency"],
  fault: ["故障", "Fault"],
  feedback: ["反馈", "Feedback"],
  fire: ["火警", "Fire"],
  gas_high: ["燃气高报", "Gas, high alarm"],
  gas_low: ["燃气低报", "Gas, low alarm"],
  gnss_fault: ["卫星定位故障", "Positioning fault"],
  impact: ["撞击", "Impact"],
  lamp_failure: ["灯具故障", "Lamp failure"],
  leakage: ["漏电", "Leakage"],
  level_high: ["液位高", "Level high"],
  level_low: ["液位低", "Level low"],
  lift: ["举升", "Tipper raised"],
  line_fault: ["线路故障", "Line fault"],
  low_battery: ["电池电量低", "Battery low"],
  main_power_fault: ["主电故障", "Main power fault"],
  manual_alarm: ["手动报警", "Manual alarm"],
  manual_mode: ["手动状态", "Manual mode"],
  overcurrent: ["过流", "Overcurrent"],
  overheat: ["过热", "Overheat"],
  overspeed: ["超速", "Overspeed"],
  overvoltage: ["过压", "Overvoltage"],
  phase_loss: ["缺相", "Phase loss"],
  power_off: ["停电", "Power off"],
  pressure_high: ["压力高", "Pressure high"],
  pressure_low: ["压力低", "Pressure low"],
  relay_failure: ["继电器故障", "Relay failure"],
  reset: ["复位", "Reset"],
  route_deviation: ["线路偏移", "Off the route"],
  shielded: ["屏蔽", "Disabled"],
  silenced: ["消音", "Silenced"],
  started: ["启动", "Started"],
  supervised: ["监管", "Supervised"],
  tamper: ["被拆除", "Tampered with"],
  test: ["测试", "Test"],
  tilt: ["倾斜", "Tilted"],
  undervoltage: ["欠压", "Undervoltage"],
  water_discharge: ["放水", "Water discharge"],
  water_ingress: ["进水", "Water ingress"],
});

/** Why a message could not be read; the codes of docs/mqtt.md. */
export const reasonName = nameFrom({
  bad_topic: ["主题格式不对", "The topic is malformed"],
  unknown_device: ["设备未登记", "The device is not registered"],
  topic_mismatch: ["主题与登记不符", "The topic does not match the registry"],
  too_large: ["消息过大", "The message is too large"],
  not_utf8: ["不是 UTF-8 文本", "It is no UTF-8 text"],
  not_json: ["不是 JSON 对象", "It is no JSON object"],
  bad_time: ["时间不可读", "The time cannot be read"],
  too_old: ["时间过旧", "The time is too long ago"],
  refused: ["数据库拒绝", "The database refuses it"],
  bad_seq: ["序号不可读", "The sequence number cannot be read"],
  empty: ["消息为空", "There is nothing in it"],
  bad_value: ["数值不是数字", "A value is no number"],
  not_finite: ["数值不是有限数", "A value is not finite"],
  unknown_metric: ["指标未登记", "The kind of device has no such metric"],
  unknown_event: ["信号未登记", "The kind of device has no such signal"],
  bad_position: ["位置超出范围", "The position is out of range"],
  bad_senml: ["SenML 格式不对", "The SenML is malformed"],
  bad_sparkplug: ["Sparkplug 格式不对", "The Sparkplug is malformed"],
  bad_mapping: ["不符合厂家映射", "It does not fit the vendor's mapping"],
});

/** Registered facts whose names are known: where they come from is the registry's `attributes`. */
export const attributeName = nameFrom({
  use: ["用途", "Use"],
  floor: ["楼层", "Floor"],
  floors: ["层数", "Floors"],
  plate: ["车牌", "Plate"],
  dump_site: ["核准消纳场", "Approved dump site"],
  construction_site: ["核准工地", "Approved construction site"],
  approved_hours: ["核准时段", "Approved hours"],
  approved_route: ["核准路线", "Approved route"],
  rated_power_w: ["额定功率 (W)", "Rated power (W)"],
  lamps: ["灯数", "Lamps"],
  contact: ["联系人", "Contact"],
  telephone: ["电话", "Telephone"],
  phone: ["电话", "Telephone"],
  contacts: ["联系人", "Contacts"],
});

// Two-valued quantities (unit "1"), as devices/catalogue/metrics.toml defines their numbers.
const STATES: Record<string, Names> = {
  door_state: { 0: ["关闭", "closed"], 1: ["打开", "open"] },
  pump_state: { 0: ["停止", "stopped"], 1: ["运行", "running"] },
  manual_state: { 0: ["自动", "automatic"], 1: ["手动", "manual"] },
  lamp_on: { 0: ["灭", "off"], 1: ["亮", "on"] },
  load_state: { 0: ["空车", "empty"], 0.5: ["半载", "half"], 1: ["满载", "loaded"] },
  lift_state: { 0: ["平放", "flat"], 1: ["举升", "raised"] },
  cover_state: { 0: ["密闭", "closed"], 1: ["未密闭", "open"] },
  acc: { 0: ["熄火", "off"], 1: ["点火", "on"] },
};

/** Say whether a metric's numbers stand for states. */
export const isState = (metric: string): boolean => Object.hasOwn(STATES, metric);

const FIGURES = 4; // as many as an instrument in the field can mean
const figures = (digits: number) =>
  new Intl.NumberFormat("en", { maximumSignificantDigits: digits, useGrouping: false });
const rounded = figures(FIGURES);
const exact = figures(9);
const LARGE = 1000; // from here on, four figures would hide the ones that count

/** Return a value as people read it, without its unit: a state's word, or a rounded figure. */
export function valueOf(metric: string, value: number): string {
  const word = STATES[metric]?.[String(value)]?.[isChinese() ? 0 : 1];
  if (word !== undefined) return word;
  return Math.abs(value) >= LARGE ? String(Math.round(value * 10) / 10) : rounded.format(value);
}

/** Return a value as it was stored, for tables. */
export const exactly = (value: number): string => exact.format(value);

/** Return a device's name: a plate or a floor stands in its Chinese part, so that is never left out. */
export const deviceName = (name: string): string => (isChinese() ? partOfName(name, true) : name);

/** Return the part of a registered name that is in the page's language, where it has both. */
export const localName = (name: string): string => partOfName(name, isChinese());

/** Return a unit as it stands behind a figure; states and plain ratios have none. */
export const unitOf = (unit: string): string => (unit === "1" ? "" : unit);
