import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.judging.lasting import (
    UNKNOWN,
    Clocks,
    Delays,
    Memory,
    Outcome,
    Phase,
    is_late,
    observe,
    outlast,
    present,
    signal,
)

QUIET, RISING, BAD, FALLING = Phase
NOTHING, BEGAN, ENDED, PASSED = Outcome
DELAYS = Delays(on_us=10, off_us=5, interval_us=3)
AT_ONCE = Delays()


def seen(memory: Memory, bad: bool, at: int, delays: Delays = DELAYS) -> tuple[Phase, Outcome]:
    step = observe(memory, 1.0, bad=bad, observed_us=at, heard_us=at + 1000, delays=delays)
    assert step.memory.judged_us == at
    return step.memory.phase, step.outcome


@pytest.mark.parametrize(
    ("memory", "bad", "at", "expected"),
    [
        pytest.param(UNKNOWN, False, 100, (QUIET, NOTHING), id="good-from-the-start"),
        pytest.param(UNKNOWN, True, 100, (RISING, NOTHING), id="bad-for-the-first-time"),
        pytest.param(Memory(RISING, 105, 100), True, 109, (RISING, NOTHING), id="not-long-enough"),
        pytest.param(Memory(RISING, 105, 100), True, 110, (BAD, BEGAN), id="just-long-enough"),
        pytest.param(Memory(RISING, 105, 100), False, 109, (QUIET, NOTHING), id="good-in-time"),
        pytest.param(Memory(BAD, 110, 100), True, 120, (BAD, NOTHING), id="still-bad"),
        pytest.param(Memory(BAD, 110, 100), False, 120, (FALLING, NOTHING), id="good-again"),
        pytest.param(
            Memory(FALLING, 120, 100, 120), False, 124, (FALLING, NOTHING), id="good-not-for-long"
        ),
        pytest.param(
            Memory(FALLING, 120, 100, 120), False, 125, (QUIET, ENDED), id="good-long-enough"
        ),
        pytest.param(
            Memory(FALLING, 120, 100, 120), True, 124, (BAD, NOTHING), id="bad-before-it-ended"
        ),
    ],
)
def test_delays_run_in_event_time(
    memory: Memory, bad: bool, at: int, expected: tuple[Phase, Outcome]
) -> None:
    assert seen(memory, bad, at) == expected


def test_without_delays_one_value_is_enough() -> None:
    assert seen(UNKNOWN, True, 100, AT_ONCE) == (BAD, BEGAN)
    assert seen(Memory(BAD, 100, 100), False, 101, AT_ONCE) == (QUIET, ENDED)


def test_an_occurrence_keeps_when_it_began_and_when_it_turned() -> None:
    falling = observe(
        Memory(BAD, 110, 100), 0.0, bad=False, observed_us=120, heard_us=0, delays=DELAYS
    ).memory
    ended = observe(falling, 0.0, bad=False, observed_us=130, heard_us=0, delays=DELAYS).memory

    assert (ended.began_us, ended.turned_us) == (100, 120)


RISING_SINCE_100 = observe(
    UNKNOWN, 7.0, bad=True, observed_us=100, heard_us=500, delays=DELAYS
).memory


@pytest.mark.parametrize(
    ("now", "outcome"),
    [
        pytest.param(512, NOTHING, id="before-delay-and-interval-have-passed-on-our-clock"),
        pytest.param(513, BEGAN, id="after-delay-and-one-expected-interval"),
    ],
)
def test_a_silent_device_is_taken_as_still_bad(now: int, outcome: Outcome) -> None:
    assert outlast(RISING_SINCE_100, now).outcome is outcome


@pytest.mark.parametrize("phase", [QUIET, BAD, FALLING])
def test_silence_moves_nothing_else_and_never_clears(phase: Phase) -> None:
    memory = Memory(phase, 100, 90, 95)

    assert outlast(memory, 10**18) == (memory, NOTHING)


