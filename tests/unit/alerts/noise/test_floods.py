import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.journal.pen import Pen
from alerts.noise.facts import Facts, Standing
from alerts.noise.floods import FLOOD, Floods, FloodsQuery
from alerts.noise.rate import FloodLimits
from core.clock import from_us

S = 1_000_000
MINUTE = 60 * S
TOWER = Facts("power-off", "electrical", device_id="meter", site_id="tower", rank=1)
FIRE = TOWER._replace(rule_id="fire", domain="electrical", life_safety=True, rank=3)


class Room:
    """A desk's board, kept as the engine keeps it, and its journal."""

    def __init__(self) -> None:
        self.pen = Pen()
        self.records: dict[str, bytes] = {}
        self.lines: list[dict[str, Any]] = []
        self.board: dict[str, Standing] = {}
        self.floods = Floods(self.pen, {})

    def hear(self, alert_id: str, now_us: int, facts: Facts = TOWER, *, desk: str = "d") -> None:
        under = self.floods.note_raised(desk, alert_id, facts, now_us)
        self._moved(Standing(alert_id, facts, since_us=now_us, under=under, desk_id=desk), now_us)

    def hear_many(self, count: int, now_us: int, *, prefix: str = "a") -> None:
        for number in range(count):
            self.hear(f"{prefix}{number:02d}", now_us + number)

    def clear(self, alert_id: str, now_us: int) -> None:
        self._moved(self.board[alert_id]._replace(opened=False, active=False), now_us)

    def change(self, alert_id: str, now_us: int, **facts: Any) -> None:
        standing = self.board[alert_id]
        self._moved(standing._replace(facts=standing.facts._replace(**facts)), now_us)

    def look(self, now_us: int) -> list[tuple[str, str | None]]:
        folds = self.floods.due(now_us)
        for alert_id, under in folds:
            self._moved(self.board[alert_id]._replace(under=under), now_us)
        self._commit()
        return [(fold.alert_id, fold.under) for fold in folds]

    def restart(self, now_us: int) -> None:
        self.pen.take()
        self.floods = Floods(self.pen, self.records)
        for standing in self.board.values():
            self.floods.follow(standing, now_us)

    def under(self) -> dict[str, str]:
        return {each.alert_id: each.under for each in self.board.values() if each.under}

    def shown(self) -> list[dict[str, Any]]:
        answer = self.floods.show(FloodsQuery(), from_us(0))
        found: list[dict[str, Any]] = msgspec.to_builtins(answer["floods"])
        return found

    def _moved(self, standing: Standing, now_us: int) -> None:
        self.board[standing.alert_id] = standing
        if not standing.opened:
            del self.board[standing.alert_id]
        self.floods.follow(standing, now_us)
        self._commit()

    def _commit(self) -> None:
        lines, records = self.pen.take()
        self.lines += [json.loads(line.document) for line in lines if line.kind == FLOOD]
        for (_, key), value in records.items():
            assert value is not None
            self.records[key] = value


@pytest.fixture
def room() -> Room:
    return Room()


def test_ten_alerts_in_ten_minutes_are_no_flood_and_the_eleventh_is_folded(room: Room) -> None:
    room.hear_many(10, 0)
    assert room.under() == {}
    assert room.shown() == []
    room.hear("eleventh", MINUTE)
    assert room.under() == {"eleventh": "a00"}
    assert [line["what"] for line in room.lines] == ["began"]


def test_eleven_alerts_over_a_longer_time_are_no_flood(room: Room) -> None:
    for number in range(30):
        room.hear(f"a{number}", number * MINUTE)
    assert room.shown() == []


def test_a_flood_is_told_in_words_and_numbers(room: Room) -> None:
    room.hear_many(54, 0)
    (flood,) = room.shown()
    assert flood["title_en"] == "1 cause, 44 consequences"
    assert (flood["shown"], flood["folded"]) == (0, 44)
    assert flood["groups"] == [
        {"alert_id": "a00", "site_id": "tower", "family": "electrical", "folded": 44}
    ]


def test_each_site_and_each_cause_has_its_own_first_alert(room: Room) -> None:
    room.hear_many(11, 0)
    room.hear("school", S, TOWER._replace(site_id="school"))
    room.hear("silent", S, TOWER._replace(cause="device"))
    room.hear("silent-too", S, TOWER._replace(cause="device", device_id="lift"))
    assert room.under() == {"a10": "a00", "silent-too": "silent"}


def test_fire_is_never_folded_and_always_counted(room: Room) -> None:
    for number in range(12):
        room.hear(f"f{number}", number, FIRE)
    assert room.under() == {}
    assert room.shown()[0]["shown"] == 2


def test_nothing_goes_under_a_less_urgent_alert(room: Room) -> None:
    room.hear_many(11, 0)
    room.hear("urgent", S, TOWER._replace(rank=2))
    room.hear("urgent-too", S, TOWER._replace(rank=2))
    assert room.under() == {"a10": "a00", "urgent-too": "urgent"}


def test_a_folded_alert_that_becomes_more_urgent_is_shown(room: Room) -> None:
    room.hear_many(11, 0)
    room.change("a10", S, rank=3)
    assert room.look(S) == [("a10", None)]


def test_a_first_alert_that_becomes_less_urgent_gives_its_place_away(room: Room) -> None:
    room.hear_many(12, 0)
    room.change("a00", S, rank=0)
    assert room.look(S) == [("a10", "a01"), ("a11", "a01")]


def test_desks_are_counted_apart(room: Room) -> None:
    room.hear_many(10, 0)
    for number in range(10):
        room.hear(f"b{number}", S, desk="other")
    assert room.shown() == []


