"""Every kind of device reads what its profile says, plausibly, and a quiet city raises no alarm."""

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simulators.behaviour.happenings import HAPPENINGS
from simulators.behaviour.kinds import KINDS
from simulators.behaviour.moment import moment_at
from simulators.city import City
from simulators.fleet import Group, group_devices, measure
from simulators.voices import Catalogue

YEAR_S = 365 * 86_400
# Every 65 hours for a year: all seasons, all hours of the day.
MOMENTS = [moment_at(1_790_000_000.0 + t) for t in range(0, YEAR_S, 65 * 3600)]
RULES = Path(__file__).parents[4] / "alerts" / "rules"
PLACE = {"lon", "lat", "speed_kmh", "direction_deg"}


@pytest.fixture(scope="module")
def groups(city: City, catalogue: Catalogue) -> dict[str, Group]:
    found = group_devices(city, catalogue.profiles)
    return {group.profile.profile_id: group for group in found}


@pytest.fixture(scope="module")
def year(groups: dict[str, Group]) -> dict[str, dict[str, np.ndarray]]:
    """A year of every kind: by profile and metric, one row per moment, one column per device."""
    return {name: year_of(group) for name, group in groups.items()}


def test_every_metric_of_every_kind_has_a_signal(groups: dict[str, Group]) -> None:
    missing = {
        (name, metric)
        for name, group in groups.items()
        for metric in group.profile.metrics
        if metric not in group.signals
    }

    assert not missing


def test_no_signal_stands_for_a_metric_the_profile_does_not_have(catalogue: Catalogue) -> None:
    for name, signals in KINDS.items():
        assert set(signals) <= set(catalogue.profiles[name].metrics)


def test_all_readings_of_a_year_are_plausible(
    year: dict[str, dict[str, np.ndarray]], catalogue: Catalogue
) -> None:
    for name, columns in year.items():
        ranges = catalogue.profiles[name].ranges
        for metric in columns.keys() - PLACE:
            rule, column = catalogue.metrics[metric], columns[metric]
            low, high = ranges.get(metric, (rule.low, rule.high))
            assert np.isfinite(column).all(), metric
            assert low <= column.min() <= column.max() <= high, (name, metric)


def test_a_quiet_city_passes_no_limit_of_the_shipped_rules(
    groups: dict[str, Group], year: dict[str, dict[str, np.ndarray]]
) -> None:
    for rule in threshold_rules():
        for name, group in groups.items():
            if not selects(rule, group) or rule["metric"] not in group.signals:
                continue
            column = year[name][rule["metric"]]
            for above in levels(rule, "above"):
                assert column.max() < above["limit"], rule["rule_id"]
            for below in levels(rule, "below"):
                assert column.min() > below["limit"], rule["rule_id"]


def test_counters_never_run_backwards(year: dict[str, dict[str, np.ndarray]]) -> None:
    for columns in year.values():
        for metric in {"energy_kwh", "volume_m3", "heat_kwh", "mileage_km"} & set(columns):
            assert np.diff(columns[metric], axis=0).min() >= 0


def test_hydrant_pressure_falls_when_the_town_draws_water(groups: dict[str, Group]) -> None:
    hydrants = groups["hydrant-pressure"]
    rows = np.arange(len(hydrants.places))
    evening, night = (
        measure(hydrants, rows, MOMENTS[0]._replace(activity=activity))["pressure_mpa"]
        for activity in (0.9, 0.1)
    )

    assert (evening < night).all()


def test_happenings_only_touch_what_some_profile_reports(catalogue: Catalogue) -> None:
    events = {event for profile in catalogue.profiles.values() for event in profile.events}

    for happening in HAPPENINGS.values():
        assert set(happening.events) <= events
        assert {c.metric for c in happening.changes} <= {*catalogue.metrics, *PLACE}


def year_of(group: Group) -> dict[str, np.ndarray]:
    rows = np.arange(len(group.places))[:200]
    pictures = [measure(group, rows, moment) for moment in MOMENTS]
    return {metric: np.array([picture[metric] for picture in pictures]) for metric in pictures[0]}


def threshold_rules() -> list[dict[str, Any]]:
    return [
        rule
        for path in sorted(RULES.glob("*.toml"))
        for rule in tomllib.loads(path.read_text(encoding="utf-8"))["rules"]
        if rule["kind"] == "threshold"
    ]


def levels(rule: dict[str, Any], side: str) -> list[dict[str, float]]:
    """The limits of one side: one, several, or none."""
    given = rule.get(side, [])
    return given if isinstance(given, list) else [given]


def selects(rule: dict[str, Any], group: Group) -> bool:
    domains, profiles = rule.get("domains"), rule.get("profiles")
    return (not domains or group.profile.domain in domains) and (
        not profiles or group.profile.profile_id in profiles
    )
