from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.month import _slower, _stretches
from bench.month_room import LOOK_US
from bench.month_story import DAY_US, tell, windows
from simulators.city import City, build_city
from simulators.episodes import Episode
from simulators.wiring import read_catalogue

EPISODES = st.lists(st.tuples(st.integers(0, 900), st.integers(1, 400)), max_size=6)


@pytest.fixture(scope="module")
def city() -> City:
    return build_city(read_catalogue().profiles, scale=0.05)


@given(EPISODES, st.integers(1, 30))
def test_stretches_cover_the_time_once_and_end_right_after_what_begins_or_ends(
    times: list[tuple[int, int]], looks: int
) -> None:
    everyone = np.arange(1)
    second = 1_000_000
    episodes = [
        Episode("fire", everyone, begin * second, (begin + length) * second)
        for begin, length in times
    ]
    end_us = 1000 * second
    found = list(_stretches(0, end_us, looks * LOOK_US, episodes))
    assert [found[0][0], found[-1][1]] == [0, end_us]
    assert all(before[1] == after[0] for before, after in pairwise(found))
    assert all(0 < until - begin <= looks * LOOK_US for begin, until in found)
    ends = [until for _, until in found]
    for episode in episodes:
        for at_us in (episode.start_us, episode.end_us):
            if at_us < end_us - LOOK_US:
                assert any(0 < until - at_us <= LOOK_US for until in ends)


def test_a_month_is_told_the_same_way_every_time(city: City) -> None:
    first, second = (tell(city, start_us=0, days=30) for _ in range(2))
    assert [(each.what, each.start_us) for each in first] == [
        (each.what, each.start_us) for each in second
    ]
    assert all(len(each.places) for each in first)


def test_the_evening_without_power_takes_gateways_with_those_behind_them(city: City) -> None:
    evening = [each for each in tell(city, start_us=0, days=30) if each.what == "power_loss"]
    assert any(len(each.places) > 3 for each in evening)
    assert all(each.start_us < 31 * DAY_US for each in evening)


def test_what_is_announced_names_devices_that_exist(city: City) -> None:
    drill, nights = windows(city, start_us=0)
    assert drill["scope"]["sites"][0] in {site.site_id for site in city.sites}  # type: ignore[index]
    known = {device.device_id for device in city.devices}
    assert nights["scope"]["devices"][0] in known  # type: ignore[index]


def test_a_slower_device_may_be_silent_for_longer_in_the_same_measure() -> None:
    profile = read_catalogue().profiles["smoke-detector"]
    slower = _slower(profile)
    assert slower.expected_interval_s == pytest.approx(600)
    ratio = profile.offline_after_s / profile.expected_interval_s
    assert slower.offline_after_s / slower.expected_interval_s == pytest.approx(ratio)
