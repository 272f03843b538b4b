"""Every message ends in exactly one of stored, duplicate, quarantined."""

from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from devices.reading import Event, Reading, Report
from ingest.batch import Message, Source
from ingest.outcome import Novelty, Outcome, ledger_rows, outcomes_of

HOUR = 3_600_000_000


def said(*readings: Reading, device: int = 1, events: tuple[Event, ...] = ()) -> Message:
    report = Report(device, 5, None, list(readings), events=events)
    return Message(Source(HOUR + 7, f"t/{device}", b""), device, report, None)


def unreadable(payload: bytes) -> Message:
    return Message(Source(HOUR, "t", payload), 0, None, Invalid("No.", code="not_json"))


def novelty(
    readings: set[tuple[int, int, int]] | None = None,
    events: set[tuple[int, str, int, bool]] | None = None,
    problems: set[bytes] | None = None,
) -> Novelty:
    return Novelty(readings, set(), events or set(), problems or set())


def test_where_every_row_was_new_every_message_is_stored() -> None:
    assert outcomes_of([said(Reading(1, 5, 2.0))], novelty(None), set()) == [Outcome.STORED]


def test_of_two_equal_messages_in_a_batch_the_second_is_the_duplicate() -> None:
    twins = [said(Reading(1, 5, 2.0)), said(Reading(1, 5, 2.0))]

    assert outcomes_of(twins, novelty({(1, 1, 5)}), set()) == [Outcome.STORED, Outcome.DUPLICATE]


def test_a_message_with_one_new_value_among_known_ones_is_stored() -> None:
    message = said(Reading(1, 5, 2.0), Reading(2, 5, 3.0))

    assert outcomes_of([message], novelty({(1, 2, 5)}), set()) == [Outcome.STORED]


def test_an_event_alone_makes_a_message_new() -> None:
    message = said(events=(Event(5, "fire", active=True),))

    new = novelty(None, {(1, "fire", 5, True)})

    assert outcomes_of([message, message], new, set()) == [Outcome.STORED, Outcome.DUPLICATE]


def test_the_same_rubbish_twice_is_quarantined_once() -> None:
    rubbish = unreadable(b"\xff")

    outcomes = outcomes_of([rubbish, rubbish], novelty(problems={rubbish.source.digest}), set())

    assert outcomes == [Outcome.QUARANTINED, Outcome.DUPLICATE]


def test_a_message_of_a_fast_clock_that_came_before_is_a_duplicate() -> None:
    message = said(Reading(1, 5, 2.0))

    assert outcomes_of([message], novelty(None), {0}) == [Outcome.DUPLICATE]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.sampled_from(Outcome))))
def test_the_books_balance_whatever_happened(ended: list[tuple[int, int, Outcome]]) -> None:
    rows = ledger_rows([(device, hour * HOUR + 7, outcome) for device, hour, outcome in ended])

    keys = list(zip(rows.device.tolist(), rows.hour_us.tolist(), strict=True))
    assert keys == sorted({(device, hour * HOUR) for device, hour, _ in ended})
    assert rows.received.sum() == len(ended)
    for outcome, column in zip(Outcome, rows[2:], strict=True):
        assert column.sum() == sum(each is outcome for _, _, each in ended)


def test_each_device_and_hour_has_a_row_of_its_own() -> None:
    rows = ledger_rows(
        [(7, 5, Outcome.STORED), (3, HOUR, Outcome.DUPLICATE), (7, 9, Outcome.STORED)]
    )

    assert [column.tolist() for column in rows] == [[3, 7], [HOUR, 0], [0, 2], [1, 0], [0, 0]]
