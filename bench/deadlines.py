"""How late the engine notices what nobody says: devices gone silent, alerts nobody answers.

The engine's own mind and journal, in turns as the engine takes them, without a broker: messages
come at a steady rate while a hundred thousand devices have deadlines ahead. Late is from the
deadline to the end of the turn in which it was noticed and put on disk. The yardstick is the same
on a clock that tests turn: there only the look every tenth of a second is left.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from alerts.board.alert import Alert
from alerts.duty import Duty
from alerts.journal.journal import Journal
from alerts.judging.rulebook import Rulebook
from alerts.settings import Limits
from bench import patience
from bench.figures import percentile
from bench.machine import CpuMeter, describe
from bench.patience import Speech, registry
from bench.reporting import Result, as_table
from bench.scale import Scale
from core.clock import to_us
from core.errors import Unavailable

TARGET: Final = 1.0  # seconds

_S: Final = 1_000_000
_LOOK_EVERY_US: Final = 100_000
_RATE: Final = 5_000  # messages a second


class Lateness(NamedTuple):
    """Seconds after each deadline, the longest turn, and how many messages were judged."""

    silences: list[float]
    escalations: list[float]
    longest_turn: float
    judged: int

    @property
    def worst(self) -> float:
        """Return the latest of all."""
        return max(*self.silences, *self.escalations)


class Watchman:
    """Takes the engine's turns and notes how late each deadline was noticed."""

    def __init__(self, duty: Duty, journal: Journal, now: Callable[[], int]) -> None:
        """Go by the clock `now`, in microseconds."""
        self._duty = duty
        self._journal = journal
        self._now = now
        self._look_us = 0
        self.deadlines: dict[str, int] = {}
        self.silences: list[float] = []
        self.escalations: list[float] = []
        self.longest_us = 0
        self.judged = 0

    def turn(self, speech: Speech) -> None:
        """Hear, look around, write down."""
        now_us = self._now()
        for delivery in speech.until(now_us):
            self._duty.hear(delivery, now_us)
            self.judged += 1
        if now_us >= self._look_us:
            self._look_us = now_us + _LOOK_EVERY_US
            self._duty.look_around(now_us, connected=True)
        turn = self._duty.take_turn(now_us)
        if any(turn.draft):
            self._journal.commit(turn.draft)
        done_us = self._now()
        self.longest_us = max(self.longest_us, done_us - now_us)
        for alert in turn.moved:
            self._note(alert, done_us)

    def _note(self, alert: Alert, done_us: int) -> None:
        if alert.transition == "raised" and alert.kind == "offline":
            self.silences.append((done_us - self.deadlines[alert.device_id or ""]) / _S)
        elif alert.transition == "escalated":
            due_us = to_us(alert.detected_at) + alert.escalation * _S
            self.escalations.append((done_us - due_us) / _S)


def bench(scale: Scale) -> Result:
    """Measure on the real clock, and once on a clock that stands still while the engine works."""
    meter = CpuMeter()
    silent = scale.pick(quick=500, full=2_000)
    over_s = scale.pick(quick=4, full=15)
    real = _measure(silent, over_s, _RealClock())
    exact = _measure(silent, over_s, _TurnedClock())
    print(_table(real, exact))
    return _result(real, exact, meter)


class _RealClock:
    """The clock of the wall."""

    def __call__(self) -> int:
        return time.time_ns() // 1000

    def rest(self) -> None:
        time.sleep(0.001)


class _TurnedClock:
    """A clock that moves only between turns."""

    def __init__(self) -> None:
        self._now_us = time.time_ns() // 1000

    def __call__(self) -> int:
        return self._now_us

    def rest(self) -> None:
        self._now_us += 10_000


def _measure(silent: int, over_s: int, clock: _RealClock | _TurnedClock) -> Lateness:
    """Let the city speak until every deadline is behind us, or clearly missed."""
    with _engine(clock(), silent) as (duty, journal):
        watchman = Watchman(duty, journal, clock)
        begin_us = clock()
        duty.look_around(begin_us, connected=True)
        watchman.deadlines = _fall_silent(duty, begin_us, silent, over_s)
        speech = Speech(begin_us, rate=_RATE, burn_over_us=over_s * _S // 2)
        until_us = max(watchman.deadlines.values()) + patience.STEPS * _S
        while clock() < until_us and not _is_done(watchman, silent):
            watchman.turn(speech)
            clock.rest()
    if not _is_done(watchman, silent):
        raise Unavailable("Not every deadline was noticed in time to be measured.")
    return Lateness(
        watchman.silences, watchman.escalations, watchman.longest_us / _S, watchman.judged
    )


def _is_done(watchman: Watchman, silent: int) -> bool:
    return (
        len(watchman.silences) >= silent
        and len(watchman.escalations) >= patience.FIRES * patience.STEPS
    )


@contextmanager
def _engine(now_us: int, silent: int) -> Iterator[tuple[Duty, Journal]]:
    """Start the mind and its journal on a disk of their own."""
    with (
        TemporaryDirectory(prefix="yiwang-bench-") as folder,
        Journal(Path(folder), now_us=now_us) as journal,
    ):
        duty = Duty(Rulebook([patience.FIRE, patience.SILENT]), journal, Limits(), now_us=now_us)
        duty.staff.desks.put(patience.DESK, at_us=now_us, actor="bench")
        duty.adopt(registry(silent), now_us)
        journal.commit(duty.take_turn(now_us).draft)
        yield duty, journal


def _fall_silent(duty: Duty, begin_us: int, silent: int, over_s: int) -> dict[str, int]:
    """Let each speak for the last time, spread over the run; return when each is overdue."""
    deadlines = {}
    for number in range(silent):
        heard_us = begin_us + number * over_s * _S // silent
        duty.listening.liveness.hear(f"silent-{number}", heard_us)
        deadlines[f"silent-{number}"] = heard_us + patience.OFFLINE_AFTER_S * _S
    return deadlines


def _table(real: Lateness, exact: Lateness) -> str:
    head = ["deadline", "count", "p50 s", "p99 s", "worst s", "exact worst s"]
    kinds = (
        ("no data", real.silences, exact.silences),
        ("escalation", real.escalations, exact.escalations),
    )
    return as_table(
        head,
        [
            [name, len(late), percentile(late, 50), percentile(late, 99), max(late), max(bare)]
            for name, late, bare in kinds
        ],
    )


def _result(real: Lateness, exact: Lateness, meter: CpuMeter) -> Result:
    return Result(
        bench="deadlines",
        value=real.worst,
        unit="s",
        target=TARGET,
        yardsticks={"exact_worst_s": exact.worst},
        figures={
            "no_data_worst_s": max(real.silences),
            "no_data_p99_s": percentile(real.silences, 99),
            "escalation_worst_s": max(real.escalations),
            "escalation_p99_s": percentile(real.escalations, 99),
            "longest_turn_s": real.longest_turn,
            "deadlines_ahead": patience.DEADLINES,
            "judged": real.judged,
        },
        machine=describe(meter),
    )
