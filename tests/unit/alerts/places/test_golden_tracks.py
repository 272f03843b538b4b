"""Tracks as they happen on the road, each with the rule it is judged by and what must come of it.

A file of `tests/golden/tracks`: a sentence, the rule, sites (kind, east, north, half a side in
metres), a route (east, north, ...), then one fix a line: what is known of the truck ("-": it is
empty, flat, covered), and `began`, `ended`, another priority, `refused`, or `.` for nothing.
"""

import json
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest

from alerts.judging import kinds, lasting
from alerts.judging.detecting import Fix, VehicleDetector
from alerts.judging.lasting import UNKNOWN, Delays, Outcome, Phase
from alerts.judging.rules import LastingRule
from devices.model import Site
from tests.unit.alerts.places import city
from tests.unit.alerts.places.city import S

TRACKS = sorted((Path(__file__).parents[3] / "golden" / "tracks").glob("*.txt"))


class Track(NamedTuple):
    rule: LastingRule
    detector: VehicleDetector
    fixes: list[Fix]
    expected: list[str]


def read(path: Path) -> Track:
    lines = path.read_text(encoding="utf-8").splitlines()[1:]
    said = [line.partition(": ")[::2] for line in lines if ": " in line[:7]]
    rule: Any = msgspec.convert(city.WORDS | json.loads(dict(said)["rule"]), kinds.AnyRule)
    sites = [_site(number, text) for number, (name, text) in enumerate(said) if name == "site"]
    drawn = dict(said).get("route")
    truck = city.truck(approved_route=_route(drawn)) if drawn else city.truck()
    registry = city.registry(truck, sites=tuple(sites))
    detector = kinds.VEHICLE[type(rule)](rule, city.TRUCK, registry)
    assert detector is not None
    rows = [line.split() for line in lines[len(said) + 1 :]]
    return Track(rule, detector, [_fix(row) for row in rows], [row[-1] for row in rows])


def _site(number: int, text: str) -> Site:
    kind, *numbers = text.split()
    east, north, half = map(float, numbers)
    return city.site(f"site-{number}", kind, city.square(half, east, north))


def _route(text: str) -> dict[str, Any]:
    numbers = [float(each) for each in text.split()]
    return city.line(*zip(numbers[::2], numbers[1::2], strict=True))


def _fix(row: list[str]) -> Fix:
    at_s, east, north = map(float, row[:3])
    known: dict[str, Any] = {"speed_kmh": 30.0, "loaded": False, "lifted": False}
    known["cover_open"] = False
    for word in row[3:-1]:
        name, _, value = word.partition("=")
        if name == "speed":
            known["speed_kmh"] = float(value)
        elif name != "-":
            known[name] = True
    return city.fix(east, north, at_s, **known)


@pytest.mark.parametrize("path", TRACKS, ids=lambda path: path.stem)
def test_a_track_comes_to_what_its_file_says(path: Path) -> None:
    rule, detector, fixes, expected = read(path)
    delays = Delays(round(rule.on_delay_s * S), round(rule.off_delay_s * S), 30 * S)
    memory, state, priority, seen = UNKNOWN, None, rule.priority, []

    for fix in fixes:
        was_bad = memory.phase >= Phase.BAD
        state, verdict = detector.observe(state, fix, was_bad=was_bad)
        if verdict is None:
            seen.append("refused")
            continue
        at_us = fix.observed_us
        memory, outcome = lasting.observe(
            memory, 0.0, bad=verdict.bad, observed_us=at_us, heard_us=at_us, delays=delays
        )
        worse = was_bad and verdict.priority not in (None, priority)
        priority = verdict.priority if worse and verdict.priority else priority
        seen.append("." if outcome is Outcome.NOTHING else outcome.value)
        seen[-1] = priority if worse else seen[-1]

    assert seen == expected


def test_there_are_tracks() -> None:
    assert len(TRACKS) >= 8
