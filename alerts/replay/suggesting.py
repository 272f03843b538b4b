"""A better deadband and better delays for a threshold, from what its devices really said.

Fleeting excursions ask for an on-delay, short breaks between two of them for an off-delay, noise
at the limit for a deadband. Which share is taken and what counts as short is ours; that these are
the three means against nuisance alarms is ISA-18.2, clause on basic alarm design.
"""

import math
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from alerts.judging.rules import Level, Limit, ThresholdRule

SHORT_S: Final = 600.0
"""What is over within ten minutes is fleeting: nobody could have acted on it."""

FEW: Final = 10
"""Below so many cases a share means nothing."""

_SHARE: Final = 90  # percent of the short cases that shall go
_NOISE_WIDTHS: Final = 4  # a value at the limit stays within two sigma to either side
_NEAR: Final = 10  # in sigma: what counts as near the limit
_TO_SIGMA: Final = 1.4826
_NICE_S: Final = (5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 300, 420, 600)

Floats = NDArray[np.float64]


class Series(NamedTuple):
    """What one device said of the metric: seconds and values, in order."""

    at_s: Floats
    values: Floats


class Side(NamedTuple):
    """One side of a threshold, turned so that bad is always above."""

    name: str
    sign: int
    level: Level

    @property
    def limit(self) -> float:
        """Return the limit, turned."""
        return self.sign * self.level.limit

    @property
    def deadband(self) -> float:
        """Return how far below the limit it clears."""
        return abs(self.level.limit - self.level.clear_at)


class Findings(NamedTuple):
    """What history says about one side: lengths in seconds, noise in the metric's unit."""

    excursions_s: Floats
    breaks_s: Floats
    noise: float | None
    usual: float | None


class Advice(msgspec.Struct, frozen=True, kw_only=True):
    """The figures found, the rule as it could be (None: leave it), and why, in sentences."""

    excursions: int
    fleeting: int
    short_breaks: int
    noise: float | None
    rule: ThresholdRule | None
    why: tuple[str, ...]


def sides_of(rule: ThresholdRule) -> list[Side]:
    """Return its sides; of several levels the mildest, which decides when an alert begins."""
    above = [Side("above", 1, each) for each in rule.levels_above[:1]]
    return above + [Side("below", -1, each) for each in rule.levels_below[:1]]


def advise(rule: ThresholdRule, series: Sequence[Series]) -> Advice:
    """Look at everything that was said and change what history speaks against."""
    found = {side: look(side, series) for side in sides_of(rule)}
    excursions = np.concatenate([each.excursions_s for each in found.values()])
    breaks = np.concatenate([each.breaks_s for each in found.values()])
    changes, why = _delays(rule, excursions, breaks)
    for side, each in found.items():
        clear_at, reason = _deadband(side, each)
        why.append(reason)
        if clear_at is not None:
            changes[side.name] = _cleared_at(rule, side, clear_at)
    noises = [each.noise for each in found.values() if each.noise is not None]
    return Advice(
        excursions=len(excursions),
        fleeting=int((excursions < SHORT_S).sum()),
        short_breaks=int((breaks < SHORT_S).sum()),
        noise=max(noises, default=None),
        rule=msgspec.structs.replace(rule, **changes) if changes else None,
        why=tuple(why),
    )


def look(side: Side, series: Iterable[Series]) -> Findings:
    """Measure excursions, breaks and noise of one side over all devices."""
    turned = [each._replace(values=side.sign * each.values) for each in series]
    runs = [_runs(each, side.limit) for each in turned]
    good = [each.values[each.values < side.limit] for each in turned]
    usual = np.concatenate(good) if good else np.empty(0)
    return Findings(
        excursions_s=np.concatenate([np.empty(0), *(bad for bad, _ in runs)]),
        breaks_s=np.concatenate([np.empty(0), *(gaps for _, gaps in runs)]),
        noise=_noise(side.limit, turned),
        usual=float(np.percentile(usual, 75)) if usual.size else None,
    )


