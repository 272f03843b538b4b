"""What people did about an alert: how soon, and what it turned out to be.

The figures follow the officers of bench/month_room.py; the rest (dispatch, arrival, shelving) is
ours: a city whose duty room works, with some it has not got round to.
"""

from typing import Final, NamedTuple

import numpy as np

from alerts.judging.rules import Rule

_S: Final = 1_000_000
_TAKES_S: Final = {
    "critical": (15, 90),
    "high": (60, 360),
    "medium": (120, 1200),
    "low": (300, 7200),
}
_NEVER: Final = {"critical": 0.0, "high": 0.02, "medium": 0.08, "low": 1 / 3}
_IDLE: Final = frozenset({"fire-door-open"})
"""Nobody ever acts on the bare signal: what stays open is told again by fire-door-left-open."""
_FALSE: Final = 0.9  # of fire alarms
_SENT: Final = {"critical": 0.5, "high": 0.35, "medium": 0.15, "low": 0.03}
_SHELVED: Final = 0.02
OFFICERS: Final = {
    "fire": ("zhang", "li", "ma"),
    "city": ("wang", "zhao"),
    "duty_room": ("chen", "liu"),
}
"""Who is on duty at the shipped desks in this month; invented."""


class Answer(NamedTuple):
    """Instants in microseconds at which somebody did something; None: nobody did."""

    officer: str
    notified_us: int | None = None
    taken_us: int | None = None
    escalated_us: int | None = None
    verified_us: int | None = None
    verdict: str | None = None
    handed_over_us: int | None = None
    sent_us: int | None = None
    arrived_us: int | None = None
    shelved_us: int | None = None


def answer(rule: Rule, desk_id: str, known_us: int, rng: np.random.Generator) -> Answer:
    """Decide what will be done about an alert that is shown."""
    team = OFFICERS.get(desk_id, OFFICERS["duty_room"])
    doing = Answer(team[known_us // (8 * 3600 * _S) % len(team)])
    priority = rule.priority
    if priority != "low":
        doing = doing._replace(notified_us=known_us + int(rng.integers(1, 9) * _S))
    if rng.random() >= _NEVER[priority] and rule.rule_id not in _IDLE:
        soonest, latest = _TAKES_S[priority]
        taken_us = known_us + int(rng.integers(soonest, latest) * _S)
        doing = _after(rule, doing._replace(taken_us=taken_us), known_us, rng)
    if not rule.life_safety and rng.random() < _SHELVED:
        doing = doing._replace(shelved_us=known_us + int(rng.integers(60, 900) * _S))
    return doing


def _after(rule: Rule, doing: Answer, known_us: int, rng: np.random.Generator) -> Answer:
    taken_us = doing.taken_us or known_us
    if rule.life_safety:
        real = rng.random() >= _FALSE
        verified_us = taken_us + int(rng.integers(90, 420) * _S)
        doing = doing._replace(verified_us=verified_us, verdict="real" if real else "false")
        if real:
            doing = doing._replace(handed_over_us=verified_us + int(rng.integers(15, 80) * _S))
    if rule.priority == "critical" and taken_us - known_us > 60 * _S:
        doing = doing._replace(escalated_us=known_us + 60 * _S)
    if doing.verdict == "real" or rng.random() < _SENT[rule.priority]:
        sent_us = taken_us + int(rng.integers(30, 300) * _S)
        on_the_way_us = int(rng.gamma(4.0, 150.0) + 120) * _S
        doing = doing._replace(sent_us=sent_us, arrived_us=sent_us + on_the_way_us)
    return doing
