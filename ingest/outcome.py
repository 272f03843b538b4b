"""The books: which message ended how, added up per device and hour."""

from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ingest.batch import Message

_HOUR_US = 3_600_000_000

Numbers = npt.NDArray[np.int64]


class Outcome(IntEnum):
    """How a message can end; there is no fourth way. The numbers are columns of the ledger."""

    STORED = 0
    DUPLICATE = 1
    QUARANTINED = 2


class Novelty(NamedTuple):
    """What of a batch was not there before; sets of keys that are used up message by message."""

    readings: set[tuple[Any, ...]] | None  # (device, metric, instant); None: every one is new
    positions: set[tuple[Any, ...]]  # (device, instant)
    events: set[tuple[Any, ...]]  # (device, kind, instant, active)
    problems: set[bytes]  # digests


class LedgerRows(NamedTuple):
    """What each device's messages of each hour came to; sorted, so that locks are taken in order.

    Five columns of the same length; what was received is the sum of the last three.
    """

    device: Numbers
    hour_us: Numbers
    stored: Numbers
    duplicate: Numbers
    quarantined: Numbers

    @property
    def received(self) -> Numbers:
        """Return how many messages each row stands for."""
        return self.stored + self.duplicate + self.quarantined


def hour_of(instant_us: int) -> int:
    """Return the beginning of the hour of an instant."""
    return instant_us - instant_us % _HOUR_US


def ledger_rows(booked: Sequence[tuple[int, int, Outcome]]) -> LedgerRows:
    """Add up messages given as (device, microseconds of receipt, outcome)."""
    devices, received, outcomes = np.array(booked, np.int64).reshape(-1, 3).T
    keys, rows = np.unique(np.stack([devices, received // _HOUR_US]), axis=1, return_inverse=True)
    counts = np.bincount(rows.ravel() * 3 + outcomes, minlength=keys.shape[1] * 3)
    return LedgerRows(keys[0], keys[1] * _HOUR_US, *counts.reshape(-1, 3).T)


def outcomes_of(messages: Sequence[Message], novelty: Novelty, repeated: set[int]) -> list[Outcome]:
    """Say how each message ended; of two equal ones in a batch the second is the duplicate.

    `repeated` are the places of redated messages that had come before.
    """
    return [
        Outcome.DUPLICATE if place in repeated else _outcome_of(message, novelty)
        for place, message in enumerate(messages)
    ]


def _outcome_of(message: Message, novelty: Novelty) -> Outcome:
    if message.problem is not None:
        new = _use_up(novelty.problems, [message.source.digest])
        return Outcome.QUARANTINED if new else Outcome.DUPLICATE
    return Outcome.STORED if _said_anything_new(message, novelty) else Outcome.DUPLICATE


def _said_anything_new(message: Message, novelty: Novelty) -> bool:
    report, device = message.report, message.device
    if report is None:
        return False
    if report.readings and novelty.readings is None:
        return True
    readings = ((device, r.metric, r.observed_us) for r in report.readings)
    positions = ((device, p.observed_us) for p in report.positions)
    events = ((device, e.kind, e.observed_us, e.active) for e in report.events)
    found = [
        _use_up(novelty.readings or set(), readings),
        _use_up(novelty.positions, positions),
        _use_up(novelty.events, events),
    ]
    return any(found)


def _use_up(new: set[Any], keys: Iterable[Any]) -> bool:
    """Take the keys out of `new`; says whether any was there."""
    before = len(new)
    new.difference_update(keys)
    return len(new) < before
