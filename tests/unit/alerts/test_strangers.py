from alerts.strangers import Strangers
from core.broker import Delivery

S = 1_000_000


def message(name: str) -> Delivery:
    return Delivery(name, b"", received_us=0)


def test_strangers_wait_for_the_registry() -> None:
    strangers, first, second = Strangers(), message("1"), message("2")
    strangers.keep(first, 0)
    strangers.keep(second, S)

    assert strangers.take_all() == [first, second]
    assert strangers.take_all() == []


def test_who_remains_unknown_is_let_go_after_three_seconds() -> None:
    strangers, first, second = Strangers(), message("1"), message("2")
    strangers.keep(first, 0)
    strangers.keep(second, S)

    assert list(strangers.take_expired(3 * S - 1)) == []
    assert list(strangers.take_expired(3 * S)) == [first]
    assert strangers.take_all() == [second]


def test_there_is_room_for_two_hundred() -> None:
    strangers = Strangers()

    assert all(strangers.keep(message(str(number)), 0) for number in range(200))
    assert not strangers.keep(message("one too many"), 0)
