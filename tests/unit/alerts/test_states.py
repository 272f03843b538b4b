import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.states import Change, Reason, Refusal, State, Stimulus, Transition, next_state

NORMAL, NEW, TAKEN, RETURNED = State
BAD, GOOD, ACKNOWLEDGE = Stimulus

RAISE = Transition(NEW, Change.RAISED)
CLEAR = Transition(NORMAL, Change.CLEARED)

EVERY = {
    (NORMAL, BAD, False): RAISE,
    (NORMAL, BAD, True): RAISE,
    (NORMAL, GOOD, False): Refusal(Reason.NOT_OPEN),
    (NORMAL, GOOD, True): Refusal(Reason.NOT_OPEN),
    (NORMAL, ACKNOWLEDGE, False): Refusal(Reason.NOT_OPEN),
    (NORMAL, ACKNOWLEDGE, True): Refusal(Reason.NOT_OPEN),
    (NEW, BAD, False): Refusal(Reason.ALREADY_RAISED),
    (NEW, BAD, True): Refusal(Reason.ALREADY_RAISED),
    (NEW, GOOD, False): CLEAR,
    (NEW, GOOD, True): Transition(RETURNED, Change.RETURNED),
    (NEW, ACKNOWLEDGE, False): Transition(TAKEN, Change.ACKNOWLEDGED),
    (NEW, ACKNOWLEDGE, True): Transition(TAKEN, Change.ACKNOWLEDGED),
    (TAKEN, BAD, False): Refusal(Reason.ALREADY_RAISED),
    (TAKEN, BAD, True): Refusal(Reason.ALREADY_RAISED),
    (TAKEN, GOOD, False): CLEAR,
    (TAKEN, GOOD, True): CLEAR,
    (TAKEN, ACKNOWLEDGE, False): Refusal(Reason.ALREADY_ACKNOWLEDGED),
    (TAKEN, ACKNOWLEDGE, True): Refusal(Reason.ALREADY_ACKNOWLEDGED),
    (RETURNED, BAD, False): RAISE,
    (RETURNED, BAD, True): RAISE,
    (RETURNED, GOOD, False): Refusal(Reason.ALREADY_RETURNED),
    (RETURNED, GOOD, True): Refusal(Reason.ALREADY_RETURNED),
    (RETURNED, ACKNOWLEDGE, False): CLEAR,
    (RETURNED, ACKNOWLEDGE, True): CLEAR,
}


def described(case: tuple[State, Stimulus, bool]) -> str:
    state, stimulus, latching = case
    return f"{state}-{stimulus}-{'latching' if latching else 'plain'}"


@pytest.mark.parametrize("case", EVERY, ids=described)
def test_every_transition(case: tuple[State, Stimulus, bool]) -> None:
    state, stimulus, latching = case

    assert next_state(state, stimulus, latching=latching) == EVERY[case]


def test_no_case_is_missing() -> None:
    assert set(EVERY) == set(itertools.product(State, Stimulus, (False, True)))


@given(st.lists(st.sampled_from(Stimulus)), st.booleans())
def test_whatever_happens_an_alert_tells_the_truth(stimuli: list[Stimulus], latching: bool) -> None:
    state, bad, seen = NORMAL, False, True
    for stimulus in stimuli:
        was_open = state is not NORMAL
        moved = next_state(state, stimulus, latching=latching)
        if isinstance(moved, Transition):
            state = moved.state
        if stimulus is BAD:
            seen = seen and bad  # what goes bad again has not been seen
            bad = True
        elif stimulus is GOOD:
            bad = False
            seen = seen or not latching  # what clears by itself needs nobody
        elif was_open:
            seen = True

        assert (state in (NEW, TAKEN)) == bad
        assert (state in (NORMAL, TAKEN)) == seen


def test_the_documented_table_is_the_one_in_the_code() -> None:
    assert drawn() in (Path(__file__).parents[3] / "docs/alerts.md").read_text(encoding="utf-8")


def drawn() -> str:
    """Draw the table of docs/alerts.md: one line for each state."""
    head = "| state | bad | good | good, latching | acknowledged |"
    columns = [(BAD, False), (GOOD, False), (GOOD, True), (ACKNOWLEDGE, False)]
    lines = [head, "|---|---|---|---|---|"]
    for state in State:
        cells = (next_state(state, stimulus, latching=each) for stimulus, each in columns)
        lines.append(f"| {state} | {' | '.join(map(cell, cells))} |")
    return "\n".join(lines)


def cell(moved: Transition | Refusal) -> str:
    if isinstance(moved, Refusal):
        return f"– ({moved.reason.replace('_', ' ')})"
    return f"{moved.state} ({moved.change})"