def test_a_flood_ends_when_less_than_five_came_in_ten_minutes(room: Room) -> None:
    room.hear_many(11, 0)
    fifth_latest = 6
    assert room.look(fifth_latest + 10 * MINUTE - 1) == []
    assert room.look(fifth_latest + 10 * MINUTE) == [("a10", None)]
    assert room.shown() == []
    assert room.under() == {}
    assert [line["what"] for line in room.lines] == ["began", "ended"]
    assert room.lines[-1]["folded"] == 1


def test_alerts_that_are_folded_keep_the_flood_going(room: Room) -> None:
    room.hear_many(11, 0)
    room.hear_many(11, 9 * MINUTE, prefix="b")
    assert room.look(10 * MINUTE + S) == []
    assert len(room.under()) == 12


def test_when_the_first_alert_clears_the_oldest_left_takes_its_place(room: Room) -> None:
    room.hear_many(10, 0)
    for number in range(1, 10):
        room.clear(f"a{number:02d}", 20)
    room.hear_many(3, 30, prefix="b")
    assert room.under() == {"b00": "a00", "b01": "a00", "b02": "a00"}
    room.clear("a00", S)
    room.clear("b00", 2 * S)
    assert room.look(11 * S - 1) == []
    assert room.look(11 * S) == [("b01", None), ("b02", "b01")]


def test_where_everything_clears_at_once_nobody_is_moved(room: Room) -> None:
    room.hear_many(15, 0)
    for number in range(15):
        room.clear(f"a{number:02d}", S + number)
    assert room.look(MINUTE) == []


def test_a_restart_goes_on_with_the_flood_and_ends_it_in_time(room: Room) -> None:
    room.hear_many(12, 0)
    room.restart(MINUTE)
    room.hear("late", 2 * MINUTE)
    assert room.under()["late"] == "a00"
    room.restart(3 * MINUTE)
    folds = room.look(30 * MINUTE)
    assert [alert_id for alert_id, _ in folds] == ["a10", "a11", "late"]


def test_what_lies_under_an_alert_lost_in_a_restart_is_shown(room: Room) -> None:
    room.hear_many(11, 0)
    for number in range(10):
        del room.board[f"a{number:02d}"]
    room.restart(MINUTE)
    assert room.look(MINUTE) == [("a10", None)]


def test_a_held_or_practised_alert_is_on_top_of_nothing(room: Room) -> None:
    room.hear_many(10, 0)
    for number in range(10):
        alert_id = f"a{number:02d}"
        moved = room.board[alert_id]._replace(held_by="officer", drill=number % 2 == 0)
        room.floods.follow(moved, S)
    room.hear("b", S)
    assert room.under() == {}


def test_limits_under_which_a_flood_would_never_end_are_refused() -> None:
    with pytest.raises(ValueError, match="must not exceed"):
        FloodLimits(over=3, under=4)


STEPS = st.lists(
    st.tuples(
        st.integers(0, 90),
        st.sampled_from(["raise", "raise", "raise", "clear", "restart"]),
        st.integers(0, 3),
        st.sampled_from(["tower", "school"]),
    ),
    min_size=12,
    max_size=60,
)


def _runs(steps: list[tuple[int, str, int, str]]) -> Iterator[tuple[Room, int, list[int]]]:
    room, now_us, raised = Room(), 0, []
    for number, (pause_s, deed, rank, site) in enumerate(steps):
        now_us += pause_s * S
        room.look(now_us)
        if deed == "raise":
            facts = TOWER._replace(site_id=site, rank=rank, life_safety=rank == 3)
            raised.append(now_us)
            room.hear(f"{number:02d}", now_us, facts)
        elif deed == "clear" and room.board:
            room.clear(sorted(room.board)[rank % len(room.board)], now_us)
        elif deed == "restart":
            room.restart(now_us)
        yield room, now_us, raised


class Naive:
    """A flood as the definition says it, with every raise remembered."""

    def __init__(self) -> None:
        self.raised: list[int] = []
        self.looked_us = -1
        self.is_flood = False

    def look(self, now_us: int) -> None:
        over = sorted(at_us + 10 * MINUTE for at_us in self.raised)
        for at_us in (each for each in over if self.looked_us < each <= now_us):
            self.is_flood = self.is_flood and self._recent(at_us) >= 5
        self.looked_us = now_us

    def hear(self, now_us: int) -> None:
        self.raised.append(now_us)
        self.is_flood = self.is_flood or self._recent(now_us) > 10

    def _recent(self, now_us: int) -> int:
        return sum(now_us - 10 * MINUTE < each <= now_us for each in self.raised)


@settings(max_examples=150)
@given(STEPS)
def test_a_flood_begins_and_ends_exactly_as_it_is_defined(
    steps: list[tuple[int, str, int, str]],
) -> None:
    naive, known = Naive(), 0
    for room, now_us, raised in _runs(steps):
        naive.look(now_us)
        for _ in raised[known:]:
            naive.hear(now_us)
        known = len(raised)
        assert bool(room.shown()) == naive.is_flood


@settings(max_examples=150)
@given(STEPS)
def test_whatever_is_folded_lies_under_something_shown_that_matters_as_much(
    steps: list[tuple[int, str, int, str]],
) -> None:
    for room, now_us, _ in _runs(steps):
        room.look(now_us + 10 * S)
        for alert_id, above in room.under().items():
            below, top = room.board[alert_id], room.board[above]
            assert room.shown()
            assert top.under is None
            assert top.facts.rank >= below.facts.rank
            assert top.facts.site_id == below.facts.site_id
            assert not below.facts.life_safety
        counted = {each["alert_id"]: each["folded"] for s in room.shown() for each in s["groups"]}
        assert sum(counted.values()) == len(room.under())
