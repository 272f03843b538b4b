from hypothesis import given
from hypothesis import strategies as st

from alerts.judging.ordering import Latest, number_of
from tests.unit.alerts.making import device

NUMBERS = st.sampled_from([0, 1, 1023, 1024, 5000, 2**40])


@given(st.lists(st.tuples(NUMBERS, st.integers(0, 2**62), st.booleans()), max_size=60))
def test_it_keeps_the_newest_instant_of_each_device(
    happenings: list[tuple[int, int, bool]],
) -> None:
    latest, expected = Latest(), dict[int, int]()
    for number, at_us, forgotten in happenings:
        is_newer = at_us > expected.get(number, 0)
        assert latest.take(number, at_us) == is_newer
        if is_newer:
            expected[number] = at_us
        if forgotten:
            latest.forget(number)
            expected.pop(number, None)
        assert latest.get(number) == expected.get(number, 0)


def test_devices_the_database_has_not_numbered_are_told_apart() -> None:
    first, second = (number_of(device(name, number=0)) for name in ("a", "b"))

    assert first != second
    assert min(first, second) > number_of(device("c", number=2**31))