@given(
    st.lists(st.tuples(st.integers(1, 20), st.booleans())),
    st.integers(0, 30),
    st.integers(0, 30),
)
def test_no_sequence_begins_early_or_ends_early(
    values: list[tuple[int, bool]], on_us: int, off_us: int
) -> None:
    memory, now, delays = UNKNOWN, 1000, Delays(on_us, off_us, 1)
    lasting: list[tuple[int, bool]] = []
    for pause, bad in values:
        now += pause
        if lasting and lasting[-1][1] != bad:
            lasting = []
        lasting.append((now, bad))
        memory, outcome = observe(
            memory, 0.0, bad=bad, observed_us=now, heard_us=now, delays=delays
        )

        if outcome is BEGAN:
            assert bad
            assert now - lasting[0][0] >= on_us
        if outcome is ENDED:
            assert not bad
            assert now - lasting[0][0] >= off_us


CLOCKS = Clocks(late_us=300, ahead_us=300)


@pytest.mark.parametrize(
    ("observed", "clocks", "late"),
    [
        pytest.param(700, CLOCKS, False, id="at-the-limit"),
        pytest.param(699, CLOCKS, True, id="beyond-the-limit"),
        pytest.param(1000, Clocks(300, 300, replay=True), True, id="recorded-data-always"),
    ],
)
def test_lateness_is_marked(observed: int, clocks: Clocks, late: bool) -> None:
    assert is_late(observed, 1000, clocks) is late


def test_a_clock_too_far_ahead_is_not_believed_but_the_signal_is() -> None:
    assert present(1300, 1000, CLOCKS) == 1300
    assert present(1301, 1000, CLOCKS) == 1000


OVER = Memory(QUIET, judged_us=200, began_us=100, turned_us=150)


@pytest.mark.parametrize(
    ("memory", "active", "at", "outcome"),
    [
        pytest.param(UNKNOWN, True, 100, BEGAN, id="a-fire"),
        pytest.param(UNKNOWN, False, 100, NOTHING, id="no-fire"),
        pytest.param(Memory(BAD, 100, 100), True, 100, NOTHING, id="the-same-fire-delivered-again"),
        pytest.param(Memory(BAD, 100, 100), True, 120, NOTHING, id="the-fire-goes-on"),
        pytest.param(Memory(BAD, 100, 100), False, 120, ENDED, id="the-fire-is-out"),
        pytest.param(Memory(BAD, 100, 100), False, 99, None, id="an-all-clear-from-before-it"),
        pytest.param(
            Memory(BAD, 120, 100), True, 110, NOTHING, id="an-older-word-of-the-same-fire"
        ),
        pytest.param(
            OVER._replace(told=(70,)), True, 70, None, id="a-fire-long-over-delivered-again"
        ),
        pytest.param(OVER, True, 100, None, id="the-fire-that-is-over-delivered-again"),
        pytest.param(OVER, True, 150, None, id="the-last-instant-of-the-fire-that-is-over"),
        pytest.param(OVER, True, 99, PASSED, id="a-fire-before-it-that-nobody-knew-of"),
        pytest.param(OVER, True, 151, PASSED, id="a-fire-after-it-and-before-the-last-all-clear"),
        pytest.param(OVER, True, 200, BEGAN, id="a-fire-in-the-same-instant-as-an-all-clear"),
        pytest.param(OVER, True, 201, BEGAN, id="a-new-fire"),
    ],
)
def test_a_signal_is_never_lost_and_never_told_twice(
    memory: Memory, active: bool, at: int, outcome: Outcome | None
) -> None:
    step = signal(memory, active=active, said_us=at, at_us=at)

    assert (step.outcome if step else None) is outcome


@given(st.lists(st.tuples(st.integers(1, 50), st.booleans()), max_size=30))
def test_everything_delivered_twice_begins_nothing_twice(
    said: list[tuple[int, bool]],
) -> None:
    memory, told = UNKNOWN, 0
    for at, active in said:
        step = signal(memory, active=active, said_us=at, at_us=at)
        if step is None:
            continue
        memory = step.memory
        again = signal(memory, active=active, said_us=at, at_us=at)
        told += step.outcome in (BEGAN, PASSED)
        assert again is None or again.outcome is NOTHING
    assert told <= sum(active for _, active in said)
