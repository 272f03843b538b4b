"""Street lamps: when they burn, and what they draw."""

import numpy as np
import pytest

from simulators.behaviour import lighting
from simulators.behaviour.moment import Moment, Traits

TRAITS = Traits(np.arange(3), np.array([1, 2, 3], dtype=np.uint64), np.array([100.0, 180.0, 240.0]))


def moment(hour: float, sun_deg: float) -> Moment:
    return Moment(1.8e9, hour, 0.3, 5.0, 40.0, sun_deg)


@pytest.mark.parametrize(
    ("hour", "sun_deg", "light"),
    [
        pytest.param(12.0, 50.0, 0.0, id="by-day"),
        pytest.param(18.0, -0.8, 0.0, id="just-before-sunset"),
        pytest.param(18.0, -0.9, 100.0, id="just-after-sunset"),
        pytest.param(22.99, -40.0, 100.0, id="in-the-evening"),
        pytest.param(23.0, -45.0, 60.0, id="dimmed-from-eleven"),
        pytest.param(4.99, -20.0, 60.0, id="dimmed-until-five"),
        pytest.param(5.0, -15.0, 100.0, id="bright-again-at-five"),
    ],
)
def test_lamps_follow_sun_and_schedule(hour: float, sun_deg: float, light: float) -> None:
    assert lighting.dimming(moment(hour, sun_deg)) == light


def test_power_follows_the_light_and_the_rating() -> None:
    full = lighting.lamp_w(moment(20.0, -20.0), TRAITS)
    dimmed = lighting.lamp_w(moment(2.0, -40.0), TRAITS)

    assert full == pytest.approx(TRAITS.rated_power_w, rel=0.02)
    assert dimmed == pytest.approx(0.624 * TRAITS.rated_power_w, rel=0.02)


def test_a_dark_lamp_draws_nothing() -> None:
    noon = moment(12.0, 60.0)

    assert not lighting.lamp_w(noon, TRAITS).any()
    assert not lighting.lamp_a(noon, TRAITS).any()
    assert not lighting.lamp_on(noon, TRAITS).any()


def test_volts_amperes_and_power_factor_agree_with_the_watts() -> None:
    evening = moment(20.0, -20.0)

    apparent = 220 * lighting.lamp_a(evening, TRAITS)
    real = apparent * lighting.power_factor(evening, TRAITS)

    assert real == pytest.approx(lighting.lamp_w(evening, TRAITS))
