from hypothesis import given
from hypothesis import strategies as st

from alerts.judging.lasting import Delays
from alerts.judging.standing import Standing, stand

DELAYS = Delays(on_us=20, off_us=50)


def after(*reached: tuple[int, int]) -> list[int]:
    """What is told after each instant and the rank reached at it."""
    standing, told = Standing(), []
    for at_us, rank in reached:
        standing = stand(standing, rank, at_us, DELAYS)
        told.append(standing.told)
    return told


def test_the_first_level_is_told_at_once() -> None:
    assert after((0, 2)) == [2]


def test_worse_waits_for_the_on_delay_and_milder_for_the_off_delay() -> None:
    assert after((0, 1), (10, 3), (29, 3), (30, 3)) == [1, 1, 1, 3]
    assert after((0, 3), (10, 1), (59, 1), (60, 1)) == [3, 3, 3, 1]


def test_leaning_the_other_way_begins_anew() -> None:
    assert after((0, 2), (10, 3), (20, 1), (35, 3), (50, 3), (55, 3)) == [2, 2, 2, 2, 2, 3]


def test_back_at_the_level_told_nothing_leans_any_more() -> None:
    assert after((0, 1), (10, 3), (25, 1), (35, 3), (54, 3)) == [1, 1, 1, 1, 1]


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 3)), min_size=1, max_size=40))
def test_what_is_told_has_been_reached_just_now_or_is_as_it_was(
    happenings: list[tuple[int, int]],
) -> None:
    standing, at_us = Standing(), 0
    for pause_us, rank in happenings:
        at_us += pause_us
        before, standing = standing, stand(standing, rank, at_us, DELAYS)
        assert standing.told in (before.told, rank)
        assert rank in (standing.told, standing.leaning)
