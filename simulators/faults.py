"""Faults on demand: how field devices go wrong, decided anew for every message, the same way."""

from enum import StrEnum
from typing import NamedTuple

import numpy as np

from core.errors import Invalid
from simulators.arrays import Floats, Integers, Mask, Seeds
from simulators.behaviour.noise import uniform

_SKEW_S = 3 * 3600.0
"""How far a wrong clock is off: a three-hour-old battery, or a wrong zone."""
_HELD_S = (4.0, 20.0)
"""How long a message that arrives out of order is held back."""
_ABSURD = 50.0
"""An absurd value lies this many times the metric's whole range above it."""


class Fault(StrEnum):
    """What can go wrong between a sensor and the broker."""

    SILENCE = "silence"  # of a share of the devices
    CLOCK_SKEW = "clock_skew"  # of a share of the devices
    STUCK = "stuck"  # of a share of the devices
    ABSURD = "absurd"  # of a share of the devices
    DUPLICATES = "duplicates"  # of a share of the messages
    OUT_OF_ORDER = "out_of_order"  # of a share of the messages
    GARBAGE = "garbage"  # of a share of the messages
    RECONNECT_STORM = "reconnect_storm"  # all lines drop; a share of them, when it begins


OF_MESSAGES = frozenset({Fault.DUPLICATES, Fault.OUT_OF_ORDER, Fault.GARBAGE})
"""Faults that hit single messages; the others hit devices for as long as they last."""


class FaultOption(NamedTuple):
    """A fault asked for on the command line: `duplicates=0.01`."""

    fault: Fault
    share: float


def parse_option(text: str) -> FaultOption:
    """Read `KIND=SHARE`; Invalid says what it should have been."""
    kind, _, share = text.partition("=")
    try:
        option = FaultOption(Fault(kind), float(share))
    except ValueError:
        known = ", ".join(Fault)
        raise Invalid(f"{text!r} is no KIND=SHARE; KIND is one of {known}.") from None
    if not 0 < option.share <= 1:
        raise Invalid(f"The share of {kind} is {share}; it lies above 0 and up to 1.")
    return option


def chosen(seeds: Seeds, numbers: Integers, share: float, salt: int) -> Mask:
    """Choose a share of (device, sequence number) pairs, the same ones every time."""
    return uniform(seeds ^ numbers.astype(np.uint64) << np.uint64(20), salt) < share


def held_s(seeds: Seeds, numbers: Integers, salt: int) -> Floats:
    """Return for how many seconds each message is held back so that later ones overtake it."""
    shortest, longest = _HELD_S
    return shortest + (longest - shortest) * uniform(seeds ^ numbers.astype(np.uint64), salt)


def skew_s(seeds: Seeds) -> Floats:
    """Return how many seconds each wrong clock is off: half of them behind, half ahead."""
    return np.where(uniform(seeds, 7) < 0.5, -_SKEW_S, _SKEW_S)


def absurd(low: float, high: float) -> float:
    """Return a value no sensor could have measured."""
    return high + _ABSURD * (high - low)


def garble(payload: bytes) -> bytes:
    """Return what a torn frame looks like: half the payload, with bytes that are no UTF-8."""
    return b"\xff\xfe" + payload[: len(payload) // 2]
