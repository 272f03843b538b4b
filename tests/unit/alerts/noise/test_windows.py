import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.journal.pen import Pen
from alerts.noise.facts import Facts
from alerts.noise.scope import Scope
from alerts.noise.weekly import Weekly
from alerts.noise.window import Window
from alerts.noise.windows import (
    EndWindow,
    PutWindow,
    Windows,
    WindowsQuery,
    cause_of_silence,
)
from core.clock import from_us, to_us
from core.errors import Conflict, Invalid, NotFound

HOUR = 3_600_000_000
NOW = to_us(datetime(2026, 9, 21, 12, tzinfo=UTC))  # a Monday
LOOP = Facts("fault", "fire", device_id="loop-1", gateways=("panel",), site_id="tower")


class Desk:
    """Windows and the journal behind them, as a restart would find it."""

    def __init__(self) -> None:
        self.pen = Pen()
        self.records: dict[str, bytes] = {}
        self.lines: list[dict[str, Any]] = []
        self.windows = Windows(self.pen, {})

    def commit(self) -> None:
        lines, records = self.pen.take()
        self.lines += [json.loads(line.document) for line in lines]
        for (_, key), value in records.items():
            if value is None:
                self.records.pop(key, None)
            else:
                self.records[key] = value

    def restart(self) -> None:
        self.pen.take()
        self.windows = Windows(self.pen, self.records)

    def put(self, *, now_us: int = NOW, **fields: Any) -> None:
        asked = PutWindow(request_id="r", officer="Li", window=window(**fields))
        self.windows.put_window(asked, from_us(now_us))
        self.commit()

    def end(self, window_id: str = "w", *, now_us: int = NOW) -> None:
        asked = EndWindow(request_id="r", officer="Wang", window_id=window_id, reason="done")
        self.windows.end_window(asked, from_us(now_us))
        self.commit()

    def due(self, now_us: int) -> list[str]:
        swept = [each.window_id for each in self.windows.due(now_us)]
        self.commit()
        return swept

    def covers(self, now_us: int, facts: Facts = LOOP) -> bool:
        return self.windows.covering(facts, now_us).maintenance is not None


def window(**fields: Any) -> Window:
    document = {
        "window_id": "w",
        "kind": "maintenance",
        "reason": "replacing the loop",
        "scope": {"sites": ["tower"]},
        "start": from_us(NOW),
        "end": from_us(NOW + 2 * HOUR),
    }
    return msgspec.convert({**document, **fields}, Window)


def nightly(**fields: Any) -> dict[str, Any]:
    weekly = {
        "days": [1],
        "from": "22:00",
        "to": "06:00",
        "zone": "Asia/Shanghai",
        "first": "2026-09-01",
    }
    return {"start": None, "end": None, "weekly": {**weekly, **fields}}


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_window_covers_from_its_start_to_just_before_its_end(desk: Desk) -> None:
    desk.put(start=from_us(NOW + HOUR))
    assert [desk.covers(NOW + HOUR + step) for step in (-1, 0, HOUR - 1, HOUR)] == [
        False,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    "scope",
    [
        {"devices": ["loop-1"]},
        {"devices": ["panel"]},
        {"sites": ["tower"]},
        {"districts": ["620171"]},
        {"grids": ["620171001"]},
        {"domains": ["fire"]},
        {"rules": ["fault"]},
        {"domains": ["fire"], "sites": ["tower"], "devices": ["other"]},
    ],
)
def test_a_scope_covers_what_it_names_and_what_lies_within(scope: dict[str, list[str]]) -> None:
    facts = LOOP._replace(district="620171", grid_code="620171001002003")
    assert msgspec.convert(scope, Scope).covers(facts)


