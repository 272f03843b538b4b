"""The catalogue is valid as a whole, or refused with file, line and field."""

from pathlib import Path

import pytest

from core.errors import Invalid
from devices.catalogue import load_catalogue
from devices.payload.senml import _UNITS

METRIC = (
    '[[metrics]]\nname = "level_m"\nunit = "m"\nlow = 0\nhigh = 9\nname_zh = "位"\nname_en = "L"\n'
)
PROFILE = """
[[profiles]]
profile_id = "gauge"
domain = "water"
name_zh = "水尺"
name_en = "Gauge"
expected_interval_s = 60
offline_after_s = 180
"""


def refusal_of(folder: Path, text: str) -> str:
    (folder / "kinds.toml").write_text(text, encoding="utf-8")
    with pytest.raises(Invalid) as refusal:
        load_catalogue(folder)
    return refusal.value.message


def test_the_shipped_catalogue_names_everything_the_city_has() -> None:
    catalogue = load_catalogue()

    kinds = {profile.profile_id: profile for profile in catalogue.profiles}
    assert {"smoke-detector", "lamp-controller", "truck-terminal", "heat-meter"} <= set(kinds)
    assert {it.domain for it in kinds.values()} == {
        *("fire", "lighting", "truck", "environment", "utility")
    }
    assert {name for name, it in kinds.items() if it.gateway} == {
        *("user-information-transmission-device", "lighting-cabinet")
    }


def test_every_metric_is_measured_by_some_kind() -> None:
    catalogue = load_catalogue()

    measured = {name for profile in catalogue.profiles for name in profile.metrics}
    assert measured == {metric.name for metric in catalogue.metrics}


def test_units_of_senml_are_given_for_units_we_have() -> None:
    assert set(_UNITS) <= {metric.unit for metric in load_catalogue().metrics}


@pytest.mark.parametrize(
    ("addition", "sentence"),
    [
        pytest.param('metrics = ["depth_m"]', "'depth_m', which no metric has", id="metric"),
        pytest.param('metrics = ["level_m", 7]', r"\$.metrics[1]", id="a-number-for-a-name"),
        pytest.param('events = ["too high"]', "'too high', which is no identifier", id="event"),
        pytest.param("ranges = { level_m = [0, 1] }", "not among the profile's", id="range"),
        pytest.param("interval_s = 5", "no field `interval_s`", id="misspelt-field"),
        pytest.param('mapping = { time = "t", tz = 8 }', "no field `mapping.tz`", id="deep-field"),
        pytest.param('mapping = { time = "t", time_format = "iso" }', "'iso'", id="time-format"),
        pytest.param(
            'mapping = { time = "t", fields = [{ metric = "level_m", from = "l" }] }',
            "`mapping.fields` names 'level_m'",
            id="mapping-of-a-metric-the-profile-lacks",
        ),
        pytest.param(
            'mapping = { time = "t", events = [{ event = "fire", from = "f" }] }',
            "`mapping.events` names 'fire'",
            id="mapping-of-an-event-the-profile-lacks",
        ),
    ],
)
def test_a_mistake_in_a_kind_is_named_with_its_line(
    tmp_path: Path, addition: str, sentence: str
) -> None:
    message = refusal_of(tmp_path, f"{METRIC}{PROFILE}{addition}\n")

    assert message.startswith("kinds.toml, line 9: ")
    assert sentence.replace("\\", "") in message


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param("[[metrics]\n", "kinds.toml: ", id="not-toml"),
        pytest.param("[[kinds]]\n", "write kinds as tables", id="another-table"),
        pytest.param('metrics = "all"\n', "write metrics as tables", id="no-table"),
        pytest.param(METRIC + METRIC, "'level_m' stands at kinds.toml, line 1", id="twice"),
        pytest.param(METRIC + PROFILE.replace("180", "60"), "must be longer", id="offline-at-once"),
        pytest.param(METRIC.replace('"m"', "1"), "line 1: Expected `str`", id="unit-a-number"),
        pytest.param(
            METRIC + PROFILE + 'metrics = ["level_m"]\nranges = { level_m = [3, 3] }\n',
            "`ranges.level_m` is empty",
            id="an-empty-range",
        ),
    ],
)
def test_a_mistake_in_a_file_is_named(tmp_path: Path, text: str, sentence: str) -> None:
    assert sentence in refusal_of(tmp_path, text)
