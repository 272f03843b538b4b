"""How well the platform noticed what really happened: found, how late, falsely, twice."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

import msgspec

_EARLY = timedelta(seconds=2)
"""An alert may carry an instant slightly before the label: clocks are rounded to reports."""

_AFTER = timedelta(seconds=60)
"""A cause that has just gone may still raise its alert: reports come once a minute."""


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """What the score needs of an alert of the api."""

    alert_id: str
    rule_id: str
    kind: str
    subject: str
    raised_at: datetime
    detected_at: datetime
    updated_at: datetime
    device_id: str | None = None
    site_id: str | None = None
    count: int = 1
    transition: str = ""


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """An alert a label calls for; None stands for any kind or subject."""

    within_s: float
    kind: str | None = None
    subject: str | None = None
    required: bool = True


class Label(msgspec.Struct, frozen=True, kw_only=True):
    """What really happened, to which devices, from when to when."""

    label: str
    what: str
    devices: frozenset[str]
    sites: frozenset[str] = frozenset()
    start_at: datetime
    end_at: datetime
    expected: tuple[Expected, ...] = ()


class Truth(msgspec.Struct, frozen=True, kw_only=True):
    """All labels of one run, and the stretch of time they speak for."""

    name: str
    start_at: datetime
    end_at: datetime
    labels: tuple[Label, ...]


class Verdict(StrEnum):
    """What became of one expected alert."""

    DETECTED = "detected"
    LATE = "late"
    MISSED = "missed"
    NOT_RAISED = "not raised"  # and it did not have to be


class Finding(NamedTuple):
    """One expected alert, what became of it, and how often too much."""

    label: Label
    expected: Expected
    verdict: Verdict
    delay_s: float | None
    doubles: int


class Score(NamedTuple):
    """The findings, and the alerts nothing called for."""

    findings: tuple[Finding, ...]
    false: tuple[Alert, ...]

    @property
    def is_perfect(self) -> bool:
        """Say whether everything was noticed in time, once, and nothing else."""
        return not self.false and all(
            finding.verdict in (Verdict.DETECTED, Verdict.NOT_RAISED) and not finding.doubles
            for finding in self.findings
        )


def score(truth: Truth, alerts: Sequence[Alert]) -> Score:
    """Judge the alerts of a run; those raised before or after it are none of its business."""
    of_run = sorted(
        (alert for alert in alerts if truth.start_at <= alert.raised_at <= truth.end_at),
        key=lambda alert: alert.raised_at,
    )
    findings = tuple(
        find(label, expected, of_run) for label in truth.labels for expected in label.expected
    )
    return Score(findings, tuple(alert for alert in of_run if not _called_for(truth, alert)))


def occurrences(
    alerts: Iterable[Alert], transitions: Callable[[str], Sequence[Alert]]
) -> Iterator[Alert]:
    """Yield each alert, and once more for every time it was raised again before it was taken.

    A latched alert keeps the instant it was first raised; when it was raised again stands in its
    transitions only.
    """
    for alert in alerts:
        yield alert
        if alert.count > 1:
            again = [one for one in transitions(alert.alert_id) if one.transition == "raised"][1:]
            for one in again:
                at = one.updated_at
                yield msgspec.structs.replace(alert, raised_at=at, detected_at=at)


def find(label: Label, expected: Expected, alerts: Sequence[Alert]) -> Finding:
    """Look for one expected alert; a second one of the same rule and device is a double."""
    matching = [alert for alert in alerts if matches(label, expected, alert)]
    doubles = len(matching) - len({(alert.rule_id, alert.device_id) for alert in matching})
    if not matching:
        verdict = Verdict.MISSED if expected.required else Verdict.NOT_RAISED
        return Finding(label, expected, verdict, None, doubles)
    delay_s = min((alert.detected_at - label.start_at).total_seconds() for alert in matching)
    verdict = Verdict.DETECTED if delay_s <= expected.within_s else Verdict.LATE
    return Finding(label, expected, verdict, delay_s, doubles)


def matches(label: Label, expected: Expected, alert: Alert) -> bool:
    """Say whether the alert is the one expected: right thing, right place, right time."""
    return (
        expected.kind in (None, alert.kind)
        and expected.subject in (None, alert.subject)
        and _concerns(label, alert)
        and label.start_at - _EARLY <= alert.raised_at <= _last_moment(label, expected)
    )


def _last_moment(label: Label, expected: Expected) -> datetime:
    """Return until when an alert still belongs to the label, found in time or not."""
    return max(label.end_at, label.start_at + timedelta(seconds=expected.within_s)) + _AFTER


def _concerns(label: Label, alert: Alert) -> bool:
    if alert.device_id is None:
        return alert.site_id in label.sites
    return alert.device_id in label.devices


def _called_for(truth: Truth, alert: Alert) -> bool:
    return any(
        matches(label, expected, alert) for label in truth.labels for expected in label.expected
    )
