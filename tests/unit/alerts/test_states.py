import itertools
from pathlib import Path

import pytest

from alerts.board.states import (
    HELD,
    Change,
    Nature,
    Reason,
    Refusal,
    Standing,
    State,
    Stimulus,
    Transition,
    next_state,
    why_not_noted,
)

NORMAL, NEW, TAKEN, RETURNED, SHELVED, SUPPRESSED, OUT = State
BAD, GOOD, ACKNOWLEDGE, WORSE, SHELVE, SUPPRESS, REMOVE, RELEASE = Stimulus

PLAIN, LATCHING = Nature(), Nature(latching=True)
LIFE, LATCHING_LIFE = Nature(life_safety=True), Nature(latching=True, life_safety=True)
NATURES = (PLAIN, LATCHING, LIFE, LATCHING_LIFE)

STANDINGS = (
    Standing(NORMAL, False),
    Standing(NEW, True),
    Standing(TAKEN, True),
    Standing(RETURNED, False),
    *(Standing(state, active) for state in (SHELVED, SUPPRESSED, OUT) for active in (True, False)),
)
"""Every place an alert can be in; only a held one may be either active or not."""

NOT_OPEN, NOT_HELD, IS_HELD = map(Refusal, (Reason.NOT_OPEN, Reason.NOT_HELD, Reason.HELD))
IS_RAISED, IS_TAKEN, IS_GONE = map(
    Refusal, (Reason.ALREADY_RAISED, Reason.ALREADY_ACKNOWLEDGED, Reason.ALREADY_RETURNED)
)
ABOUT_LIVES = Refusal(Reason.LIFE_SAFETY)

RAISE = Transition(NEW, True, Change.RAISED)
TAKE = Transition(TAKEN, True, Change.ACKNOWLEDGED)
WORSEN = Transition(NEW, True, Change.REPRIORITISED)
RETURN = Transition(RETURNED, False, Change.RETURNED)
CLEAR = Transition(NORMAL, False, Change.CLEARED)

Case = tuple[Standing, Stimulus, Nature]
Moved = Transition | Refusal
CASES = list(itertools.product(STANDINGS, Stimulus, NATURES))


def shelf(active: bool) -> Transition:
    return Transition(SHELVED, active, Change.SHELVED)


def suppression(active: bool) -> Transition:
    return Transition(SUPPRESSED, active, Change.SUPPRESSED)


def removal(active: bool) -> Transition:
    return Transition(OUT, active, Change.REMOVED_FROM_SERVICE)


ANEW = {
    SHELVED: Transition(NEW, True, Change.UNSHELVED),
    SUPPRESSED: Transition(NEW, True, Change.UNSUPPRESSED),
    OUT: Transition(NEW, True, Change.RETURNED_TO_SERVICE),
}
QUIET_BAD = {state: Transition(state, True, Change.RAISED) for state in ANEW}
QUIET_WORSE = {state: Transition(state, True, Change.REPRIORITISED) for state in ANEW}

# bad, good, acknowledge, worse | shelve, suppress, remove from service, release
PLAIN_ONES: dict[tuple[State, bool], tuple[Moved, ...]] = {
    (NORMAL, False): (RAISE, *[NOT_OPEN] * 7),
    (NEW, True): (
        *(IS_RAISED, CLEAR, TAKE, WORSEN),
        *(shelf(True), suppression(True), removal(True), NOT_HELD),
    ),
    (TAKEN, True): (
        *(IS_RAISED, CLEAR, IS_TAKEN, WORSEN),
        *(shelf(True), suppression(True), removal(True), NOT_HELD),
    ),
    (RETURNED, False): (
        *(RAISE, IS_GONE, CLEAR, IS_GONE),
        *(shelf(False), suppression(False), removal(False), NOT_HELD),
    ),
    (SHELVED, True): (
        *(IS_RAISED, CLEAR, IS_HELD, QUIET_WORSE[SHELVED]),
        *(IS_HELD, suppression(True), removal(True), ANEW[SHELVED]),
    ),
    (SHELVED, False): (
        *(QUIET_BAD[SHELVED], IS_GONE, IS_HELD, IS_GONE),
        *(IS_HELD, suppression(False), removal(False), CLEAR),
    ),
    (SUPPRESSED, True): (
        *(IS_RAISED, CLEAR, IS_HELD, QUIET_WORSE[SUPPRESSED]),
        *(shelf(True), IS_HELD, removal(True), ANEW[SUPPRESSED]),
    ),
    (SUPPRESSED, False): (
        *(QUIET_BAD[SUPPRESSED], IS_GONE, IS_HELD, IS_GONE),
        *(shelf(False), IS_HELD, removal(False), CLEAR),
    ),
    (OUT, True): (
        *(IS_RAISED, CLEAR, IS_HELD, QUIET_WORSE[OUT]),
        *(shelf(True), suppression(True), IS_HELD, ANEW[OUT]),
    ),
    (OUT, False): (
        *(QUIET_BAD[OUT], IS_GONE, IS_HELD, IS_GONE),
        *(shelf(False), suppression(False), IS_HELD, CLEAR),
    ),
}

