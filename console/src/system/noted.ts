// The field's names for what the audit and the engine's journal note as a code.

import { nameFrom } from "@/sites/names";

/** What somebody did. */
export const deedName = nameFrom({
  "alert.acknowledge": ["确认告警", "Acknowledged an alert"],
  "alert.arrive": ["记录到场", "Noted arrival"],
  "alert.assign": ["指派告警", "Assigned an alert"],
  "alert.comment": ["添加备注", "Remarked"],
  "alert.dispatch": ["派员处置", "Sent help"],
  "alert.hand_over_119": ["转 119", "Told 119"],
  "alert.prioritise": ["调整告警级别", "Changed a priority"],
  "alert.return_to_service": ["恢复使用", "Put back into service"],
  "alert.shelve": ["搁置告警", "Shelved an alert"],
  "alert.take_out_of_service": ["停用告警", "Took out of service"],
  "alert.unshelve": ["取消搁置", "Took back from the shelf"],
  "alert.verify": ["核实告警", "Verified an alert"],
  "check.answer": ["应答查岗", "Answered a duty check"],
  "check.start": ["发起查岗", "Started a duty check"],
  "credential.issue": ["签发设备凭证", "Issued a credential"],
  "credential.revoke": ["撤销设备凭证", "Revoked a credential"],
  "desk.put": ["修改席位", "Changed a desk"],
  "desk.roster": ["修改排班", "Changed a roster"],
  "device.delete": ["删除设备", "Deleted a device"],
  "device.put": ["登记设备", "Registered a device"],
  export: ["导出数据", "Exported data"],
  "handover.begin": ["发起交班", "Began a hand-over"],
  "handover.sign": ["签收交班", "Signed a hand-over"],
  "profile.put": ["修改设备型号", "Changed a profile"],
  "registry.import": ["导入登记信息", "Imported a registry"],
  "rule.approve": ["批准规则", "Approved a rule"],
  "rule.discard": ["放弃规则草稿", "Discarded a draft"],
  "rule.draft": ["起草规则", "Drafted a rule"],
  "rule.replay": ["试算规则", "Tried a rule"],
  "rule.retire": ["停用规则", "Retired a rule"],
  "rule.suggest": ["推荐规则参数", "Asked for advice on a rule"],
  "site.put": ["登记单位", "Registered a site"],
  "user.add": ["添加用户", "Added a user"],
  "user.change": ["修改用户", "Changed a user"],
  "window.end": ["结束检修时段", "Ended a window"],
  "window.put": ["设置检修时段", "Set a window"],
});

/** What the database keeps. */
export const relationName = nameFrom({
  alert_events: ["告警流转", "Transitions of alerts"],
  alert_journal: ["引擎日志", "Journal of the engine"],
  alerts: ["已结束的告警", "Alerts that are over"],
  books_by_hour: ["每小时数据账", "Books by the hour"],
  device_events: ["设备信号", "Signals of devices"],
  heartbeats: ["程序心跳", "Heartbeats"],
  ledger: ["各设备数据账", "Books of each device"],
  positions: ["车辆位置", "Positions"],
  quarantine: ["隔离消息", "Quarantine"],
  readings: ["读数", "Readings"],
  readings_1d: ["每日统计", "Readings by the day"],
  readings_1h: ["每小时统计", "Readings by the hour"],
  readings_1m: ["每分钟统计", "Readings by the minute"],
  redated_messages: ["改过时间的消息", "Messages dated anew"],
  sequence_gaps: ["序号缺口", "Gaps in sequences"],
});

/** What a line of the journal is about. */
export const kindName = nameFrom({
  rule: ["规则", "rule"],
  window: ["检修时段", "window"],
  shelf: ["搁置", "shelf"],
  shift: ["值班", "shift"],
  handover: ["交接班", "hand-over"],
  check: ["查岗", "duty check"],
  notice: ["通知", "notice"],
  flood: ["告警洪水", "flood"],
  desk: ["席位", "desk"],
  alert: ["告警", "alert"],
});
