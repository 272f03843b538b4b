"""Sequence numbers tell what is missing: a skipped number is a message that never came."""

from typing import NamedTuple

MAX_GAPS = 64
"""Open gaps watched per device; older ones stay in the books as missing for good."""

MAX_JUMP = 1_000_000
"""A larger jump is a device that began to count anew, not the loss of a million messages."""


class Gap(NamedTuple):
    """Numbers `first` to `last` were skipped, which was seen in the hour `hour_us`."""

    first: int
    last: int
    hour_us: int


class SequenceState(NamedTuple):
    """What one device's numbers have looked like so far: the highest, and the open gaps."""

    highest: int
    gaps: tuple[Gap, ...] = ()


class Step(NamedTuple):
    """The state after one message, and which gaps it closed and opened."""

    state: SequenceState
    closed: tuple[Gap, ...] = ()
    opened: tuple[Gap, ...] = ()


def follow(state: SequenceState | None, seq: int, hour_us: int) -> Step:
    """Move on by one newly stored message with the number `seq`.

    A number that is neither next, nor ahead, nor missing means the device began to count anew.
    """
    if state is None:
        return Step(SequenceState(seq))
    step = seq - state.highest
    if step == 1:
        return Step(SequenceState(seq, state.gaps))
    if 1 < step <= MAX_JUMP:
        gap = Gap(state.highest + 1, seq - 1, hour_us)
        return Step(SequenceState(seq, (*state.gaps, gap)[-MAX_GAPS:]), opened=(gap,))
    for gap in state.gaps:
        if gap.first <= seq <= gap.last:
            return _fill(state, gap, seq)
    return Step(SequenceState(seq, state.gaps))


def _fill(state: SequenceState, gap: Gap, seq: int) -> Step:
    """Close the gap around a late comer and open what is left of it on either side."""
    halves = (gap._replace(last=seq - 1), gap._replace(first=seq + 1))
    left = tuple(half for half in halves if half.first <= half.last)
    kept = (other for other in state.gaps if other != gap)
    return Step(SequenceState(state.highest, (*kept, *left)), closed=(gap,), opened=left)
