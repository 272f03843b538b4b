"""Ranges, resolutions, cursors: how a question is read."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.paging import cut, read_cursor, write_cursor
from api.store.values import Resolution, Span, choose_resolution
from api.timespan import LONGEST, span
from core.errors import Invalid

NOW = datetime(2026, 5, 1, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        pytest.param(timedelta(seconds=5000), Resolution.RAW, id="every-reading-just-fits"),
        pytest.param(timedelta(seconds=5001), Resolution.MINUTE, id="one-too-many"),
        pytest.param(timedelta(minutes=500), Resolution.MINUTE, id="minutes-just-fit"),
        pytest.param(timedelta(minutes=501), Resolution.HOUR, id="hours"),
        pytest.param(timedelta(hours=501), Resolution.DAY, id="days"),
        pytest.param(timedelta(days=5000), Resolution.DAY, id="not-even-days-fit"),
    ],
)
def test_the_finest_resolution_that_fits_is_chosen(length: timedelta, expected: Resolution) -> None:
    asked = Span(NOW, NOW + length)

    assert choose_resolution(asked, every=timedelta(seconds=10), limit=500) is expected


def test_a_question_without_a_range_means_the_usual_one_up_to_now() -> None:
    assert span(None, None, now=NOW, usual=DAY) == Span(NOW - DAY, NOW)


@pytest.mark.parametrize("start", [NOW, NOW + DAY, NOW - LONGEST - DAY])
def test_an_empty_or_endless_range_is_refused(start: datetime) -> None:
    with pytest.raises(Invalid):
        span(start, NOW, now=NOW, usual=DAY)


@given(st.tuples(st.datetimes(timezones=st.just(UTC)), st.text()))
def test_a_cursor_reads_back_as_what_was_written(key: tuple[datetime, str]) -> None:
    assert read_cursor(write_cursor(key), tuple[datetime, str]) == key


@given(st.text(max_size=40))
def test_any_other_text_is_refused_in_words(text: str) -> None:
    with pytest.raises(Invalid):
        read_cursor(text + "!", tuple[int, int])


@pytest.mark.parametrize(("found", "more"), [(range(3), False), (range(4), True)])
def test_a_page_has_a_successor_only_if_there_is_more(found: range, more: bool) -> None:
    page, following = cut(found, 3, lambda number: number)

    assert page == [0, 1, 2]
    assert (following is not None) is more
