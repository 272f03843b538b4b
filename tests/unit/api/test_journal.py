from datetime import UTC, datetime

import pytest

from api.alert import Alert, AlertFacts
from api.journal import Journal

AT = datetime(2026, 5, 1, tzinfo=UTC)


def transition(seq: int) -> Alert:
    facts = AlertFacts(
        alert_id=f"a-{seq}",
        seq=seq,
        kind="event",
        priority="high",
        state="unacknowledged",
        device_id=None,
        site_id=None,
        raised_at=AT,
    )
    return Alert(facts, b"{}")


def numbers(alerts: list[Alert] | None) -> list[int] | None:
    return None if alerts is None else [alert.facts.seq for alert in alerts]


@pytest.fixture
def journal() -> Journal:
    journal = Journal(size=5)
    journal.start(10)
    return journal


def test_before_it_is_started_nothing_is_in_order() -> None:
    journal = Journal()

    assert journal.add(transition(3)) == []
    assert journal.since(0) is None


def test_what_follows_is_in_order_at_once(journal: Journal) -> None:
    assert numbers(journal.add(transition(11))) == [11]


def test_what_comes_early_waits_for_the_hole_to_be_filled(journal: Journal) -> None:
    assert journal.add(transition(13)) == []
    assert journal.add(transition(12)) == []
    assert numbers(journal.add(transition(11))) == [11, 12, 13]


def test_numbers_the_engine_leaves_out_never_were(journal: Journal) -> None:
    journal.add(transition(14))

    settled = journal.fill([transition(12)], up_to=13)

    assert numbers(settled) == [12, 14]
    assert journal.cursor == 14


def test_what_is_known_is_not_taken_twice(journal: Journal) -> None:
    journal.add(transition(11))

    assert journal.knows(11)
    assert journal.fill([transition(11), transition(12)], up_to=12) == journal.since(11)


def test_the_ring_vouches_only_for_what_it_still_holds(journal: Journal) -> None:
    for seq in range(11, 18):
        journal.add(transition(seq))

    assert journal.since(11) is None, "12 has been dropped"
    assert numbers(journal.since(12)) == [13, 14, 15, 16, 17]
    assert journal.since(17) == []
    assert journal.since(18) is None, "that has not happened here"
