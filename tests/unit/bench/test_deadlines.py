import pytest

from bench import deadlines, patience
from tests.unit.alerts.making import NOW, S


@pytest.fixture(autouse=True)
def small_city(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, count in (("DEADLINES", 300), ("_TALKERS", 50), ("FIRES", 4)):
        monkeypatch.setattr(patience, name, count)


def test_on_a_clock_that_waits_nothing_is_later_than_the_look() -> None:
    late = deadlines._measure(20, 1, deadlines._TurnedClock())

    assert len(late.silences) == 20
    assert len(late.escalations) >= 4 * 10
    assert min(late.silences + late.escalations) >= 0
    assert late.worst <= 0.11  # the look every tenth of a second, and one move of the clock


def test_the_city_speaks_at_its_rate_and_no_more_than_a_turn_at_once() -> None:
    speech = patience.Speech(NOW, rate=5000, burn_over_us=10 * S)

    assert len(list(speech.until(NOW))) == 0
    assert len(list(speech.until(NOW + S // 10))) == 500
    assert len(list(speech.until(NOW + 10 * S))) == 1000 + 4  # all fires burn
