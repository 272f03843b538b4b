from datetime import UTC, datetime, timedelta

import pytest

from ingest.upkeep import Note, RefreshReport, Touched, split, within_budget

NOON = datetime(2026, 5, 1, 4, tzinfo=UTC)


def minute(number: int) -> datetime:
    return NOON + timedelta(minutes=number)


def whole(number: int, notes: int = 1) -> Touched:
    return Touched(minute(number), whole=True, notes=notes)


def single(number: int, notes: int) -> Touched:
    return Touched(minute(number), whole=False, notes=notes)


@pytest.mark.parametrize(
    ("touched", "expected"),
    [
        pytest.param([], [], id="nothing-touched"),
        pytest.param([whole(0), whole(1)], [0, 1], id="just-what-the-budget-allows"),
        pytest.param([whole(0), whole(1), whole(2)], [0, 1], id="one-more"),
        pytest.param([single(0, 1000), single(1, 1000)], [0, 1], id="single-series-add-up"),
        pytest.param([single(0, 1000), single(1, 1001)], [0], id="one-note-more"),
        pytest.param([single(n, 1) for n in range(1440)], range(1440), id="a-day-of-one-series"),
        pytest.param([single(0, 9999), whole(1)], [0], id="always-one-however-large"),
        pytest.param([whole(0, 1500), whole(1)], [0], id="many-notes-weigh-even-on-a-whole-bucket"),
        pytest.param([whole(2), whole(0)], [2, 0], id="in-the-order-given"),
    ],
)
def test_a_pass_takes_what_it_can_settle(touched: list[Touched], expected: list[int]) -> None:
    assert within_budget(touched, budget=2.0) == [minute(number) for number in expected]


def test_a_bucket_noted_whole_needs_no_single_series() -> None:
    notes = [Note(minute(0), 1, 1), Note(minute(0), None, None), Note(minute(1), 1, 1)]

    assert split(notes) == ([minute(0)], [Note(minute(1), 1, 1)])


@pytest.mark.parametrize(
    ("series", "settled_whole"),
    [pytest.param(999, False, id="just-below"), pytest.param(1000, True, id="at-the-limit")],
)
def test_a_thousand_single_series_are_settled_as_a_whole(series: int, settled_whole: bool) -> None:
    buckets, single_series = split(Note(minute(0), device, 1) for device in range(series))

    assert bool(buckets) is settled_whole
    assert bool(single_series) is not settled_whole


def test_series_come_in_the_order_of_time() -> None:
    notes = [Note(minute(number), 1, 1) for number in (5, 3, 9)]

    _, series = split(notes)

    assert [note.bucket for note in series] == [minute(3), minute(5), minute(9)]


def test_reports_add_up() -> None:
    first = RefreshReport(buckets=1, series=2, discarded=3, unfinished=True)

    assert first + RefreshReport(buckets=4) == RefreshReport(
        buckets=5, series=2, discarded=3, unfinished=True
    )
