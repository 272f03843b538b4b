"""Three clocks: what the device says, when we heard it, when it was committed (design.md 5)."""

from typing import NamedTuple

from core.clock import from_us
from core.errors import Invalid
from devices.reading import Quality, Report
from ingest.settings import TimeLimits


class Limits(NamedTuple):
    """`TimeLimits` in microseconds."""

    ahead_us: int
    late_us: int
    oldest_us: int


def limits_of(settings: TimeLimits) -> Limits:
    """Convert the settings once."""
    return Limits(
        *(
            round(limit.total_seconds() * 1_000_000)
            for limit in (settings.ahead, settings.late, settings.oldest)
        )
    )


def clock_error_us(report: Report, received_us: int, limits: Limits) -> int:
    """Return how far the device's clock is ahead where that is beyond belief, else 0.

    Raises Invalid (`too_old`) for a message older than anything a device can have kept.
    """
    ahead = report.observed_us - received_us
    if ahead > limits.ahead_us:
        return ahead
    if -ahead > limits.oldest_us:
        raise Invalid(
            f"The message says {from_us(report.observed_us):%Y-%m-%d %H:%M:%S} UTC, "
            "which is older than this system keeps.",
            code="too_old",
        )
    return 0


def marked(quality: int, age_us: int, limits: Limits) -> int:
    """Return the quality of a value that was `age_us` old on arrival: good becomes good, late."""
    return Quality.GOOD_LATE if quality == Quality.GOOD and age_us > limits.late_us else quality
