import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.silence.liveness import Liveness, Silence, Watched

SENSOR = Watched(interval_us=10, offline_after_us=30, gateway_id="g")
ALONE = SENSOR._replace(gateway_id=None)
GATEWAY = Watched(interval_us=20, offline_after_us=60)


def watching(**watched: Watched) -> Liveness:
    liveness = Liveness(farewell_us=5)
    liveness.watch(watched, 0)
    return liveness


def due(liveness: Liveness, *instants: int) -> list[Silence]:
    return [silence for now in instants for silence in liveness.due(now)]


def test_silence_is_told_once_and_to_the_microsecond() -> None:
    liveness = watching(d=ALONE)
    liveness.hear("d", 100)

    assert due(liveness, 30, 129) == []
    assert due(liveness, 130, 131, 500) == [Silence("d")]


def test_who_speaks_again_is_back() -> None:
    liveness = watching(d=ALONE)
    assert due(liveness, 30) == [Silence("d")]

    assert liveness.hear("d", 40) == ["d"]
    assert liveness.hear("d", 41) == []
    assert due(liveness, 70, 71) == [Silence("d")]


def test_a_device_that_was_never_heard_has_its_full_time_from_when_it_was_registered() -> None:
    liveness = watching(d=ALONE)
    liveness.watch({"d": ALONE, "new": ALONE}, 25)

    assert due(liveness, 54) == [Silence("d")]
    assert due(liveness, 55) == [Silence("new")]


def test_a_removed_device_is_not_missed() -> None:
    liveness = watching(d=ALONE)
    liveness.watch({}, 10)

    assert due(liveness, 1000) == []
    assert liveness.hear("d", 1001) == []


def test_after_our_own_deafness_everybody_has_the_full_time_again() -> None:
    liveness = watching(d=ALONE)
    liveness.give_grace(100)

    assert due(liveness, 129) == []
    assert due(liveness, 130) == [Silence("d")]


def test_a_last_will_counts_after_a_short_farewell() -> None:
    liveness = watching(d=ALONE)
    liveness.part("d", 10)

    assert due(liveness, 14) == []
    assert due(liveness, 15, 30, 60) == [Silence("d")]


def test_a_last_will_heard_while_nobody_was_blamed_counts_from_when_we_blame_again() -> None:
    liveness = watching(d=ALONE)
    liveness.part("d", 10)
    liveness.give_grace(100)

    assert due(liveness, 104) == []
    assert due(liveness, 105) == [Silence("d")]


def test_who_comes_back_within_the_farewell_was_never_gone() -> None:
    liveness = watching(d=ALONE)
    liveness.part("d", 10)
    liveness.hear("d", 12)

    assert due(liveness, 15, 41) == []
    assert due(liveness, 42) == [Silence("d")]


def test_a_dead_gateway_hides_its_devices_and_counts_them() -> None:
    liveness = watching(g=GATEWAY, a=SENSOR, b=SENSOR, c=SENSOR)
    for device_id in "abc":
        liveness.hear(device_id, 100)

    assert due(liveness, *range(100, 160)) == []
    assert due(liveness, *range(160, 400)) == [Silence("g", ("a", "b", "c"))]
    assert liveness.online() == set()


def test_a_device_that_misses_its_turns_while_the_gateway_speaks_is_to_blame() -> None:
    liveness = watching(g=GATEWAY, a=SENSOR, b=SENSOR)
    for now in range(0, 300, 10):
        liveness.hear("b", now)
        assert due(liveness, now) == ([Silence("a")] if now == 30 else [])


def test_a_device_that_was_gone_before_is_not_counted_as_hidden() -> None:
    liveness = watching(g=GATEWAY, a=SENSOR, b=SENSOR)
    for now in range(0, 100, 10):
        liveness.hear("b", now)
        due(liveness, now)

    assert due(liveness, *range(100, 200)) == [Silence("g", ("b",))]


