"""Duty checks (查岗): three times a day each desk was asked whether anybody is there."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

import msgspec

from alerts.journal.pen import Line
from alerts.people.checks import CHECK, Answer, Check
from bench.past.extent import DAY_US, MINUTE_US, Extent
from bench.past.people import OFFICERS
from core.clock import from_us, to_us
from simulators.parts import generator

_HOURS: Final = (9, 15, 21)  # local
_MINUTES: Final = 5
_ANSWERED: Final = 0.94
_REACHABLE: Final = 0.98


def checks(extent: Extent) -> Iterator[Line]:
    """Yield the line that closed each check."""
    rng = generator(extent.seed, 95)
    for ago in range(extent.days, -1, -1):
        for hour in _HOURS:
            asked_us = extent.midnight_us(ago) + hour * DAY_US // 24
            closed_us = asked_us + _MINUTES * MINUTE_US
            for desk_id, officers in OFFICERS.items():
                chances = rng.random((len(officers), 2)).tolist()
                if closed_us < extent.until_us:
                    yield _closed(desk_id, asked_us, officers, chances)


def _closed(
    desk_id: str, asked_us: int, officers: tuple[str, ...], chances: list[list[float]]
) -> Line:
    asked = from_us(asked_us)
    until = asked + timedelta(minutes=_MINUTES)
    answers = tuple(
        _answer(name, asked_us, *chance) for name, chance in zip(officers, chances, strict=True)
    )
    check = Check(
        check_id=f"{desk_id}-{asked:%Y%m%d%H%M}",
        desk_id=desk_id,
        asked_at=asked,
        until=until,
        by=None,
        answers=answers,
        closed_at=until,
    )
    said = msgspec.json.encode({"event": "closed", "check": check, "missed": check.missed})
    return Line(CHECK, desk_id, to_us(until), said)


def _answer(name: str, asked_us: int, reached: float, answered: float) -> Answer:
    reachable = reached < _REACHABLE
    at_us = asked_us + int(answered * 4 * MINUTE_US)
    answered_at = from_us(at_us) if reachable and answered < _ANSWERED else None
    return Answer(name=name, reachable=reachable, answered_at=answered_at)
