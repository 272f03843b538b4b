import pytest

from bench.listening import Instants
from core.errors import Unavailable


def test_the_first_time_something_is_heard_counts() -> None:
    instants = Instants()
    instants.note("a", 1.0)
    instants.note("b", 2.0)
    instants.note("a", 3.0)

    assert instants.wait_for(["b", "a"], within_s=0) == [2.0, 1.0]


def test_an_alarm_that_is_never_heard_is_an_error_and_no_gap_in_the_figures() -> None:
    instants = Instants()
    instants.note("a", 1.0)

    with pytest.raises(Unavailable, match="1 of 2"):
        instants.wait_for(["a", "b"], within_s=0)
