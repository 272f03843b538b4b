import json
import os
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest
from pydantic import SecretStr

from alerts.detectors.baseline import BaselineRule
from alerts.detectors.expression import ExpressionRule
from alerts.detectors.norms import load_norms
from alerts.judging.rulebook import Rulebook
from alerts.judging.rules import Limit
from alerts.replay.history import Span, open_history
from alerts.replay.learning import learn
from alerts.replay.replay_command import read_registry
from alerts.replay.replaying import Bounds, Needs, differing, needs
from alerts.replay.running import Task, compare_rules
from alerts.rulemaking.wording import write_rule
from core.clock import to_us
from core.errors import Unavailable
from tests.fixtures.databases import RoleUrl
from tests.integration.alerts.duty_room import ROOT_FOLDER, City
from tests.unit.alerts.making import FIRE, HOT, WORDS

START = datetime(2026, 11, 20, tzinfo=UTC)
SPAN = Span(START, START + timedelta(hours=2))
BOUNDS = Bounds()

COOLER = msgspec.structs.replace(HOT, above=Limit(48, 45))


class Past:
    """History as ingest would have stored it."""

    def __init__(self, city: City, url: str, names: list[str]) -> None:
        self.city = city
        self.names = names
        self.registry = read_registry(SecretStr(url))
        self.url = url

    def number(self, index: int = 0) -> int:
        return self.registry.speakers[self.names[index]].number

    def warm(
        self, values: Iterable[tuple[float, float]], *, index: int = 0, late: float = 0
    ) -> None:
        metric = self.registry.metrics["temperature_c"].number
        rows = []
        for minute, value in values:
            at = START + timedelta(minutes=minute)
            rows.append((at, at + timedelta(minutes=late), self.number(index), metric, value, 0))
        self._write("readings", rows)

    def signal(self, minute: float, kind: str, *, active: bool = True, late: float = 0) -> None:
        at = START + timedelta(minutes=minute)
        received = at + timedelta(minutes=late)
        self._write("device_events", [(at, received, self.number(), kind, active, "", 0)])

    def _write(self, table: str, rows: list[tuple[Any, ...]]) -> None:
        marks = ", ".join(["%s"] * len(rows[0]))
        with psycopg.connect(self.city.url, autocommit=True) as connection:
            connection.cursor().executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608


@pytest.fixture
def past(database_url: str, role_url: RoleUrl) -> Past:
    city = City(database_url).found()
    names = city.add("a", "b", profile="heat-detector")
    return Past(city, role_url("yiwang_alerts"), names)


def rulebook(*rules: Any) -> Rulebook:
    return Rulebook(rules)


def test_a_changed_limit_is_compared_over_stored_history(past: Past) -> None:
    past.warm([(minute, 47 + 2 * (20 <= minute < 40)) for minute in range(120)])
    past.warm([(minute, 60 if minute < 30 else 20) for minute in range(60)], index=1)
    change = differing(rulebook(HOT), rulebook(COOLER))

    with open_history(SecretStr(past.url)) as history:
        outcome = compare_rules(Task(change, SPAN), history, past.registry)

    assert outcome.read["readings"] == 180
    counts = outcome.counts
    assert (counts.before, counts.after, counts.added, counts.unchanged) == (1, 2, 1, 1)
    (added,) = outcome.added
    assert added.source == past.names[0]
    assert added.raised_at == START + timedelta(minutes=21)
    assert outcome.load.after.alerts == 2


def test_what_was_received_comes_back_in_that_order_across_stretches(past: Past) -> None:
    past.warm([(minute + 0.5, 20) for minute in range(0, 60, 2)], late=3)
    past.warm([(minute, 20) for minute in range(60)], index=1)
    past.signal(10, "fire", late=45)
    wanted = needs(differing(rulebook(), rulebook(HOT, FIRE)), past.registry)

    with open_history(SecretStr(past.url)) as history:
        said = list(history.said(SPAN, wanted, past.registry, BOUNDS))

    assert len(said) == 30 + 60 + 1
    received = [each.received_us for each in said]
    assert received == sorted(received)
    assert [each.report.events[0].kind for each in said if each.report.events] == ["fire"]


def test_values_that_came_too_late_are_left_in_the_database(past: Past) -> None:
    past.warm([(minute, 60) for minute in range(10)], late=6)
    everything = Needs(
        frozenset({past.number()}), frozenset(range(500)), positions=True, events=True
    )

    with open_history(SecretStr(past.url)) as history:
        assert list(history.said(SPAN, everything, past.registry, BOUNDS)) == []


def test_the_command_prints_a_table_or_one_json_document(past: Past, tmp_path: Path) -> None:
    past.warm([(minute, 60) for minute in range(10)])
    rule = tmp_path / "hot.json"
    rule.write_bytes(bytes(write_rule(HOT)))
    asked = ["replay", "--rule", f"{rule}", "--from", f"{START:%F}", "--to", f"{SPAN.end:%FT%T}"]

    document = json.loads(_run(past.url, *asked, "--json").stdout)
    table = _run(past.url, *asked).stdout

    assert document["counts"]["added"] == 1
    assert document["rule_ids"] == ["hot"]
    assert "added 1" in table
    assert past.names[0] in table


