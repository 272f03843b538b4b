"""What a device said, in one form, whatever the wire format was.

Instants are whole microseconds since 1970 UTC (`_us`): a hundred thousand of them a second
pass through here, and an integer is exact, sortable and free to copy into numpy.
"""

from enum import IntEnum
from typing import NamedTuple


class Quality(IntEnum):
    """How far a value can be trusted: OPC UA's good (0-63), uncertain (64-127), bad (128-191).

    Source: OPC UA Part 8, data quality; the finer codes are ours, named after its status codes.
    """

    GOOD = 0
    GOOD_LATE = 1  # arrived later than the lateness limit; history only, never a fresh alarm
    UNCERTAIN_CLOCK = 64  # the device's clock was ahead; stored under the time of receipt
    UNCERTAIN_RANGE = 65  # outside the metric's plausible range (UncertainEngineeringUnitsExceeded)
    BAD_SENSOR = 128  # the device itself reports the value as unusable (BadSensorFailure)

    @property
    def is_good(self) -> bool:
        """Say whether rules may judge the value."""
        return self < Quality.UNCERTAIN_CLOCK


class Reading(NamedTuple):
    """One value of one metric at one instant; `metric` is the metric's number in the registry."""

    metric: int
    observed_us: int
    value: float
    quality: int = Quality.GOOD


class Position(NamedTuple):
    """Where a vehicle was, in WGS-84 degrees; direction 0-359, north 0, clockwise."""

    observed_us: int
    lon: float
    lat: float
    speed_kmh: float | None = None
    direction_deg: float | None = None
    altitude_m: float | None = None


class Event(NamedTuple):
    """A discrete signal: something began (`active`) or ended."""

    observed_us: int
    kind: str
    active: bool
    text: str = ""


class Report(NamedTuple):
    """Everything one message said; `device` is the device's number in the registry.

    `observed_us` is the newest instant in it, `earliest_us` the oldest where they differ.
    """

    device: int
    observed_us: int
    seq: int | None
    readings: tuple[Reading, ...] | list[Reading] = ()
    positions: tuple[Position, ...] = ()
    events: tuple[Event, ...] = ()
    earliest_us: int | None = None
