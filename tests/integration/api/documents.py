"""What the real engine's documents look like."""

from typing import Any

AT = "2026-05-01T02:03:04Z"

WINDOW: dict[str, Any] = {
    "window_id": "pump-house",
    "kind": "maintenance",
    "reason": "泵房检修",
    "scope": {"sites": ["unit-1"]},
    "start": "2026-05-01T01:00:00Z",
    "end": "2026-05-01T04:00:00Z",
}
WINDOW_SHOWN = WINDOW | {
    "weekly": None,
    "by": "li",
    "active": True,
    "begins": WINDOW["start"],
    "ends": WINDOW["end"],
}
FLOOD = {
    "desk_id": "fire",
    "began_at": AT,
    "shown": 3,
    "folded": 40,
    "groups": [{"alert_id": "a-1", "site_id": "unit-1", "family": "gateway", "folded": 40}],
    "title_zh": "报警洪水：1 个首发，40 个后续",
    "title_en": "1 cause, 40 consequences",
}
SHELF = {
    "source": "pump-1",
    "rule_id": "water_low",
    "state": "shelved",
    "officer": "li",
    "reason": "检修",
    "since": AT,
    "until": AT,
    "alert_id": "a-1",
    "device_id": "pump-1",
    "title_zh": "消防水压低",
    "title_en": "Fire water pressure is low",
}
DRAFT: dict[str, Any] = {
    "rule_id": "water_low",
    "kind": "threshold",
    "priority": "high",
    "title_zh": "消防水压低",
    "title_en": "Fire water pressure is low",
    "guidance_zh": "通知单位检查稳压泵。",
    "guidance_en": "Have the unit check its pumps.",
    "owner": "消防支队",
    "meaning": "Too little pressure to fight a fire.",
    "consequence": "Hydrants and sprinklers fail.",
    "metric": "pressure_mpa",
    "below": {"limit": 0.1, "clear_at": 0.14},
}
VERSION: dict[str, Any] = {
    "version": 4,
    "rule": DRAFT | {"version": 4},
    "author": "li",
    "written_at": AT,
    "approved_by": None,
    "approved_at": None,
}
RULE: dict[str, Any] = {
    "rule_id": "water_low",
    "status": "active",
    "version": 3,
    "rule": DRAFT | {"version": 3},
    "source": "edited",
    "author": "li",
    "approved_by": "wang",
    "approved_at": AT,
    "shipped_version": 2,
    "draft": VERSION,
    "retired": None,
}
DESK: dict[str, Any] = {
    "desk_id": "fire",
    "name_zh": "消防监控中心",
    "name_en": "Fire monitoring centre",
    "scope": {"domains": ["fire"]},
    "at_least": 2,
    "chains": {"critical": [{"after_s": 0, "repeat_every_s": 60}]},
}
SHIFT = {
    "start": "2026-05-01T00:00:00Z",
    "end": "2026-05-01T12:00:00Z",
    "officers": ["officer", "supervisor"],
}
HANDOVER = {
    "handover_id": "h-1",
    "desk_id": "fire",
    "from_officers": ["officer"],
    "by": "officer",
    "to": "supervisor",
    "text": "无",
    "begun_at": AT,
    "contents": {"unacknowledged": [], "acknowledged": []},
    "incoming": [],
    "signed_at": None,
    "added": [],
}
CHECK = {
    "check_id": "c-1",
    "desk_id": "fire",
    "asked_at": AT,
    "until": AT,
    "by": "supervisor",
    "answers": [{"name": "officer", "reachable": True, "answered_at": None}],
    "closed_at": None,
}
RECEIPT = {
    "notice_id": "n-1",
    "purpose": "raised",
    "to": "li",
    "others": [],
    "channel": "wecom",
    "language": "zh",
    "subject": "火警",
    "alert_id": "a-1",
    "gathered": 1,
    "step": 0,
    "drill": False,
    "attempt": 1,
    "outcome": "sent",
    "sentence": "",
    "at_us": 1_777_600_984_000_000,
}
WAITING = RECEIPT | {"outcome": "waiting", "at_us": 0}
PEOPLE = {
    "people": [{"username": "li", "channels": ["wecom"]}],
    "channels": [{"name": "wecom", "kind": "wecom", "language": "zh"}],
}
JOB = {
    "job_id": "j-1",
    "kind": "replay",
    "rule_id": "water_low",
    "officer": "li",
    "state": "done",
    "waiting": False,
    "asked_at": AT,
    "started_at": AT,
    "ended_at": AT,
    "result": {"added": []},
    "reason": None,
}
