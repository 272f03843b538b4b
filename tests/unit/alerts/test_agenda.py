from hypothesis import given
from hypothesis import strategies as st

from alerts.agenda import Agenda

KEYS = st.sampled_from("abcde")
INSTANTS = st.integers(0, 20)
DEEDS = st.one_of(
    st.tuples(st.just("set"), KEYS, INSTANTS),
    st.tuples(st.just("drop"), KEYS, st.just(0)),
    st.tuples(st.just("due"), st.just(""), INSTANTS),
)


def test_a_deadline_that_is_moved_is_due_once_and_at_its_new_time() -> None:
    agenda: Agenda[str] = Agenda()
    agenda.set("a", 5)
    agenda.set("a", 9)
    assert list(agenda.due(8)) == []
    assert list(agenda.due(9)) == ["a"]
    assert list(agenda.due(10)) == []


def test_a_deadline_moved_there_and_back_is_due_only_once() -> None:
    agenda: Agenda[str] = Agenda()
    agenda.set("a", 5)
    agenda.set("a", 9)
    agenda.set("a", 5)
    assert list(agenda.due(20)) == ["a"]


def test_whoever_is_due_may_be_set_again_while_the_others_are_told() -> None:
    agenda: Agenda[str] = Agenda()
    agenda.set("a", 1)
    agenda.set("b", 2)
    told = []
    for key in agenda.due(3):
        told.append(key)
        agenda.set(key, 10)
    assert told == ["a", "b"]
    assert agenda.next_us() == 10


@given(st.lists(DEEDS, max_size=60))
def test_an_agenda_tells_what_a_plain_dictionary_of_deadlines_would(
    deeds: list[tuple[str, str, int]],
) -> None:
    agenda: Agenda[str] = Agenda()
    plain: dict[str, int] = {}
    for deed, key, at in deeds:
        if deed == "set":
            agenda.set(key, at)
            plain[key] = at
        elif deed == "drop":
            agenda.drop(key)
            plain.pop(key, None)
        else:
            told = list(agenda.due(at))
            assert sorted(told) == sorted(each for each, due in plain.items() if due <= at)
            assert [plain[each] for each in told] == sorted(plain[each] for each in told)
            plain = {each: due for each, due in plain.items() if due > at}
        assert len(agenda) == len(plain)
        assert agenda.next_us() == min(plain.values(), default=None)
