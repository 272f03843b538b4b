"""Everything the api has the alert engine do, and what the engine is told then."""

from typing import Any

from tests.integration.api.documents import (
    CHECK,
    DESK,
    DRAFT,
    HANDOVER,
    RULE,
    SHIFT,
    WINDOW,
    WINDOW_SHOWN,
)

# method, path below the alert, body or question, the engine's command, the least role
DEEDS: list[tuple[str, str, dict[str, Any], str, str]] = [
    ("POST", "acknowledgement", {}, "acknowledge", "officer"),
    ("POST", "assignment", {"to": "supervisor"}, "assign", "officer"),
    ("POST", "comments", {"text": "已电话联系。"}, "comment", "officer"),
    ("POST", "shelf", {"minutes": 60, "reason": "检修"}, "shelve", "officer"),
    ("DELETE", "shelf", {"reason": "检修结束"}, "unshelve", "officer"),
    ("POST", "verification", {"verdict": "false", "text": "水蒸气"}, "verify", "officer"),
    ("POST", "fire-brigade", {"reference": "119-42"}, "hand_over_119", "officer"),
    ("POST", "dispatch", {"to": "巡查二组"}, "dispatch", "officer"),
    ("POST", "arrival", {"text": "未见明火"}, "arrive", "officer"),
    ("POST", "service", {"reason": "送修"}, "take_out_of_service", "supervisor"),
    ("DELETE", "service", {"reason": "已修复"}, "return_to_service", "supervisor"),
    ("POST", "priority", {"priority": "high", "reason": "学校"}, "prioritise", "supervisor"),
]

# method, path, body, command, what the engine is told beside it, member of its answer, role
ORDERS: list[tuple[str, str, Any, str, dict[str, Any], dict[str, Any], str]] = [
    (
        "PUT",
        "/windows/pump-house",
        WINDOW,
        "put_window",
        {"window": WINDOW},
        {"window": WINDOW_SHOWN},
        "supervisor",
    ),
    (
        "POST",
        "/windows/pump-house/end",
        {"reason": "提前完成"},
        "end_window",
        {"window_id": "pump-house", "reason": "提前完成"},
        {"window": WINDOW_SHOWN},
        "supervisor",
    ),
    (
        "PUT",
        "/rules/water_low",
        DRAFT,
        "put_rule",
        {"rule": DRAFT, "expected_version": None},
        {"rule": RULE},
        "supervisor",
    ),
    (
        "POST",
        "/rules/water_low/approval",
        {"version": 4},
        "approve_rule",
        {"rule_id": "water_low", "version": 4},
        {"rule": RULE},
        "supervisor",
    ),
    (
        "POST",
        "/rules/water_low/retirement",
        {"reason": "已更换"},
        "retire_rule",
        {"rule_id": "water_low", "reason": "已更换"},
        {"rule": RULE},
        "supervisor",
    ),
    (
        "DELETE",
        "/rules/water_low/draft",
        None,
        "discard_draft",
        {"rule_id": "water_low"},
        {"rule": RULE},
        "supervisor",
    ),
    (
        "POST",
        "/rules/water_low/suggestion",
        {"days": 14},
        "suggest",
        {"rule_id": "water_low", "days": 14},
        {"job_id": "j-1"},
        "supervisor",
    ),
    (
        "PUT",
        "/desks/fire",
        DESK,
        "put_desk",
        {"desk": DESK},
        {"desk": DESK, "warnings": []},
        "supervisor",
    ),
    (
        "PUT",
        "/desks/fire/roster",
        {"shifts": [SHIFT]},
        "put_roster",
        {"desk_id": "fire", "shifts": [SHIFT]},
        {"shifts": [SHIFT], "warnings": ["一班只有一人。"]},
        "supervisor",
    ),
    (
        "POST",
        "/desks/fire/handovers",
        {"to": "supervisor", "text": "无"},
        "begin_handover",
        {"desk_id": "fire", "to": "supervisor", "text": "无"},
        {"handover": HANDOVER},
        "officer",
    ),
    (
        "POST",
        "/handovers/h-1/signature",
        None,
        "sign_handover",
        {"handover_id": "h-1"},
        {"handover": HANDOVER},
        "officer",
    ),
    (
        "POST",
        "/desks/fire/checks",
        {"minutes": 5},
        "start_check",
        {"desk_id": "fire", "minutes": 5},
        {"check": CHECK},
        "supervisor",
    ),
    (
        "POST",
        "/checks/c-1/answer",
        None,
        "answer_check",
        {"check_id": "c-1"},
        {"check": CHECK},
        "officer",
    ),
]

BELOW = {"officer": "viewer", "supervisor": "officer"}
"""Who is trusted with just less."""
