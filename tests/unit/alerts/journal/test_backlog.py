from alerts.journal.backlog import ROOM, Backlog
from alerts.journal.journal import Answer, Draft
from alerts.journal.pen import Line
from alerts.judging.conditions import Key
from alerts.judging.lasting import Memory

LINE = Line("note", "x", 1, b"{}")
SILENT = Draft(conditions={Key("d", "hot"): Memory(value=2.0)})


def test_drafts_become_one_in_order_and_the_latest_of_what_is_current_counts() -> None:
    backlog: Backlog[str] = Backlog()
    first, second = Line("a", "x", 1, b"{}"), Line("b", "y", 2, b"{}")
    answer = Answer("r", 1, b"{}")

    backlog.add(Draft([first], {("k", "a"): b"1", ("k", "b"): b"1"}), ["one"])
    backlog.add(Draft([second], {("k", "a"): None}, SILENT.conditions, [answer]), ["two"])

    assert backlog.draft == Draft(
        [first, second], {("k", "a"): None, ("k", "b"): b"1"}, SILENT.conditions, [answer]
    )
    assert backlog.take_written() == ["one", "two"]
    assert not any(backlog.draft)


def test_only_values_that_led_to_nothing_are_let_go() -> None:
    backlog: Backlog[str] = Backlog()
    loud, asked = Draft([LINE]), Draft(answers=[Answer("r", 1, b"{}")])
    backlog.add(loud, ["loud"])
    assert backlog.let_go(loud, ["loud"]) == ()
    backlog.add(SILENT, ["silent"])
    assert backlog.let_go(SILENT, ["silent"]) == ["silent"]
    backlog.add(SILENT, [])
    assert backlog.let_go(SILENT, []) == ()
    backlog.add(asked, ["asked"])
    assert backlog.let_go(asked, ["asked"]) == ()

    assert backlog.take_written() == ["loud", "asked"]


def test_there_is_an_end_to_what_waits_in_memory() -> None:
    backlog: Backlog[str] = Backlog()

    backlog.add(Draft([LINE] * (ROOM - 1)), [])
    assert not backlog.is_full
    backlog.add(Draft([LINE]), [])

    assert backlog.is_full