@pytest.mark.parametrize(
    "scope",
    [
        {"devices": ["loop-2"]},
        {"sites": ["school"]},
        {"districts": ["620102"]},
        {"grids": ["620171001"]},
        {"domains": ["water"], "sites": ["tower"]},
        {"rules": ["low"], "devices": ["loop-1"]},
    ],
)
def test_a_scope_leaves_out_what_it_does_not_name(scope: dict[str, list[str]]) -> None:
    assert not msgspec.convert(scope, Scope).covers(LOOP)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"scope": {}}, "names nothing"),
        ({"end": None}, "start and an end"),
        ({"end": from_us(NOW)}, "must come after"),
        ({"kind": "drill", "end": from_us(NOW + 25 * HOUR)}, "24 hours at most"),
        ({"end": from_us(NOW + 32 * 24 * HOUR)}, "31 days at most"),
        ({"kind": "drill", **nightly()}, "announced each time"),
        ({**nightly(), "end": from_us(NOW)}, "not both"),
        (nightly(zone="Asia/Lanzhou"), "no time zone"),
        (nightly(zone="../../etc/passwd"), "no time zone"),
        (nightly(last="2026-08-31"), "before `first`"),
        (nightly(**{"from": "24:00"}), "regex"),
        (nightly(days=[]), "length"),
    ],
)
def test_a_window_that_makes_no_sense_is_refused_with_a_reason(
    fields: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(msgspec.ValidationError, match=sentence):
        window(**fields)


def test_a_window_that_is_over_already_is_refused(desk: Desk) -> None:
    with pytest.raises(Invalid, match="over already"):
        desk.put(now_us=NOW + 2 * HOUR)


def test_a_window_is_swept_once_when_it_ends_and_then_forgotten(desk: Desk) -> None:
    desk.put()
    assert desk.due(NOW + 2 * HOUR - 1) == []
    assert desk.due(NOW + 2 * HOUR) == ["w"]
    assert desk.due(NOW + 9 * HOUR) == []
    assert desk.records == {}
    assert [line["what"] for line in desk.lines] == ["announced", "ended"]


def test_an_end_that_passed_during_a_restart_is_swept_after_it(desk: Desk) -> None:
    desk.put()
    desk.restart()
    assert desk.due(NOW + 50 * HOUR) == ["w"]


def test_a_window_ended_by_hand_covers_nothing_and_is_swept_after_a_restart(
    desk: Desk,
) -> None:
    desk.put()
    desk.end(now_us=NOW + HOUR)
    assert not desk.covers(NOW + HOUR)
    desk.restart()
    assert not desk.covers(NOW + HOUR)
    assert desk.due(NOW + HOUR) == ["w"]
    assert desk.lines[-1]["what"] == "ended"
    assert desk.lines[-1]["reason"] == "done"


def test_ending_what_is_over_says_so(desk: Desk) -> None:
    with pytest.raises(NotFound):
        desk.end()
    desk.put()
    desk.end()
    with pytest.raises(Conflict):
        desk.end()


def test_a_window_that_is_made_shorter_is_swept_at_once_and_at_its_new_end(desk: Desk) -> None:
    desk.put()
    desk.put(now_us=NOW + 1, end=from_us(NOW + HOUR))
    assert desk.due(NOW + 1) == ["w"]
    desk.restart()
    assert desk.due(NOW + HOUR) == ["w"]


def test_the_officer_who_asks_is_the_one_who_is_answerable(desk: Desk) -> None:
    desk.put(by="somebody else")
    (shown,) = desk.windows.shown(from_us(NOW))
    assert desk.windows.show(WindowsQuery(), from_us(NOW)) == {"windows": [shown]}
    assert (shown["by"], shown["active"]) == ("Li", True)
    msgspec.json.encode(shown)


def test_a_nightly_window_goes_over_midnight_by_the_clock_of_its_place(desk: Desk) -> None:
    desk.put(**nightly())
    local = ZoneInfo("Asia/Shanghai")
    monday_evening = to_us(datetime(2026, 9, 21, 22, tzinfo=local))
    tuesday_morning = to_us(datetime(2026, 9, 22, 6, tzinfo=local))
    assert [desk.covers(at_us) for at_us in (monday_evening - 1, monday_evening)] == [False, True]
    assert desk.due(tuesday_morning - 1) == []
    assert desk.due(tuesday_morning) == ["w"]
    assert not desk.covers(tuesday_morning)
    next_monday = to_us(datetime(2026, 9, 28, 23, tzinfo=local))
    desk.restart()
    assert desk.covers(next_monday)
    assert desk.lines[-1]["what"] == "paused"


def test_a_weekly_window_ends_with_its_last_day(desk: Desk) -> None:
    desk.put(**nightly(last="2026-09-21"))
    assert desk.due(NOW + 24 * HOUR) == ["w"]
    assert desk.records == {}


def test_of_two_windows_the_one_that_lasts_longest_is_named(desk: Desk) -> None:
    desk.put(window_id="short", end=from_us(NOW + HOUR))
    desk.put(window_id="long")
    desk.put(window_id="practice", kind="drill")
    covering = desk.windows.covering(LOOP, NOW)
    assert covering.maintenance is not None
    assert covering.maintenance.window_id == "long"
    assert covering.drill is not None
    assert covering.drill.window_id == "practice"


def test_silence_in_a_maintenance_window_is_put_down_to_maintenance(desk: Desk) -> None:
    desk.put()
    covered = desk.windows.covering(LOOP, NOW)
    assert cause_of_silence(covered, "device") == "maintenance"
    free = desk.windows.covering(LOOP._replace(site_id="school"), NOW)
    assert cause_of_silence(free, "device") == "device"


ZONES = st.sampled_from(
    ["Asia/Shanghai", "UTC", "Europe/Berlin", "America/St_Johns", "Pacific/Apia"]
)
WALL = st.builds("{:02d}:{:02d}".format, st.integers(0, 23), st.integers(0, 59))
DAYS = st.lists(st.integers(1, 7), min_size=1, max_size=7, unique=True).map(tuple)
NEAR_A_CHANGE_OF_CLOCKS = st.one_of(
    st.datetimes(datetime(2026, 3, 1), datetime(2026, 4, 5)),  # noqa: DTZ001 - made aware below
    st.datetimes(datetime(2026, 10, 15), datetime(2026, 11, 10)),  # noqa: DTZ001 - the same
)


@given(WALL, WALL, DAYS, ZONES, NEAR_A_CHANGE_OF_CLOCKS)
def test_an_occurrence_begins_and_ends_at_the_wall_times_it_names(
    begin: str, end: str, days: tuple[int, ...], zone: str, now: datetime
) -> None:
    weekly = msgspec.convert(
        {"days": days, "from": begin, "to": end, "zone": zone, "first": "2026-01-01"}, Weekly
    )
    now_us = to_us(now.replace(tzinfo=UTC))
    span = weekly.span(now_us)
    assert span is not None
    assert span.begin_us < span.end_us
    assert now_us < span.end_us
    local = from_us(span.begin_us).astimezone(ZoneInfo(zone))
    wanted = (int(begin[:2]) * 60 + int(begin[3:])) % 1440
    met = local.hour * 60 + local.minute
    assert (met - wanted) % 1440 in (0, 60)  # an hour that the change of clocks leaves out
    assert local.isoweekday() in days
    assert span.end_us - span.begin_us <= 25 * HOUR


@given(WALL, WALL, DAYS, ZONES, NEAR_A_CHANGE_OF_CLOCKS)
def test_no_occurrence_is_left_out(
    begin: str, end: str, days: tuple[int, ...], zone: str, now: datetime
) -> None:
    weekly = msgspec.convert(
        {"days": days, "from": begin, "to": end, "zone": zone, "first": "2026-01-01"}, Weekly
    )
    local = ZoneInfo(zone)
    noon = now.replace(tzinfo=local)
    spans = set()
    at_us = to_us(noon)
    until_us = to_us(noon + timedelta(days=20))
    while (span := weekly.span(at_us)) and span.begin_us < until_us:
        spans.add(span.begin_us)
        at_us = span.end_us
    assert 20 / 7 * len(days) - 3 <= len(spans) <= 20 / 7 * len(days) + len(days) + 1
