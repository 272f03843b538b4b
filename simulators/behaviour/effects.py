"""How a reading moves when something happens: a fire fills the room with smoke, a leak with gas."""

from typing import NamedTuple

import numpy as np

from simulators.arrays import Floats


class Ramp(NamedTuple):
    """A metric moves to `to`: at once, or two thirds of the way after `over_s` seconds."""

    metric: str
    to: float
    over_s: float = 0.0

    def moved(self, values: Floats, elapsed_s: float) -> Floats:
        """Return the values on their way from what they would be to where the ramp leads."""
        return values + (self.to - values) * done(self.over_s, elapsed_s)


class Shift(NamedTuple):
    """A metric goes on as usual, but `by` more: at once, or bit by bit as with a ramp."""

    metric: str
    by: float
    over_s: float = 0.0

    def moved(self, values: Floats, elapsed_s: float) -> Floats:
        """Return the values with what has been added by now."""
        return values + self.by * done(self.over_s, elapsed_s)


class Happening(NamedTuple):
    """Something real: how readings move, which events are reported, who falls silent."""

    changes: tuple[Ramp | Shift, ...] = ()
    events: tuple[str, ...] = ()
    is_silent: bool = False  # nothing is said any more, the connection is gone


def done(over_s: float, elapsed_s: float) -> float:
    """Return which share of a change has taken place, 0 to 1."""
    return 1.0 if over_s == 0 else -float(np.expm1(-max(elapsed_s, 0.0) / over_s))
