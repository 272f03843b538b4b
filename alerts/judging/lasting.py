"""Since when is a thing bad, and for long enough? One small memory per device and rule.

Two clocks, never mixed: delays run in event time (what the device says), the deadline of a device
that falls silent while a delay is pending runs on the engine's clock (when we heard it).
"""

from enum import Enum, IntEnum
from typing import NamedTuple


class Phase(IntEnum):
    """Where a condition stands; RISING and FALLING wait for their delay."""

    QUIET = 0
    RISING = 1
    BAD = 2
    FALLING = 3


class Memory(NamedTuple):
    """What is remembered of one condition.

    `began_us` and `turned_us` are the event times at which the latest badness began and turned
    good; `deadline_us` is the engine's time at which a silent RISING, last seen at `value`, is
    taken as lasting. `told` are the latest active signals by the device's own clock: delivered
    again, they are recognised.
    """

    phase: Phase = Phase.QUIET
    judged_us: int = 0
    began_us: int = 0
    turned_us: int = 0
    deadline_us: int = 0
    value: float = 0.0
    told: tuple[int, ...] = ()


UNKNOWN = Memory()
"""The memory of a device that has not been judged yet."""


class Delays(NamedTuple):
    """How long bad must last to be an alert, and good to end it; how often we expect to hear."""

    on_us: int = 0
    off_us: int = 0
    interval_us: int = 0


class Outcome(Enum):
    """What one judgement found out."""

    NOTHING = "nothing"
    BEGAN = "began"
    ENDED = "ended"
    PASSED = "passed"  # it began, and it is known to have ended since


class Step(NamedTuple):
    """The memory after a judgement, and what the judgement found out."""

    memory: Memory
    outcome: Outcome


class Clocks(NamedTuple):
    """How far a device's clock may differ from ours; `replay` marks recorded data."""

    late_us: int
    ahead_us: int
    replay: bool = False


_TOLD = 32  # signals of one kind and device that are recognised when delivered again
_AT_ONCE = Delays()


def is_late(observed_us: int, now_us: int, clocks: Clocks) -> bool:
    """Say whether an alert of this instant must be marked: it happened then, it is known now."""
    return clocks.replay or now_us - observed_us > clocks.late_us


def observe(
    memory: Memory, value: float, *, bad: bool, observed_us: int, heard_us: int, delays: Delays
) -> Step:
    """Take in one value that is newer than all before it."""
    if not bad:
        return _observe_good(memory, observed_us, delays)
    phase, _, began_us, _, deadline_us, *_ = memory
    if phase >= Phase.BAD:
        return Step(Memory(Phase.BAD, observed_us, began_us), Outcome.NOTHING)
    if phase is Phase.QUIET:
        began_us = observed_us
        deadline_us = heard_us + delays.on_us + delays.interval_us
    if observed_us - began_us >= delays.on_us:
        return Step(Memory(Phase.BAD, observed_us, began_us), Outcome.BEGAN)
    rising = Memory(Phase.RISING, observed_us, began_us, 0, deadline_us, value)
    return Step(rising, Outcome.NOTHING)


def _observe_good(memory: Memory, observed_us: int, delays: Delays) -> Step:
    phase, _, began_us, turned_us, *_ = memory
    if phase is Phase.QUIET:
        return Step(Memory(phase, observed_us, began_us, turned_us), Outcome.NOTHING)
    if phase is Phase.RISING:
        return Step(Memory(Phase.QUIET, observed_us), Outcome.NOTHING)
    if phase is Phase.BAD:
        turned_us = observed_us
    if observed_us - turned_us >= delays.off_us:
        return Step(Memory(Phase.QUIET, observed_us, began_us, turned_us), Outcome.ENDED)
    return Step(Memory(Phase.FALLING, observed_us, began_us, turned_us), Outcome.NOTHING)


def outlast(memory: Memory, now_us: int) -> Step:
    """Judge the silence: bad when last heard, and the deadline has passed, is bad long enough.

    Only RISING moves. A FALLING one waits for a value: no data never clears.
    """
    if memory.phase is Phase.RISING and now_us >= memory.deadline_us:
        return Step(Memory(Phase.BAD, memory.judged_us, memory.began_us), Outcome.BEGAN)
    return Step(memory, Outcome.NOTHING)


def present(observed_us: int, now_us: int, clocks: Clocks) -> int:
    """Return the instant of a signal; a clock too far ahead is not believed, the signal is."""
    return now_us if observed_us - now_us > clocks.ahead_us else observed_us


def signal(memory: Memory, *, active: bool, said_us: int, at_us: int) -> Step | None:
    """Take in one signal, said at `said_us` by the device's clock; None where it is no news.

    Unlike a value, a signal is said only once. So an active one older than the latest `good` is
    not dropped, unless it belongs to the occurrence that `good` ended: it began, and has passed.
    """
    if not active:
        return None if at_us < memory.judged_us else _take(memory, active=False, at_us=at_us)
    is_over = memory.phase is Phase.QUIET and memory.began_us <= at_us <= memory.turned_us
    if is_over or said_us in memory.told:
        return None
    told = (*memory.told, said_us)[-_TOLD:]
    if at_us >= memory.judged_us:
        step = _take(memory, active=True, at_us=at_us)
    elif memory.phase is Phase.QUIET:
        passed = Memory(Phase.QUIET, memory.judged_us, at_us, memory.judged_us)
        step = Step(passed, Outcome.PASSED)
    else:
        step = Step(memory, Outcome.NOTHING)
    return step._replace(memory=step.memory._replace(told=told))


def _take(memory: Memory, *, active: bool, at_us: int) -> Step:
    step = observe(memory, 0.0, bad=active, observed_us=at_us, heard_us=at_us, delays=_AT_ONCE)
    return step._replace(memory=step.memory._replace(told=memory.told))
