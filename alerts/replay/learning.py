"""What is usual for every device, from four weeks of hourly rollups, for anomaly rules."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

import numpy as np

from alerts.detectors.baseline import BaselineRule
from alerts.detectors.norms import HOURS, Norms, Series, norm_of
from alerts.judging.rules import Rule
from alerts.replay.history import History, Span
from devices.registry import Registry

PAST: Final = timedelta(weeks=4)
_DEVICES_AT_ONCE: Final = 200


def wanted(rules: Iterable[Rule], registry: Registry) -> dict[int, set[int]]:
    """Return which devices (by number) are judged by which metrics (by number) of their past."""
    found: dict[int, set[int]] = {}
    for rule in rules:
        if isinstance(rule, BaselineRule) and rule.metric in registry.metrics:
            metric = registry.metrics[rule.metric].number
            for speaker in registry.speakers.values():
                if rule.metric in speaker.metrics and rule.selects(speaker.profile):
                    found.setdefault(metric, set()).add(speaker.number)
    return found


def learn(history: History, rules: Iterable[Rule], registry: Registry, now: datetime) -> Norms:
    """Return the norms of every series that an anomaly rule looks at."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    span = Span(hour - PAST, hour)
    found: list[tuple[Series, Any, Any]] = []
    for metric, devices in sorted(wanted(rules, registry).items()):
        for some in _portions(sorted(devices)):
            rows = history.hourly(span, some, [metric])
            for device, series in groupby(rows, key=itemgetter(0)):
                speaker = registry.by_number[device]
                owner = Series(speaker.device.device_id, metric)
                found.append((owner, *_norm(list(series))))
    owners = [owner for owner, _, _ in found]
    medians = np.array([each for _, each, _ in found], np.float32)
    sigmas = np.array([each for _, _, each in found], np.float32)
    return Norms(owners, medians.reshape(-1, HOURS), sigmas.reshape(-1, HOURS))


def _norm(rows: list[tuple[Any, ...]]) -> tuple[Any, Any]:
    """Return median and sigma by hour of the week of one series."""
    hours = np.array([row[2] for row in rows])
    hourly = np.full((hours[-1] - hours[0] + 1, 3), np.nan)
    hourly[hours - hours[0]] = [row[3:6] for row in rows]
    return norm_of(int(hours[0]), hourly)


def _portions(devices: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(devices), _DEVICES_AT_ONCE):
        yield devices[start : start + _DEVICES_AT_ONCE]
