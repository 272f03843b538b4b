"""Who is there: unheard is not offline, and a site is there while one of its devices is."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.silence.liveness import Liveness, Watched
from alerts.silence.roll_call import Attendance, Roll, RollCall
from devices.model import Device
from devices.registry import Registry, RegistryContent
from simulators.city import FIRE_UNITS, build_city
from simulators.wiring import read_catalogue
from tests.unit.alerts.making import SENSOR, device
from tests.unit.alerts.places.performing import registered

LAMP = msgspec.structs.replace(SENSOR, profile_id="lamp", domain="lighting")
EACH = Watched(interval_us=10, offline_after_us=30)


def city(**devices_of: str) -> tuple[RollCall, Liveness]:
    """A city of sites; each letter is a device: a fire sensor, from `l` on a lamp."""
    devices = [at(site_id, each) for site_id, letters in devices_of.items() for each in letters]
    content = RegistryContent(version=1, profiles=(SENSOR, LAMP), devices=tuple(devices))
    liveness = Liveness(farewell_us=5)
    liveness.watch({each.device_id: EACH for each in devices}, 0)
    return RollCall(Registry(content), liveness), liveness


def at(site_id: str, letter: str) -> Device:
    made = device(letter, profile=LAMP if letter >= "l" else SENSOR)
    return msgspec.structs.replace(made, site_id=site_id)


def lose_all_but(liveness: Liveness, *speaking: str) -> None:
    for now in range(0, 31, 10):
        for each in speaking:
            liveness.hear(each, now)
    list(liveness.due(30))


def test_before_anybody_is_heard_nobody_is_missed() -> None:
    roll_call, liveness = city(unit="ab", cabinet="lm")

    assert roll_call.take(liveness) == Roll(
        devices=Attendance(4, 0, 4), sites=Attendance(2, 0, 2), fire_units=Attendance(1, 0, 1)
    )


def test_who_stays_silent_longer_than_allowed_is_missed_and_no_longer_unheard() -> None:
    roll_call, liveness = city(unit="ab", cabinet="lm")

    lose_all_but(liveness, "l")

    assert roll_call.take(liveness) == Roll(
        devices=Attendance(4, 1, 0), sites=Attendance(2, 1, 0), fire_units=Attendance(1, 0, 0)
    )


def test_a_unit_is_online_while_one_of_its_fire_devices_is() -> None:
    roll_call, liveness = city(one="ab", two="cl", cabinet="m")

    lose_all_but(liveness, "b", "l", "m")

    roll = roll_call.take(liveness)
    assert roll.sites == Attendance(3, 3, 0)
    assert roll.fire_units == Attendance(2, 1, 0), "the lamp does not watch over the second unit"


@pytest.mark.parametrize("heard", ["", "a"])
def test_of_a_site_one_of_whose_devices_is_still_waited_for_nothing_is_known(heard: str) -> None:
    roll_call, liveness = city(unit="ab")
    for each in heard:
        liveness.hear(each, 1)
    liveness.part("a", 1)
    list(liveness.due(6))

    assert roll_call.take(liveness).fire_units == Attendance(1, 0, 1)


def test_what_is_hidden_behind_a_lost_gateway_is_missed_and_afterwards_waited_for() -> None:
    roll_call, liveness = city(unit="ga")
    liveness.watch({"g": EACH, "a": EACH._replace(gateway_id="g")}, 0)
    list(liveness.due(30))
    assert roll_call.take(liveness).devices == Attendance(2, 0, 0)

    liveness.hear("g", 31)

    assert roll_call.take(liveness).devices == Attendance(2, 1, 1)


def test_the_simulated_city_has_as_many_fire_units_as_it_says() -> None:
    catalogue = read_catalogue()
    made = build_city(catalogue.profiles)
    liveness = Liveness(farewell_us=5)
    liveness.watch({each.device_id: EACH for each in made.devices}, 0)

    roll = RollCall(registered(made, catalogue), liveness).take(liveness)

    assert roll.fire_units.total == FIRE_UNITS
    assert roll.fire_units.total == sum(site.kind == "fire_unit" for site in made.sites)
    assert roll.sites.total > FIRE_UNITS


@given(
    st.lists(
        st.tuples(st.integers(1, 20), st.sampled_from(["a", "b", "c", "l", "m", "part a", "look"])),
        max_size=30,
    )
)
def test_counting_only_what_changes_comes_to_the_same_as_counting_everybody(
    happenings: list[tuple[int, str]],
) -> None:
    sites = {"one": "ab", "two": "cl", "three": "m"}
    roll_call, liveness = city(**sites)
    now = 0
    for pause, what in happenings:
        now += pause
        list(liveness.due(now))
        if what.startswith("part"):
            liveness.part(what[-1], now)
        elif what != "look":
            liveness.hear(what, now)
        else:
            assert roll_call.take(liveness) == recount(liveness, sites)
    assert roll_call.take(liveness) == recount(liveness, sites)


def recount(liveness: Liveness, sites: dict[str, str]) -> Roll:
    online, missed = liveness.online(), liveness.silent | liveness.hidden

    def count(groups: list[set[str]]) -> Attendance:
        present = [group for group in groups if group & online]
        unheard = [group for group in groups if not group & online and group - missed]
        return Attendance(len(groups), len(present), len(unheard))

    fire = [{each for each in letters if each < "l"} for letters in sites.values()]
    return Roll(
        devices=count([{each} for letters in sites.values() for each in letters]),
        sites=count([set(letters) for letters in sites.values()]),
        fire_units=count([group for group in fire if group]),
    )
