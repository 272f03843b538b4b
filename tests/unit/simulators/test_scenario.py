"""Scenario files: read whole, or refused with every line that is wrong."""

import re
from pathlib import Path

import pytest

from core.errors import Invalid, NotFound
from simulators import scenario
from simulators.city import City
from simulators.episodes import KINDS, Staging, select, stage, truth
from simulators.scenario import Selection, parse_scenario, read_scenario
from simulators.voices import Catalogue

GOOD = """\
title_zh = "火"
title_en = "Fire"
duration_s = 300

[[happens]]
label = "one"
what = "fire"
at_s = 10
for_s = 60
devices = { site = "unit-003", profile = "smoke-detector" }

[[happens]]
label = "two"
what = "silence"
at_s = 20
for_s = 60
devices = { ids = ["truck-001"] }

[[happens.expected]]
kind = "offline"
subject = "offline"
within_s = 60
"""


def complaints(text: str) -> list[str]:
    with pytest.raises(Invalid) as refused:
        parse_scenario(text, "x.toml", KINDS)
    return refused.value.message.splitlines()


def test_a_good_file_is_read_whole() -> None:
    told = parse_scenario(GOOD, "x.toml", KINDS)

    assert [entry.label for entry in told.happens] == ["one", "two"]
    assert told.happens[1].expected[0].within_s == 60


@pytest.mark.parametrize(
    ("good", "bad", "line", "word"),
    [
        pytest.param('title_en = "Fire"\n', "", 1, "title_en", id="no-title"),
        pytest.param("duration_s = 300", "duration_s = -1", 3, "duration_s", id="no-time"),
        pytest.param("at_s = 10", "at_s = '10'", 8, "at_s", id="text-for-a-number"),
        pytest.param('what = "fire"', 'what = "flood"', 7, "flood", id="unknown-happening"),
        pytest.param('label = "two"', 'label = "one"', 13, "twice", id="label-twice"),
        pytest.param("for_s = 60\ndev", "for_s = 999\ndev", 9, "after the scenario", id="too-long"),
        pytest.param("at_s = 20", "at_s = 20\nat = 5", 16, "`at`", id="unknown-field"),
        pytest.param('kind = "offline"', 'kind = "gone"', 20, "kind", id="unknown-alert-kind"),
        pytest.param('profile = "smoke', 'profil = "smoke', 10, "profil", id="unknown-selection"),
        pytest.param("title_zh", "local_time = '25:00'\ntitle_zh", 1, "local_time", id="no-hour"),
    ],
)
def test_every_mistake_is_named_with_its_line_and_field(
    good: str, bad: str, line: int, word: str
) -> None:
    said = complaints(GOOD.replace(good, bad, 1))

    assert any(one.startswith(f"x.toml:{line}: ") and word in one for one in said), said


def test_all_mistakes_of_a_file_are_named_at_once() -> None:
    text = GOOD.replace('what = "fire"', 'what = "flood"').replace("at_s = 20", "at_s = -20")

    assert len(complaints(text)) == 2


def test_broken_toml_is_named_with_its_line() -> None:
    (said,) = complaints(GOOD.replace("duration_s = 300", "duration_s = "))

    assert "line 3" in said


def test_a_scenario_in_which_nothing_happens_is_refused() -> None:
    (said,) = complaints(GOOD.split("[[happens]]", maxsplit=1)[0])

    assert "at least one" in said


def test_an_unknown_scenario_is_answered_with_those_there_are() -> None:
    with pytest.raises(NotFound, match="night-fire"):
        read_scenario("day-fire", KINDS)


def test_a_file_of_ones_own_can_be_told(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(GOOD, encoding="utf-8")

    assert read_scenario(str(path), KINDS).title_en == "Fire"


SUBJECTS = {
    "offline": {"offline"},
    "geofence": {"position"},
    "route": {"route"},
    "hours": {"hours"},
    "forbidden": {"lift", "load", "unload", "cover_open"},
    "correlation": {"confirmed_fire", "fire_low_pressure", "fire_without_pump"},
}


@pytest.mark.parametrize("name", scenario.names())
def test_every_shipped_scenario_fits_the_default_city(
    name: str, city: City, catalogue: Catalogue
) -> None:
    told = read_scenario(name, KINDS)
    known = {event for profile in catalogue.profiles.values() for event in profile.events}

    episodes = stage(told, city, Staging(0))

    assert all(len(episode.places) for episode in episodes)
    for entry in told.happens:
        for expected in entry.expected:
            metrics = {*catalogue.metrics, "speed_kmh"}
            assert expected.subject in (SUBJECTS | {"event": known}).get(expected.kind, metrics)


def test_speed_brings_everything_nearer_and_keeps_what_is_allowed(city: City) -> None:
    told = parse_scenario(GOOD, "x.toml", KINDS)
    staging = Staging(1_000_000_000, speed=10)

    episodes = stage(told, city, staging)
    labels = truth("x", told, city, episodes, staging).labels

    assert episodes[0].start_us == 1_001_000_000
    assert episodes[0].end_us == 1_007_000_000
    assert labels[1].expected[0].within_s == 60


def test_a_label_that_fits_no_device_is_refused(city: City) -> None:
    told = parse_scenario(GOOD.replace("truck-001", "truck-999"), "x.toml", KINDS)

    with pytest.raises(Invalid, match=re.escape("'two'")):
        stage(told, city, Staging(0))


def test_selections_narrow_down_and_count_from_the_first(city: City) -> None:
    places = select(Selection(site="unit-003", profile="smoke-detector", count=2), city.devices)

    assert [city.devices[place].device_id for place in places] == [
        "unit-003-01-smoke-detector",
        "unit-003-02-smoke-detector",
    ]


def test_whoever_speaks_through_a_dark_gateway_falls_silent_with_it(city: City) -> None:
    dark = GOOD.replace('what = "fire"', 'what = "power_loss"').replace(
        'profile = "smoke-detector"', 'profile = "user-information-transmission-device"'
    )

    episode, _ = stage(parse_scenario(dark, "x.toml", KINDS), city, Staging(0))

    assert {city.devices[place].site_id for place in episode.places} == {"unit-003"}
    assert len(episode.places) > 10