LATCHING_DIFFERS: dict[tuple[State, bool, Stimulus], Transition] = {
    (NEW, True, GOOD): RETURN,
    (SHELVED, True, GOOD): Transition(SHELVED, False, Change.RETURNED),
    (SUPPRESSED, True, GOOD): Transition(SUPPRESSED, False, Change.RETURNED),
    (OUT, True, GOOD): Transition(OUT, False, Change.RETURNED),
    (SHELVED, False, RELEASE): RETURN._replace(change=Change.UNSHELVED),
    (SUPPRESSED, False, RELEASE): RETURN._replace(change=Change.UNSUPPRESSED),
    (OUT, False, RELEASE): RETURN._replace(change=Change.RETURNED_TO_SERVICE),
}


def expected(case: Case) -> Moved:
    standing, stimulus, nature = case
    if nature.life_safety and stimulus in (SHELVE, SUPPRESS, REMOVE) and standing != STANDINGS[0]:
        return ABOUT_LIVES
    if nature.latching and (found := LATCHING_DIFFERS.get((*standing, stimulus))):
        return found
    return PLAIN_ONES[standing][list(Stimulus).index(stimulus)]


def described(case: Case) -> str:
    (state, active), stimulus, (latching, life_safety) = case
    there = "there" if active else "gone"
    kind = f"{'latching' if latching else 'plain'}{'-life' if life_safety else ''}"
    return f"{state}-{there}-{stimulus}-{kind}"


@pytest.mark.parametrize("case", CASES, ids=described)
def test_every_transition(case: Case) -> None:
    assert next_state(*case) == expected(case)


@pytest.mark.parametrize("case", CASES, ids=described)
def test_every_transition_ends_in_a_place_an_alert_can_be_in(case: Case) -> None:
    moved = next_state(*case)

    if isinstance(moved, Transition):
        assert Standing(moved.state, moved.active) in STANDINGS
        assert moved.change is Change.REPRIORITISED or moved[:2] != case[0]


def test_what_is_about_lives_can_never_be_held_or_folded() -> None:
    for standing, stimulus, nature in CASES:
        if nature.life_safety and standing.state not in HELD:
            moved = next_state(standing, stimulus, nature)
            assert isinstance(moved, Refusal) or moved.state not in HELD
    for state, nature in itertools.product(State, NATURES):
        if nature.life_safety:
            assert why_not_noted(state, Change.FOLDED, nature) is Reason.LIFE_SAFETY


def test_after_clearing_only_what_people_found_out_and_did_can_be_noted() -> None:
    noted = {it for it in Change if why_not_noted(NORMAL, it, PLAIN) is None}

    assert noted == {
        Change.VERIFIED,
        Change.HANDED_OVER,
        Change.DISPATCHED,
        Change.ARRIVED,
        Change.COMMENTED,
        Change.NOTIFIED,
    }
    assert all(why_not_noted(NEW, it, PLAIN) is None for it in Change)


DOCUMENT = Path(__file__).parents[3] / "docs/alerts.md"


def test_the_documented_tables_and_the_diagram_are_those_in_the_code() -> None:
    document = DOCUMENT.read_text(encoding="utf-8")

    assert table(FOUND) in document
    assert table(PUT_ASIDE) in document
    assert diagram() in document


FOUND = {
    "bad": (BAD, PLAIN),
    "good": (GOOD, PLAIN),
    "good, latching": (GOOD, LATCHING),
    "acknowledge": (ACKNOWLEDGE, PLAIN),
    "worse": (WORSE, PLAIN),
}
PUT_ASIDE = {
    "shelve": (SHELVE, PLAIN),
    "suppress": (SUPPRESS, PLAIN),
    "remove from service": (REMOVE, PLAIN),
    "any of these, life safety": (SHELVE, LIFE),
    "release": (RELEASE, PLAIN),
    "release, latching": (RELEASE, LATCHING),
}


def table(columns: dict[str, tuple[Stimulus, Nature]]) -> str:
    """Draw a table of docs/alerts.md: one line for each place an alert can be in."""
    lines = [f"| state | {' | '.join(columns)} |", "|---" * (len(columns) + 1) + "|"]
    for standing in STANDINGS:
        cells = (next_state(standing, *column) for column in columns.values())
        lines.append(f"| {place(standing)} | {' | '.join(map(cell, cells))} |")
    return "\n".join(lines)


def place(standing: Standing) -> str:
    state, active = standing
    return f"{state}, {'there' if active else 'gone'}" if state in HELD else state


def cell(moved: Moved) -> str:
    if isinstance(moved, Refusal):
        return f"– ({moved.reason.replace('_', ' ')})"
    return f"{place(Standing(moved.state, moved.active))} ({moved.change})"


def diagram() -> str:
    """Draw the diagram of docs/alerts.md: an arrow wherever some alert changes its state."""
    arrows: dict[tuple[State, State], list[str]] = {}
    for standing, stimulus, nature in CASES:
        moved = next_state(standing, stimulus, nature)
        if isinstance(moved, Transition) and moved.state is not standing.state:
            names = arrows.setdefault((standing.state, moved.state), [])
            if moved.change not in names:
                names.append(moved.change)
    lines = ["```mermaid", "stateDiagram-v2", "    [*] --> normal"]
    lines += [f"    {a} --> {b}: {', '.join(names)}" for (a, b), names in arrows.items()]
    return "\n".join([*lines, "```"])
