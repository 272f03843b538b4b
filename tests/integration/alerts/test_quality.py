"""The KPIs over small histories that were counted by hand."""

import argparse
import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import psycopg
import pytest
from pydantic import SecretStr

from alerts.board.alert import Began, Circumstances, Ended, Hold, Measure, Subject
from alerts.board.book import Book
from alerts.board.states import Change
from alerts.history import store
from alerts.journal.chain import GENESIS, Entry
from alerts.journal.pen import Pen
from alerts.judging.rules import EventRule, Priority
from alerts.noise import kpis_command
from alerts.noise.quality import Quality, read_quality
from core.clock import to_us
from core.database import connect
from devices.model import Device
from tests.fixtures.databases import RoleUrl
from tests.unit.alerts.making import FAULT

DAY = datetime(2026, 9, 21, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
WINDOW = Circumstances(desk_id="d", hold=Hold("suppressed", "window", "w", "r"))


def rule(rule_id: str, priority: Priority = "low") -> EventRule:
    words: dict[str, Any] = msgspec.structs.asdict(FAULT)
    return EventRule(**{**words, "rule_id": rule_id, "priority": priority})


class History:
    """Alerts as the engine moves them, at times of our choosing, and their way to the database."""

    def __init__(self) -> None:
        self.pen = Pen()
        self._written = 0
        self.book = Book(self.pen, {}, last_seq=0, recall=lambda _: None)

    def raised(
        self,
        at: datetime,
        device_id: str = "a",
        rule_id: str = "fault",
        *,
        priority: Priority = "low",
        around: Circumstances | None = None,
    ) -> str:
        device = Device(
            device_id=device_id, profile_id="p", site_id="s", district="620171", name="n"
        )
        subject = Subject(device_id, device, "fire")
        at_us = to_us(at)
        began = Began(rule(rule_id, priority), subject, Measure("fault"), at_us, at_us)
        around = around or Circumstances(desk_id="d")
        self.book.note([began], at, lambda _began, _alert_id: around)
        return self.book.take_moved()[-1].alert_id

    def over(self, at: datetime, device_id: str = "a", rule_id: str = "fault") -> None:
        self.book.note([Ended(rule_id, device_id, to_us(at))], at)
        self.book.take_moved()

    def passed(self, at: datetime, seconds: float, device_id: str = "a") -> None:
        self.raised(at, device_id)
        self.over(at + seconds * SECOND, device_id)

    def write(self, kind: str, subject: str, at: datetime, document: dict[str, Any]) -> None:
        self.pen.write(kind, subject, document, at_us=to_us(at))

    def entries(self) -> list[Entry]:
        lines, _ = self.pen.take()
        before, self._written = self._written, self._written + len(lines)
        return [Entry(before + number, line, GENESIS) for number, line in enumerate(lines, 1)]


class Desk:
    """The history in a real database, written and read as the engine does."""

    def __init__(self, url: str) -> None:
        self.url = SecretStr(url)
        self.history = History()

    def quality(self, *, hours: float = 24) -> Quality:
        return asyncio.run(self._count(timedelta(hours=hours)))

    def values(self, *, hours: float = 24) -> dict[str, float | None]:
        return {kpi.metric: kpi.value for kpi in self.quality(hours=hours).kpis}

    def verdicts(self) -> dict[str, str | None]:
        return {kpi.metric: kpi.verdict for kpi in self.quality().kpis}

    async def _count(self, length: timedelta) -> Quality:
        async with await connect(self.url, program="alerts") as conn:
            await store.project(conn, self.history.entries())
            return await read_quality(conn, DAY, DAY + length)


@pytest.fixture
def desk(database_url: str, role_url: RoleUrl) -> Desk:
    assert database_url
    return Desk(role_url("yiwang_alerts"))


def test_nothing_told_is_told_as_nothing(desk: Desk) -> None:
    values = desk.values()
    assert (values["shown"], values["most_in_10_min"], values["stale"]) == (0, 0, 0)
    assert (values["per_hour"], values["low_share"], values["clear_95"]) == (None, None, None)


def test_averages_are_per_desk_and_time(desk: Desk) -> None:
    for number in range(36):
        desk.history.raised(DAY + number * MINUTE, f"d{number}")
    elsewhere = Circumstances(desk_id="e")
    for number in range(12):
        desk.history.raised(DAY + number * MINUTE, f"e{number}", around=elsewhere)
    values = desk.values(hours=2)
    assert values["shown"] == 48
    assert values["per_hour"] == pytest.approx(12)  # 48 alerts, 2 desks, 2 hours
    assert values["per_10_min"] == pytest.approx(2)
    assert values["per_day"] == pytest.approx(288)
    assert values["most_in_10_min"] == 10
    assert values["hours_over_30"] == pytest.approx(25)  # 1 of the 4 hours the desks had
    assert values["periods_over_10"] == 0


def test_a_flood_lasts_from_over_ten_to_under_five(desk: Desk) -> None:
    around = [Circumstances(desk_id="d"), Circumstances(desk_id="d", folded_under="a0")]
    for count, began in ((12, 0), (5, 10), (4, 20)):
        for number in range(count):
            at = DAY + began * MINUTE + number * SECOND
            desk.history.raised(at, f"{began}-{number}", around=around[number % 2])
    values = desk.values(hours=1)
    assert values["time_in_flood"] == pytest.approx(100 / 3)  # 20 of 60 minutes
    assert values["periods_over_10"] == 0  # half of them were folded
    assert (values["shown"], values["folded"]) == (11, 10)


def test_what_was_held_or_practised_is_not_counted_as_shown(desk: Desk) -> None:
    desk.history.raised(DAY, "a")
    desk.history.raised(DAY, "b", around=Circumstances(desk_id="d", drill=True))
    held = desk.history.raised(DAY, "c", around=WINDOW)
    assert desk.values()["shown"] == 1
    desk.history.book.release(held, DAY + MINUTE)  # it is announced anew
    values = Desk.values(desk)
    assert (values["shown"], values["held"], values["drill"]) == (2, 1, 1)


def test_chattering_is_three_times_within_a_minute(desk: Desk) -> None:
    for began in (0, 20, 40):
        desk.history.passed(DAY + began * SECOND, 10, "fast")
    for began in (0, 30, 61):
        desk.history.passed(DAY + began * SECOND, 5, "slow")
    assert desk.values()["chattering"] == 1


def test_fleeting_is_what_is_gone_in_ten_seconds_before_anybody_acted(desk: Desk) -> None:
    desk.history.passed(DAY, 10, "a")
    desk.history.passed(DAY, 11, "b")
    taken = desk.history.raised(DAY, "c")
    desk.history.book.acknowledge(taken, "Li", DAY + SECOND)
    desk.history.over(DAY + 2 * SECOND, "c")
    assert desk.values()["fleeting"] == 1


def test_stale_counts_what_is_over_a_day_old_on_the_worst_day(desk: Desk) -> None:
    for number in range(3):
        desk.history.raised(DAY - timedelta(hours=30), f"old{number}")
    desk.history.over(DAY - timedelta(hours=2), "old0")  # stale the day before only
    desk.history.raised(DAY, "young")
    values = desk.values()
    assert (values["stale"], values["standing"]) == (2, 3)
    assert desk.values(hours=48)["stale"] == 3


def test_the_ten_most_frequent_have_their_share(desk: Desk) -> None:
    for number in range(20):
        desk.history.raised(DAY + number * SECOND, f"d{number}")
    for number in range(20):
        desk.history.passed(DAY + number * 3 * MINUTE, 60, "bad")
    assert desk.values()["top_10_share"] == pytest.approx(100 * 29 / 40)
    worst = desk.quality().worst_actors[0]
    assert (worst.rule_id, worst.source, worst.shown) == ("fault", "bad", 20)
    assert worst.share == pytest.approx(50)
    assert worst.clear_median == pytest.approx(60)


def test_priorities_are_split_and_judged(desk: Desk) -> None:
    split: list[tuple[Priority, int]] = [("low", 15), ("medium", 3), ("high", 1), ("critical", 1)]
    for priority, count in split:
        for number in range(count):
            desk.history.raised(DAY, f"{priority}{number}", priority=priority)
    values, verdicts = desk.values(), desk.verdicts()
    found = [(values[f"{name}_share"], verdicts[f"{name}_share"]) for name, _ in split]
    assert found == [(75, "bad"), (15, "good"), (5, "good"), (5, "bad")]


def test_times_to_acknowledge_and_to_clear(desk: Desk) -> None:
    for number in range(1, 5):
        at = DAY + number * MINUTE
        alert_id = desk.history.raised(at, f"d{number}")
        if number < 4:
            desk.history.book.acknowledge(alert_id, "Li", at + number * 10 * SECOND)
        desk.history.over(at + number * MINUTE, f"d{number}")
    values = desk.values()
    assert values["acknowledged_share"] == pytest.approx(75)
    assert values["acknowledge_median"] == pytest.approx(20)
    assert values["acknowledge_95"] == pytest.approx(29)
    assert values["clear_median"] == pytest.approx(150)


def test_false_alarms_are_a_share_of_those_verified(desk: Desk) -> None:
    for number, verdict in enumerate(("real", "false", "false", None)):
        alert_id = desk.history.raised(DAY, f"d{number}")
        if verdict:
            found: dict[str, Any] = {"verdict": verdict, "verified_at": DAY + MINUTE}
            desk.history.book.mark(alert_id, Change.VERIFIED, DAY + MINUTE, **found)
    assert desk.values()["false_share"] == pytest.approx(100 * 2 / 3)


def test_shelves_are_counted_while_they_overlap(desk: Desk) -> None:
    shelf = {"what": "begun", "shelf": {"state": "shelved"}}
    for key, began, ended in (("a", -60, 60), ("b", 30, 90), ("c", 60, 120)):
        desk.history.write("shelf", key, DAY + began * MINUTE, shelf)
        desk.history.write("shelf", key, DAY + ended * MINUTE, {**shelf, "what": "ended"})
    assert desk.values()["shelved"] == 2


def test_rules_nobody_ever_acted_on_are_named(desk: Desk) -> None:
    for number in range(3):
        desk.history.raised(DAY + number * MINUTE, f"d{number}", "useless")
        alert_id = desk.history.raised(DAY + number * MINUTE, f"d{number}", "useful")
    desk.history.book.acknowledge(alert_id, "Li", DAY + 5 * MINUTE)
    (idle,) = desk.quality().never_acted_on
    assert (idle.rule_id, idle.shown, idle.sources) == ("useless", 3, 3)


def test_alerts_outside_the_period_are_left_out(desk: Desk) -> None:
    desk.history.raised(DAY - SECOND, "before")
    desk.history.raised(DAY, "first")
    desk.history.raised(DAY + timedelta(hours=24), "after")
    assert desk.values()["shown"] == 1


@pytest.mark.parametrize("role", ["yiwang_api", "yiwang_grafana"])
def test_whoever_draws_the_quality_may_read_it(desk: Desk, role_url: RoleUrl, role: str) -> None:
    desk.history.raised(DAY)
    desk.quality()
    with psycopg.connect(role_url(role)) as conn:
        period = (DAY, DAY + timedelta(hours=1))
        load = conn.execute("SELECT shown FROM alarm_load(%s, %s)", period).fetchall()
        assert [shown for (shown,) in load] == [1, 0, 0, 0, 0, 0]
        assert conn.execute("SELECT * FROM alarm_kpis(%s, %s)", period).fetchall()


@pytest.fixture
def command(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """`python -m alerts kpis` with these arguments."""
    monkeypatch.setenv("ALERTS_DATABASE_URL", desk.url.get_secret_value())
    parser = argparse.ArgumentParser()
    kpis_command.add_arguments(parser)
    return lambda *arguments: kpis_command.run(parser.parse_args(arguments))


def test_the_command_prints_a_table_and_a_document(
    desk: Desk, command: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(3):
        desk.history.passed(DAY + number * MINUTE, 5, "a")
    desk.quality()
    period = ["--from", "2026-09-21", "--to", "2026-09-22T00:00:00Z"]
    assert command(*period) == 0
    printed = capsys.readouterr().out
    assert "瞬时报警" in printed
    assert "不合格 bad" in printed
    assert command(*period, "--json") == 0
    document = json.loads(capsys.readouterr().out)
    found = {kpi["metric"]: kpi["value"] for kpi in document["kpis"]}
    assert (found["fleeting"], found["shown"]) == (3, 3)


def test_a_period_that_ends_before_it_begins_is_refused(
    command: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("--from", "2026-09-22", "--to", "2026-09-21") == 2
    assert "ends before" in capsys.readouterr().err


def test_a_database_that_is_away_is_told_in_a_sentence(
    command: Callable[..., int],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("ALERTS_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    assert command() == 2
    assert "does not answer" in capsys.readouterr().err
