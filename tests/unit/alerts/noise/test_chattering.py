from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.board.document import Alert
from alerts.noise.chattering import Chatter, ChatterLimits, is_fleeting, is_stale

S = 1_000_000
THEN = datetime(2026, 9, 21, 12, tzinfo=UTC)


def alert(**fields: Any) -> Alert:
    document = {field.encode_name: None for field in msgspec.structs.fields(Alert)}
    document = dict.fromkeys(document) | {
        "alert_id": "a",
        "seq": 1,
        "rule_id": "r",
        "rule_version": 1,
        "kind": "threshold",
        "priority": "low",
        "state": "unacknowledged",
        "transition": "raised",
        "active": True,
        "life_safety": False,
        "district": "",
        "domain": "fire",
        "desk_id": "",
        "subject": "t",
        "count": 1,
        "title_zh": "",
        "title_en": "",
        "guidance_zh": "",
        "guidance_en": "",
        "raised_at": THEN,
        "detected_at": THEN,
        "updated_at": THEN,
        "late": False,
        "drill": False,
        "chattering": False,
        "hidden": 0,
        "escalation": 0,
        "reminders": 0,
    }
    return msgspec.convert({**document, **fields}, Alert)


def test_raised_and_cleared_three_times_in_a_minute_is_chattering() -> None:
    found = Chatter()
    told = []
    for began_s in (0, 20, 40):
        told.append(found.note_raised("d", "r", began_s * S))
        told.append(found.note_cleared("d", "r", (began_s + 5) * S))
    assert told == [False, False, False, False, False, True]
    assert found.note_raised("d", "r", 50 * S)


def test_three_times_in_more_than_a_minute_is_not() -> None:
    found = Chatter()
    for began_s in (0, 30, 61):
        assert not found.note_raised("d", "r", began_s * S)
        assert not found.note_cleared("d", "r", (began_s + 5) * S)


def test_each_source_and_rule_is_counted_apart() -> None:
    found = Chatter()
    for source, rule_id in (("d", "r"), ("e", "r"), ("d", "q")):
        found.note_raised(source, rule_id, 0)
        assert not found.note_cleared(source, rule_id, S)


def test_clearing_without_a_raise_is_no_cycle() -> None:
    found = Chatter()
    found.note_raised("d", "r", 0)
    assert [found.note_cleared("d", "r", S) for _ in range(5)] == [False] * 5


def test_what_was_raised_longest_ago_is_forgotten_first() -> None:
    found = Chatter(ChatterLimits(most_sources=3))
    for number in range(50):
        found.note_raised(str(number), "r", number)
    assert len(found) == 3


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=15))
def test_chattering_is_what_the_definition_says(gaps: list[tuple[int, int]]) -> None:
    found, now_s, cycles = Chatter(), 0, []
    for up_s, down_s in gaps:
        began_s = now_s + down_s
        found.note_raised("d", "r", began_s * S)
        now_s = began_s + up_s
        cycles.append(began_s)
        within = sum(now_s - each <= 60 for each in cycles)
        assert found.note_cleared("d", "r", now_s * S) == (within >= 3)


@pytest.mark.parametrize(
    ("fields", "fleeting"),
    [
        ({"cleared_at": THEN + timedelta(seconds=10)}, True),
        ({"cleared_at": THEN + timedelta(seconds=11)}, False),
        ({"cleared_at": THEN + timedelta(seconds=5), "acknowledged_at": THEN}, False),
        ({}, False),
    ],
)
def test_fleeting_is_what_goes_in_ten_seconds_without_anybody(
    fields: dict[str, Any], *, fleeting: bool
) -> None:
    assert is_fleeting(alert(**fields)) == fleeting


@pytest.mark.parametrize(
    ("fields", "hours", "stale"),
    [
        ({}, 25, True),
        ({}, 24, False),
        ({"active": False, "state": "returned_unacknowledged"}, 25, False),
        ({"active": False, "state": "normal"}, 25, False),
    ],
)
def test_stale_is_what_is_active_for_more_than_a_day(
    fields: dict[str, Any], hours: int, *, stale: bool
) -> None:
    assert is_stale(alert(**fields), THEN + timedelta(hours=hours)) == stale
