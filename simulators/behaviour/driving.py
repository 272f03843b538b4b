"""Muck trucks on their rounds: load, drive, tip, come back; a pure function of time.

Speeds stay under 40 km/h loaded and 60 km/h empty (domain 4.2, configurable there, unverified).
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from simulators import plane
from simulators.arrays import Floats, Integers, Mask, Seeds
from simulators.behaviour.hardware import COUNTING_SINCE_S
from simulators.behaviour.moment import Signal
from simulators.behaviour.noise import uniform
from simulators.haulage import Trip
from simulators.streets import distances

_LOADING_S = 480.0
_TIPPING_S = 180.0
_LOADED_M_S = 24 / 3.6  # mean; crossings make it swing by `_STOP_AND_GO` either way
_EMPTY_M_S = 36 / 3.6
_STOP_AND_GO = 0.6
_BLOCK_M = 520.0  # from crossing to crossing
_APART_M = 1e6  # between two trucks' lines on the common axis


class Rounds(NamedTuple):
    """The rounds of all trucks, their lines laid end to end on one axis of metres."""

    marks: Floats
    points: Floats
    starts: Floats
    lengths: Floats
    stands: Mask
    seeds: Seeds


class Drive(NamedTuple):
    """Where trucks are and what they are doing; points in metres, direction from north."""

    points: Floats
    speed_kmh: Floats
    direction_deg: Floats
    load: Floats  # 0 empty to 1 full
    lifted: Mask
    uncovered: Mask
    driven_km: Floats  # since the counters stood at zero


def signals(rounds: Rounds) -> Mapping[str, Signal]:
    """Return what trucks on these rounds report: the place itself, and the state of their box."""
    views: Mapping[str, Callable[[Drive], Floats]] = {
        "lon": lambda now: plane.to_degrees(now.points)[:, 0],
        "lat": lambda now: plane.to_degrees(now.points)[:, 1],
        "speed_kmh": lambda now: now.speed_kmh,
        "direction_deg": lambda now: now.direction_deg,
        "load_state": lambda now: np.round(now.load * 2) / 2,
        "lift_state": lambda now: now.lifted.astype(np.float64),
        "cover_state": lambda now: now.uncovered.astype(np.float64),
        "mileage_km": lambda now: now.driven_km,
        "acc": lambda now: np.ones(len(now.load)),
        "voltage_v": lambda now: np.where(now.speed_kmh > 0, 27.6, 26.8),
    }

    def signal(view: Callable[[Drive], Floats]) -> Signal:
        return lambda moment, traits: view(drive(rounds, traits.rows, moment.t_s))

    return {name: signal(view) for name, view in views.items()}


def plan_rounds(trips: tuple[Trip, ...], seeds: Seeds) -> Rounds:
    """Lay the trips' lines out so that all trucks can be placed in one interpolation."""
    marks = [distances(trip.line) for trip in trips]
    starts = np.arange(len(trips), dtype=np.float64) * _APART_M
    return Rounds(
        np.concatenate([own + start for own, start in zip(marks, starts, strict=True)]),
        np.concatenate([trip.line for trip in trips]),
        starts,
        np.array([own[-1] for own in marks]),
        np.array([trip.stands for trip in trips], dtype=np.bool_),
        seeds,
    )


def drive(rounds: Rounds, rows: Integers, t_s: float) -> Drive:
    """Place the trucks of the given rows at one Unix second."""
    length = rounds.lengths[rows]
    out_s, back_s = length / _LOADED_M_S, length / _EMPTY_M_S
    cycle_s = _LOADING_S + out_s + _TIPPING_S + back_s
    cycles = (t_s - COUNTING_SINCE_S) / cycle_s + uniform(rounds.seeds[rows], 81)
    cycles = np.where(rounds.stands[rows], 0.0, cycles)
    into_s = cycles % 1.0 * cycle_s
    loading = np.clip(into_s / _LOADING_S, 0, 1)
    out = np.clip((into_s - _LOADING_S) / out_s, 0, 1)
    tipping = np.clip((into_s - _LOADING_S - out_s) / _TIPPING_S, 0, 1)
    back = np.clip((into_s - cycle_s + back_s) / back_s, 0, 1)
    there, again = length * _eased(out, length), length * _eased(back, length)
    points, direction_deg = _place(rounds, rows, there - again)
    return Drive(
        points,
        3.6 * (_speed(out, out_s, length) + _speed(back, back_s, length)),
        (direction_deg + np.where(back > 0, 180, 0)) % 360,
        loading - np.clip(2 * tipping - 0.5, 0, 1),
        _between(tipping, 0.2, 0.8),
        ~rounds.stands[rows] & ((loading < 1) | _between(tipping, 0.05, 0.95)),
        (np.floor(cycles) * 2 * length + there + again) / 1000,
    )


def _between(part: Floats, low: float, high: float) -> Mask:
    return (part > low) & (part < high)


def _eased(part: Floats, length: Floats) -> Floats:
    """Return the share of the way done after a share of the time, slow at every crossing."""
    turns = 2 * np.pi * np.maximum(1, np.round(length / _BLOCK_M))
    return part - _STOP_AND_GO * np.sin(turns * part) / turns


def _speed(part: Floats, duration_s: Floats, length: Floats) -> Floats:
    turns = 2 * np.pi * np.maximum(1, np.round(length / _BLOCK_M))
    speed = length / duration_s * (1 - _STOP_AND_GO * np.cos(turns * part))
    return np.where((part > 0) & (part < 1), speed, 0.0)


def _place(rounds: Rounds, rows: Integers, distance: Floats) -> tuple[Floats, Floats]:
    at = rounds.starts[rows] + distance
    ahead = np.minimum(at + 1.0, rounds.starts[rows] + rounds.lengths[rows])
    behind = ahead - 1.0
    east, north = (
        _on_axis(rounds, ahead, axis) - _on_axis(rounds, behind, axis) for axis in (0, 1)
    )
    point = np.stack([_on_axis(rounds, at, axis) for axis in (0, 1)], axis=-1)
    return point, np.degrees(np.arctan2(east, north)) % 360


def _on_axis(rounds: Rounds, at: Floats, axis: int) -> Floats:
    return np.interp(at, rounds.marks, rounds.points[:, axis])
