"""Every message ends in exactly one of stored, duplicate, quarantined."""

from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from devices.reading import Event, Reading, Report
from ingest.batch import Message, Source
from ingest.outcome import LedgerRow, Novelty, Outcome, ledger_rows, outcomes_of

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

    assert outcomes_of([message], novelty(None), {message.source.digest}) == [Outcome.DUPLICATE]


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(Outcome)), max_size=50))
def test_the_books_balance_whatever_happened(ended: list[tuple[int, Outcome]]) -> None:
    messages = [said(device=device) for device, _ in ended]

    rows = ledger_rows(messages, [outcome for _, outcome in ended])

    assert sum(row.received for row in rows) == len(ended)
    assert [row[:2] for row in rows] == sorted({(device, HOUR) for device, _ in ended})
    assert all(row.stored + row.duplicate + row.quarantined == row.received for row in rows)


def test_the_hour_of_the_books_is_the_hour_of_receipt() -> None:
    assert ledger_rows([said()], [Outcome.STORED]) == [LedgerRow(1, HOUR, 1, 0, 0)]
