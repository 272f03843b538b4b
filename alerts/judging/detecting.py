"""Is it bad? One detector per rule and device kind: state and sample in, state and verdict out.

Detectors know nothing of delays, latching, restarts or late data: `lasting.py` and
`conditions.py` do that for all kinds alike. A detector's state is None or anything msgspec can
encode; it is saved now and then, so a restart costs it a few seconds of memory at most. What was
saved comes back as the detector's `state_type` where it has one, else as plain JSON: its tuples
are lists then. What no longer fits the type does not come back.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple, Protocol

from alerts.judging.rules import Priority

State = Any
"""What a detector remembers; only the detector itself knows its type."""


class Verdict(NamedTuple):
    """What a sample says under a rule; `priority` is that of the level it has reached, if any.

    `value`, `limit` and `unit` are what the officer is shown; `about` names what else matters,
    such as the place a vehicle is in.
    """

    bad: bool
    value: float | None = None
    limit: float | None = None
    unit: str | None = None
    priority: Priority | None = None
    about: str | None = None


GOOD: Final = Verdict(bad=False)
"""The verdict on a value that is good, for detectors that have nothing to add."""


class Fix(NamedTuple):
    """Where a vehicle is, and what is known of it at that instant; None is not known."""

    observed_us: int
    lon: float
    lat: float
    speed_kmh: float | None = None
    loaded: bool | None = None
    lifted: bool | None = None
    cover_open: bool | None = None
    device_id: str = ""


class Known(NamedTuple):
    """The latest good value of a metric."""

    value: float
    observed_us: int


class MetricDetector(Protocol):
    """Judges the values of one metric."""

    def observe(
        self,
        state: State,
        value: float,
        observed_us: int,
        *,
        was_bad: bool,
    ) -> tuple[State, Verdict | None]:
        """Take in one value newer than all before; no verdict where it proves nothing yet."""
        ...


class PersonalDetector(Protocol):
    """Judges the values of one metric by what is usual for the very device."""

    @property
    def personal(self) -> bool:
        """Say that it must know whose value it is."""
        ...

    def observe(
        self,
        state: State,
        value: float,
        observed_us: int,
        *,
        was_bad: bool,
        device_id: str,
    ) -> tuple[State, Verdict | None]:
        """Take in one value of this device, newer than all before."""
        ...


class QualityDetector(Protocol):
    """Judges whether the values of one metric can be believed; told of doubtful ones too."""

    def observe(
        self,
        state: State,
        value: float,
        observed_us: int,
        *,
        doubtful: bool,
        was_bad: bool,
    ) -> tuple[State, Verdict | None]:
        """Take in one value newer than all before, `doubtful` or good; a state of None is calm."""
        ...


class VehicleDetector(Protocol):
    """Judges where a vehicle is and what it does there."""

    def observe(
        self,
        state: State,
        fix: Fix,
        *,
        was_bad: bool,
    ) -> tuple[State, Verdict | None]:
        """Take in one fix newer than all before; no verdict where it proves nothing yet."""
        ...


class ValuesDetector(Protocol):
    """Judges several metrics of a device together; told whenever one of `metrics` is reported."""

    @property
    def metrics(self) -> tuple[str, ...]:
        """Return the metrics it needs."""
        ...

    def observe(
        self,
        state: State,
        values: Mapping[str, Known],
        observed_us: int,
        *,
        was_bad: bool,
    ) -> tuple[State, Verdict | None]:
        """Look at the latest values; no verdict while one that is needed is not known."""
        ...
