"""Playing a recording: its own spacing, nothing in the future, its label as the truth."""

import importlib.util
import json
from datetime import UTC, datetime
from itertools import count, pairwise
from pathlib import Path

import pytest

from core.clock import from_us
from simulators.platform_api import Account
from simulators.recording import Recording, read_recording
from simulators.replay_command import storage_sentence
from simulators.replaying import PROFILE, Replay, as_lived, prepare, replay_device, rows, truth
from simulators.scoring import Alert
from simulators.voices import Catalogue

GOLDEN = Path(__file__).parents[2] / "golden" / "replay"
NOW_US = 1_790_000_000_123_456


@pytest.fixture
def recording(catalogue: Catalogue) -> Recording:
    return read_recording(GOLDEN / "small_fire.csv", catalogue.profiles[PROFILE].metrics)


@pytest.fixture
def replay(recording: Recording, catalogue: Catalogue) -> Replay:
    profile = catalogue.profiles[PROFILE]
    return prepare(recording, replay_device("replay-1", profile), profile, NOW_US)


def test_the_golden_table_is_what_its_script_writes() -> None:
    spec = importlib.util.spec_from_file_location("small_fire", GOLDEN / "small_fire.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)

    assert (GOLDEN / "small_fire.csv").read_text(encoding="utf-8") == script.table()


def test_rows_keep_their_spacing_and_end_now(replay: Replay) -> None:
    stamps = [json.loads(row.payload)["ts"] for row in rows(replay, count().__next__)]

    assert len(stamps) == 900
    assert {later - sooner for sooner, later in pairwise(stamps)} == {1000}
    assert NOW_US / 1000 - 2 <= stamps[-1] <= NOW_US / 1000


def test_rows_carry_their_metrics_and_numbers(replay: Replay) -> None:
    first = next(rows(replay, count(7).__next__))

    payload = json.loads(first.payload)
    assert first.topic == "yiwang/v1/620171/environment/replay-1/telemetry"
    assert payload["seq"] == 7
    assert set(payload["values"]) == {"temperature_c", "humidity_pct", "eco2_ppm"}


def test_the_device_tells_the_engine_that_its_words_are_recorded(replay: Replay) -> None:
    assert replay.device.attributes == {"replay": True}


def test_the_label_becomes_the_truth_on_the_rewritten_clock(replay: Replay) -> None:
    (label,) = truth(replay).labels

    start = from_us(replay.start_us)
    assert (label.start_at - start).total_seconds() == 300
    assert (label.end_at - start).total_seconds() == 599


def test_an_alert_of_the_recordings_own_time_is_taken_as_it_is(replay: Replay) -> None:
    raised_at = from_us(replay.start_us + 310_000_000)

    lived = as_lived(alert(raised_at), replay, began_us=NOW_US, speed=60)

    assert lived.raised_at == lived.detected_at == raised_at


def test_an_alert_raised_again_is_set_back_into_the_recordings_time(replay: Replay) -> None:
    five_seconds_in = from_us(NOW_US + 5_000_000)

    lived = as_lived(alert(five_seconds_in), replay, began_us=NOW_US, speed=60)

    assert (lived.raised_at - from_us(replay.start_us)).total_seconds() == 300


@pytest.mark.parametrize(
    ("now", "sentence"),
    [
        pytest.param(Account(910, 910, 0, 0), "900 stored, 0 already known, 0 quarantined, 0 miss"),
        pytest.param(Account(880, 800, 50, 30), "790 stored, 50 already known, 30 quarantined, 30"),
    ],
)
def test_the_report_says_what_is_missing(now: Account, sentence: str) -> None:
    assert sentence in storage_sentence(900, Account(10, 10, 0, 0), now)


def alert(raised_at: datetime) -> Alert:
    return Alert(
        alert_id="a",
        rule_id="environment-combustion-gas",
        kind="threshold",
        subject="eco2_ppm",
        raised_at=raised_at,
        detected_at=datetime(2026, 9, 1, tzinfo=UTC),
        updated_at=datetime(2026, 9, 1, tzinfo=UTC),
        device_id="replay-1",
    )