def test_the_engine_hands_rules_over_on_standard_input(past: Past) -> None:
    past.warm([(minute, 49) for minute in range(10)])
    question = {"rules": [json.loads(bytes(write_rule(HOT)))]}
    question["change"] = json.loads(bytes(write_rule(COOLER)))
    span = ["--from", f"{START:%F}", "--to", f"{SPAN.end:%FT%T}"]

    answer = _run(past.url, "replay", "--stdin", "--json", *span, said=json.dumps(question))

    assert json.loads(answer.stdout)["counts"]["added"] == 1


def test_it_says_in_a_sentence_what_is_wrong(past: Past, tmp_path: Path) -> None:
    rule = tmp_path / "hot.json"
    rule.write_text('{"kind": "threshold", "rule_id": "hot"}')

    wrong = _run(past.url, "replay", "--rule", f"{rule}", code=1)
    nothing = _run(past.url, "replay", code=1)

    assert "Rule hot cannot be accepted" in wrong.stderr
    rule.write_bytes(bytes(write_rule(HOT)))
    stranger = _run(past.url, "replay", "--rule", f"{rule}", "--devices", "nobody", code=1)
    assert stranger.stderr.strip() == "There is no device 'nobody'."
    assert nothing.stderr.strip() == "Say what to try: --rules FOLDER or --rule FILE."


def test_without_a_database_it_says_so() -> None:
    away = SecretStr("postgresql://nobody@127.0.0.1:1/nothing")

    with pytest.raises(Unavailable, match="does not answer"), open_history(away):
        pass


def _run(
    url: str, *arguments: str, said: str = "", code: int = 0
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "alerts.replay", *arguments],
        cwd=ROOT_FOLDER,
        env={**os.environ, "ALERTS_DATABASE_URL": url},
        input=said,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == code, done.stderr
    return done


def test_a_suggestion_is_replayed_and_predicts_how_much_quieter_it_gets(past: Past) -> None:
    quick = msgspec.structs.replace(HOT, on_delay_s=0, off_delay_s=0, above=Limit(50, 49))
    past.warm([(minute / 2, 60 if minute % 16 == 0 else 20) for minute in range(240)])
    question = json.dumps({"rules": [json.loads(bytes(write_rule(quick)))]})
    span = ["--from", f"{START:%F}", "--to", f"{SPAN.end:%FT%T}"]

    answer = _run(past.url, "suggest", "hot", "--stdin", "--json", *span, said=question)

    found = json.loads(answer.stdout)
    assert found["looked_at"] == 1
    assert found["advice"]["fleeting"] == 14
    assert found["advice"]["rule"]["on_delay_s"] == 45
    assert found["predicted"]["counts"]["before"] == 15
    assert found["predicted"]["counts"]["after"] == 0


def test_what_is_usual_is_learned_from_the_rollups(past: Past, tmp_path: Path) -> None:
    odd = BaselineRule(
        rule_id="odd", priority="low", metric="temperature_c", spread_floor=0.5, **WORDS
    )
    now = datetime(2026, 11, 20, tzinfo=UTC) + timedelta(days=21)
    past.warm([(60 * hour, 20 + hour % 24) for hour in range(21 * 24)])

    with open_history(SecretStr(past.url)) as history:
        learned = learn(history, [odd], past.registry, now)

    at_us = to_us(now + timedelta(hours=7))
    metric = past.registry.metrics["temperature_c"].number
    norm = learned.of(past.names[0], metric, at_us)
    assert norm is not None
    assert norm.median == 27
    assert learned.of(past.names[1], metric, at_us) is None


def test_an_anomaly_rule_is_replayed_by_what_was_usual_before(past: Past) -> None:
    odd = BaselineRule(
        rule_id="odd", priority="low", metric="temperature_c", spread_floor=0.5, **WORDS
    )
    past.warm([(-60 * hour, 20) for hour in range(1, 21 * 24)])
    past.warm([(minute, 20 + 9 * (minute > 60)) for minute in range(120)])

    with open_history(SecretStr(past.url)) as history:
        change = differing(rulebook(), rulebook(odd))
        outcome = compare_rules(Task(change, SPAN), history, past.registry)

    (added,) = outcome.added
    assert added.raised_at == START + timedelta(minutes=61)


def test_an_expression_is_replayed(past: Past) -> None:
    warm = ExpressionRule(rule_id="warm", priority="low", when="temperature_c > 50", **WORDS)
    past.warm([(minute, 60 * (minute > 60)) for minute in range(120)])

    with open_history(SecretStr(past.url)) as history:
        change = differing(rulebook(), rulebook(warm))
        outcome = compare_rules(Task(change, SPAN), history, past.registry)

    assert [each.raised_at for each in outcome.added] == [START + timedelta(minutes=61)]


def test_learning_replaces_the_file(past: Past, tmp_path: Path) -> None:
    path = tmp_path / "norms.npz"

    answer = _run(past.url, "learn", f"{path}", "--stdin", said='{"rules": []}')

    assert answer.stdout == "The norms of 0 series are learned.\n"
    assert len(load_norms(path)) == 0