def _runs(series: Series, limit: float) -> tuple[Floats, Floats]:
    """Return how long the value stayed over the limit each time, and how long between."""
    bad = series.values >= limit
    turns = np.flatnonzero(bad[1:] != bad[:-1]) + 1
    begins = turns[bad[turns]]
    ends = turns[~bad[turns]]
    ends = ends[ends > begins[0]] if begins.size else ends[:0]
    whole = begins[: ends.size]
    lengths = series.at_s[ends] - series.at_s[whole]
    breaks = series.at_s[begins[1:]] - series.at_s[ends[: max(0, begins.size - 1)]]
    return lengths, breaks


def _noise(limit: float, series: Iterable[Series]) -> float | None:
    """Return the robust spread of neighbouring values near the limit; None for too few."""
    found = []
    for each in series:
        steps = np.diff(each.values)
        if steps.size:
            near = np.abs(each.values[:-1] - limit) <= _NEAR * max(_sigma(steps), 1e-12)
            found.append(steps[near])
    steps = np.concatenate(found) if found else np.empty(0)
    return _sigma(steps) if steps.size >= FEW else None


def _sigma(steps: Floats) -> float:
    """Return the standard deviation of the values whose differences these are."""
    return float(_TO_SIGMA * np.median(np.abs(steps - np.median(steps))) / np.sqrt(2))


def _delays(
    rule: ThresholdRule, excursions_s: Floats, breaks_s: Floats
) -> tuple[dict[str, object], list[str]]:
    changes: dict[str, object] = {}
    why = []
    for field, present, cases, what in (
        ("on_delay_s", rule.on_delay_s, excursions_s, "excursions"),
        ("off_delay_s", rule.off_delay_s, breaks_s, "breaks between excursions"),
    ):
        short = cases[cases < SHORT_S]
        if short.size < FEW:
            why.append(f"{field} stays: only {short.size} {what} were over within 10 minutes.")
            continue
        wanted = _nice(float(np.percentile(short, _SHARE)))
        if wanted <= present:
            why.append(f"{field} stays: {present:g} s is enough for {_SHARE} % of {short.size}.")
            continue
        changes[field] = wanted
        why.append(
            f"{field} {present:g} s -> {wanted:g} s: {_SHARE} % of {short.size} fleeting {what} "
            "are shorter."
        )
    return changes, why


def _deadband(side: Side, found: Findings) -> tuple[float | None, str]:
    """Return where the side should clear instead, and why."""
    if found.noise is None:
        return None, f"`{side.name}` stays: too few values lie near the limit."
    wanted = _NOISE_WIDTHS * found.noise
    if wanted <= side.deadband:
        return None, f"`{side.name}` stays: its deadband is wider than the noise of {wanted:.3g}."
    if found.usual is not None and side.limit - wanted <= found.usual:
        return None, (
            f"`{side.name}` stays: the limit lies within the noise of what is usual; no deadband "
            "helps, think about the limit itself."
        )
    digits = 1 - math.floor(math.log10(wanted))
    clear_at = round(side.sign * (side.limit - wanted), digits)
    return clear_at, (
        f"`{side.name}` clears at {clear_at:g} instead of {side.level.clear_at:g}: neighbouring "
        f"values near the limit differ with a sigma of {found.noise:.3g}."
    )


def _cleared_at(rule: ThresholdRule, side: Side, clear_at: float) -> Limit | tuple[Level, ...]:
    """Return the side with the mildest level cleared elsewhere."""
    whole = getattr(rule, side.name)
    if isinstance(whole, Limit):
        return Limit(whole.limit, clear_at)
    first = msgspec.structs.replace(whole[0], clear_at=clear_at)
    return (first, *whole[1:])


def _nice(seconds: float) -> float:
    """Round up to a delay people would write."""
    return next((float(each) for each in _NICE_S if each > seconds), SHORT_S)
