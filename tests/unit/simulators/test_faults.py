"""Faults asked for, and whom they hit."""

import numpy as np
import pytest

from core.errors import Invalid
from simulators import faults
from simulators.behaviour.noise import mix
from simulators.city import City
from simulators.episodes import lasting
from simulators.faults import Fault, FaultOption, parse_option

SEEDS = mix(np.arange(5_000, dtype=np.uint64), 1)
NUMBERS = np.arange(5_000)


def test_an_option_names_a_kind_and_a_share() -> None:
    assert parse_option("duplicates=0.01") == FaultOption(Fault.DUPLICATES, 0.01)


@pytest.mark.parametrize("text", ["duplicates", "rain=0.1", "garbage=much", "stuck=0", "stuck=2"])
def test_other_options_are_refused_with_what_they_should_be(text: str) -> None:
    with pytest.raises(Invalid, match=r"KIND=SHARE|lies above 0"):
        parse_option(text)


@pytest.mark.parametrize("share", [0.01, 0.3, 1.0])
def test_about_the_share_asked_for_is_chosen_and_always_the_same(share: float) -> None:
    chosen = faults.chosen(SEEDS, NUMBERS, share, salt=1)

    assert chosen.mean() == pytest.approx(share, abs=0.02)
    assert (chosen == faults.chosen(SEEDS, NUMBERS, share, salt=1)).all()


def test_two_faults_do_not_hit_the_same_messages() -> None:
    both = [faults.chosen(SEEDS, NUMBERS, 0.1, salt) for salt in (1, 2)]

    assert (both[0] & both[1]).mean() == pytest.approx(0.01, abs=0.006)


def test_wrong_clocks_are_three_hours_behind_or_ahead() -> None:
    off = faults.skew_s(SEEDS)

    assert set(off) == {-10_800.0, 10_800.0}
    assert abs(off.mean()) < 400


def test_held_messages_wait_a_few_seconds() -> None:
    held = faults.held_s(SEEDS, NUMBERS, 0)

    assert 4 <= held.min() < held.max() <= 20


def test_an_absurd_value_lies_far_outside() -> None:
    assert faults.absurd(0, 100) == 5_100


def test_a_torn_payload_is_no_text() -> None:
    with pytest.raises(UnicodeDecodeError):
        faults.garble(b'{"ts": 1}').decode()


def test_a_share_of_devices_or_all_devices_of_a_share_of_messages(city: City) -> None:
    silence, twice = lasting(
        [FaultOption(Fault.SILENCE, 0.1), FaultOption(Fault.DUPLICATES, 0.1)], city, 0
    )

    assert len(silence.places) == round(0.1 * len(city.devices))
    assert len(twice.places) == len(city.devices)