def test_when_the_gateway_is_back_those_who_stay_away_are_told_singly() -> None:
    liveness = watching(g=GATEWAY, a=SENSOR, b=SENSOR)
    assert due(liveness, *range(100)) == [Silence("g", ("a", "b"))]

    assert liveness.hear("g", 100) == ["g"]
    for now in range(100, 200, 5):
        liveness.hear("a", now)

    assert due(liveness, *range(100, 130)) == []
    assert due(liveness, *range(130, 200)) == [Silence("b")]


def test_a_device_heard_behind_a_lost_gateway_brings_the_gateway_back() -> None:
    liveness = watching(g=GATEWAY, a=SENSOR)
    due(liveness, *range(100))

    assert liveness.hear("a", 100) == ["g"]
    assert liveness.online() == {"a", "g"}


def test_a_gateway_that_says_goodbye_takes_its_devices_with_it() -> None:
    liveness = watching(g=GATEWAY, a=SENSOR)
    liveness.hear("a", 10)
    liveness.part("g", 11)

    assert due(liveness, *range(300)) == [Silence("g", ("a",))]


def test_a_device_that_says_goodbye_itself_is_not_blamed_on_the_gateway() -> None:
    liveness = watching(g=GATEWAY, a=SENSOR)
    liveness.part("a", 1)

    assert due(liveness, 6) == [Silence("a")]


def test_after_a_restart_who_was_offline_stays_so_and_hides_the_same() -> None:
    liveness = Liveness(farewell_us=5)
    liveness.restore({"g": 1, "a": 2, "b": 3}, ["g"])
    liveness.watch({"g": GATEWAY, "a": SENSOR, "b": ALONE}, 10)

    assert liveness.online() == {"b"}
    assert due(liveness, *range(10, 300)) == [Silence("b")]
    assert liveness.hear("g", 300) == ["g"]


def test_after_a_restart_who_was_heard_too_long_ago_is_not_online_and_has_its_full_time() -> None:
    liveness = Liveness(farewell_us=5)
    liveness.restore({"old": 10, "new": 11}, [])
    liveness.watch({"old": ALONE, "new": ALONE}, 40)

    assert liveness.online() == {"new"}
    assert due(liveness, 69) == []
    assert due(liveness, 70) == [Silence("new"), Silence("old")]


def test_one_that_is_not_watched_is_not_online() -> None:
    liveness = watching(d=ALONE)

    assert liveness.hear("stranger", 1) == []

    assert liveness.online() == set()


def test_gateways_that_name_each_other_do_no_harm() -> None:
    liveness = watching(a=GATEWAY._replace(gateway_id="b"), b=GATEWAY._replace(gateway_id="a"))

    liveness.hear("a", 1)

    assert due(liveness, *range(100)) == [Silence("b"), Silence("a")]


@given(
    st.lists(
        st.tuples(st.integers(1, 40), st.sampled_from(["g", "a", "b", "part a", "part g"])),
        max_size=40,
    )
)
def test_nobody_is_told_twice_and_everybody_silent_is_accounted_for(
    happenings: list[tuple[int, str]],
) -> None:
    liveness = watching(g=GATEWAY, a=SENSOR, b=SENSOR)
    now, gone = 0, set[str]()
    for pause, what in [*happenings, (500, "nothing")]:
        for instant in range(now, now + pause):
            for device_id, _ in liveness.due(instant):
                assert device_id not in gone
                gone.add(device_id)
        now += pause
        if what.startswith("part"):
            liveness.part(what[-1], now)
        elif what != "nothing":
            gone -= set(liveness.hear(what, now))
        assert gone == liveness.silent
    assert "g" in gone
    assert liveness.silent | liveness.hidden == {"g", "a", "b"}


@pytest.mark.parametrize("device_id", ["g", "a"])
def test_a_last_will_of_one_already_gone_changes_nothing(device_id: str) -> None:
    liveness = watching(g=GATEWAY, a=SENSOR)
    due(liveness, *range(100))

    liveness.part(device_id, 100)

    assert due(liveness, *range(100, 300)) == []
