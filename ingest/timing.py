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


def clock_is_ahead(report: Report, received_us: int, limits: Limits) -> bool:
    """Say whether a device's clock is further ahead than can be believed.

    Raises Invalid (`too_old`) for a message older than anything a device can have kept.
    """
    earliest_us = report.observed_us if report.earliest_us is None else report.earliest_us
    if received_us - earliest_us > limits.oldest_us:
        raise Invalid(
            f"The message says {from_us(earliest_us):%Y-%m-%d %H:%M:%S} UTC, "
            "which is older than this system keeps.",
            code="too_old",
        )
    return report.observed_us - received_us > limits.ahead_us


def is_last_will(report: Report) -> bool:
    """Say whether the broker speaks here for a device that is gone."""
    return any(event.kind == "online" and not event.active for event in report.events)


def marked(quality: int, age_us: int, limits: Limits) -> int:
    """Return the quality of a value that was `age_us` old on arrival: good becomes good, late."""
    return Quality.GOOD_LATE if quality == Quality.GOOD and age_us > limits.late_us else quality
