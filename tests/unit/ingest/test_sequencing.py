"""What is missing is what was skipped and has not come since."""

from hypothesis import given
from hypothesis import strategies as st

from ingest.sequencing import MAX_GAPS, Gap, SequenceState, follow

HOUR = 7_200_000_000


def missing(state: SequenceState | None) -> set[int]:
    gaps = state.gaps if state else ()
    return {seq for gap in gaps for seq in range(gap.first, gap.last + 1)}


def walk(numbers: list[int]) -> SequenceState | None:
    state = None
    for number in numbers:
        state = follow(state, number, HOUR).state
    return state


def test_the_first_number_seen_misses_nothing() -> None:
    assert follow(None, 41, HOUR).state == SequenceState(41)


def test_a_skipped_number_is_missing() -> None:
    step = follow(SequenceState(7), 10, HOUR)

    assert step.opened == (Gap(8, 9, HOUR),)
    assert step.state == SequenceState(10, (Gap(8, 9, HOUR),))


def test_a_late_comer_splits_its_gap_which_keeps_its_hour() -> None:
    state = SequenceState(10, (Gap(3, 7, HOUR),))

    step = follow(state, 5, HOUR * 2)

    assert step.closed == (Gap(3, 7, HOUR),)
    assert step.opened == (Gap(3, 4, HOUR), Gap(6, 7, HOUR))
    assert missing(step.state) == {3, 4, 6, 7}


def test_the_last_missing_number_closes_its_gap() -> None:
    assert follow(SequenceState(3, (Gap(2, 2, HOUR),)), 2, HOUR).state == SequenceState(3)


def test_a_device_that_counts_anew_has_lost_nothing() -> None:
    assert follow(SequenceState(500_000), 0, HOUR) == (SequenceState(0), (), ())


def test_a_leap_of_millions_is_a_new_count_not_a_loss() -> None:
    assert follow(SequenceState(5), 90_000_000, HOUR).opened == ()


def test_only_so_many_gaps_are_watched() -> None:
    state = walk(list(range(0, 400, 2)))

    assert state is not None
    assert len(state.gaps) == MAX_GAPS


@given(st.permutations(range(40)), st.integers(0, 40))
def test_whatever_the_order_exactly_the_absent_are_missing(order: list[int], cut: int) -> None:
    came = [0, *(number + 1 for number in order[:cut])]

    state = walk(came)

    assert state is not None
    assert missing(state) == set(range(state.highest + 1)) - set(came)
