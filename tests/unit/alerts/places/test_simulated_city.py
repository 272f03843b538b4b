"""The shipped rules in the simulated city: they find what happens and leave work alone."""

from pathlib import Path

import numpy as np
import pytest

import alerts
from alerts.judging import kinds
from alerts.judging.detecting import Fix, State
from alerts.judging.rulebook import Rulebook, load_rulebook
from simulators import fleet
from simulators.behaviour.moment import moment_at
from simulators.city import City, build_city
from simulators.reporting import table
from simulators.scoring import score
from simulators.voices import Catalogue
from simulators.wiring import read_catalogue
from tests.unit.alerts.places.performing import S, perform, registered

START_S = 1_790_000_000


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read_catalogue()


@pytest.fixture(scope="module")
def city(catalogue: Catalogue) -> City:
    return build_city(catalogue.profiles)


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return load_rulebook(Path(alerts.__file__).parent / "rules")


@pytest.mark.parametrize(
    ("name", "domain"),
    [("trucks", "truck"), ("trucks-places", "truck"), ("fire-and-water", "fire")],
)
def test_a_shipped_scenario_is_noticed_in_time_once_and_nothing_else(
    name: str, domain: str, city: City, catalogue: Catalogue, rulebook: Rulebook
) -> None:
    truth, found = perform(name, domain, START_S * S, city, catalogue, rulebook)

    result = score(truth, found)
    assert result.findings
    assert result.is_perfect, table(result)


def test_two_hours_of_ordinary_work_raise_nothing(
    city: City, catalogue: Catalogue, rulebook: Rulebook
) -> None:
    registry = registered(city, catalogue)
    (group,) = (each for each in fleet.group_devices(city, catalogue.profiles) if each.moves)
    names = [city.devices[place].device_id for place in group.places.tolist()]
    rules = [rule for rule in rulebook.rules.values() if type(rule) in kinds.VEHICLE]
    ready = {
        each.rule_id: kinds.VEHICLE[type(each)](each, group.profile, registry) for each in rules
    }
    detectors = {rule_id: each for rule_id, each in ready.items() if each is not None}
    states: dict[tuple[str, str], State] = {}
    judged, bad = 0, []

    for at_s in range(START_S, START_S + 7_200, 30):
        values = fleet.measure(group, np.arange(len(names)), moment_at(at_s))
        for name, row in zip(names, fleet.by_device(values), strict=True):
            fix = Fix(
                at_s * S, row["lon"], row["lat"], row["speed_kmh"], row["load_state"] >= 0.5,
                row["lift_state"] >= 0.5, row["cover_state"] >= 0.5, name,
            )  # fmt: skip
            for rule_id, detector in detectors.items():
                key = rule_id, name
                states[key], verdict = detector.observe(states.get(key), fix, was_bad=False)
                judged += verdict is not None
                if verdict and verdict.bad:
                    bad.append((rule_id, name, at_s, verdict))

    assert judged > 50_000
    assert bad == []
