"""Which clocks are believed."""

from datetime import timedelta

import pytest

from core.errors import Invalid
from devices.reading import Quality, Report
from ingest.settings import TimeLimits
from ingest.timing import clock_is_ahead, limits_of, marked

NOW = 1_800_000_000_000_000
LIMITS = limits_of(TimeLimits())
MINUTE = 60_000_000


def report(observed_us: int) -> Report:
    return Report(1, observed_us, None)


@pytest.mark.parametrize(
    ("offset_us", "expected"),
    [
        pytest.param(0, False, id="on-time"),
        pytest.param(5 * MINUTE, False, id="ahead-at-the-limit"),
        pytest.param(5 * MINUTE + 1, True, id="ahead-beyond-belief"),
        pytest.param(-30 * 24 * 60 * MINUTE, False, id="a-month-late-is-late-not-wrong"),
    ],
)
def test_a_clock_is_wrong_when_it_runs_ahead(offset_us: int, expected: bool) -> None:
    assert clock_is_ahead(report(NOW + offset_us), NOW, LIMITS) is expected


def test_what_is_older_than_anything_kept_cannot_be_accepted() -> None:
    oldest = round(timedelta(days=366).total_seconds()) * 1_000_000

    assert not clock_is_ahead(report(NOW - oldest), NOW, LIMITS)
    with pytest.raises(Invalid, match="older than this system keeps") as refusal:
        clock_is_ahead(report(NOW - oldest - 1), NOW, LIMITS)

    assert refusal.value.code == "too_old"


@pytest.mark.parametrize(
    ("quality", "age_us", "expected"),
    [
        pytest.param(Quality.GOOD, 5 * MINUTE, Quality.GOOD, id="at-the-limit"),
        pytest.param(Quality.GOOD, 5 * MINUTE + 1, Quality.GOOD_LATE, id="late"),
        pytest.param(
            Quality.UNCERTAIN_RANGE, 9 * MINUTE, Quality.UNCERTAIN_RANGE, id="worse-stays"
        ),
    ],
)
def test_late_values_are_marked(quality: Quality, age_us: int, expected: Quality) -> None:
    assert marked(quality, age_us, LIMITS) == expected
