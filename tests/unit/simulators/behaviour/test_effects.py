"""How readings move when something happens."""

import numpy as np
import pytest

from simulators.behaviour.effects import Ramp, Shift, done

CLEAN = np.array([0.01, 0.02])


@pytest.mark.parametrize(
    ("over_s", "elapsed_s", "share"),
    [
        pytest.param(0.0, 0.0, 1.0, id="at-once"),
        pytest.param(60.0, 0.0, 0.0, id="not-begun"),
        pytest.param(60.0, -5.0, 0.0, id="before-the-beginning"),
        pytest.param(60.0, 60.0, 0.632, id="two-thirds-after-its-time"),
        pytest.param(60.0, 600.0, 1.0, id="done-in-the-end"),
    ],
)
def test_changes_take_their_time(over_s: float, elapsed_s: float, share: float) -> None:
    assert done(over_s, elapsed_s) == pytest.approx(share, abs=0.001)


def test_a_ramp_ends_where_it_leads_wherever_it_began() -> None:
    ramp = Ramp("smoke_db_m", 1.2, over_s=25)

    assert ramp.moved(CLEAN, 0).tolist() == CLEAN.tolist()
    assert ramp.moved(CLEAN, 1e6) == pytest.approx([1.2, 1.2])


def test_a_shift_keeps_what_was_different_different() -> None:
    shift = Shift("pressure_mpa", -0.08)

    assert np.diff(shift.moved(CLEAN, 9.0)) == pytest.approx(np.diff(CLEAN))
