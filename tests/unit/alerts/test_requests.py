import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from alerts.board.alert import Began, Measure, Subject
from alerts.board.book import Book
from alerts.board.commands import BoardCommands
from alerts.journal.journal import Draft, Journal
from alerts.journal.pen import Pen
from alerts.requests import Requests
from core.clock import from_us
from tests.unit.alerts.making import FIRE, NOW, device

MOMENT = from_us(NOW)


class Desk:
    """A book, its journal, and the requests about them."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.pen = Pen()
        self.book = Book(self.pen, {}, last_seq=0, recall=journal.recall)
        self.requests = Requests(BoardCommands(self.book, journal).handlers(), journal.answer)
        self.book.note(
            [Began(FIRE, Subject("d", device("d"), "fire"), Measure("fire"), NOW, NOW)], MOMENT
        )
        self.commit()

    def commit(self) -> None:
        lines, records = self.pen.take()
        draft = Draft(lines, records, answers=self.requests.take_answers())
        self.journal.commit(draft)

    def ask(self, **request: Any) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(
            self.requests.answer(json.dumps(request).encode(), MOMENT)
        )
        return answer

    def take(self, request_id: str, officer: str) -> dict[str, Any]:
        (alert,) = self.ask(do="open_alerts")["alerts"] or [{"alert_id": "gone"}]
        return self.ask(
            do="acknowledge", request_id=request_id, alert_id=alert["alert_id"], officer=officer
        )


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Journal(tmp_path, now_us=NOW) as journal:
        yield Desk(journal)


@pytest.mark.parametrize("committed", [False, True])
def test_the_same_request_gets_the_same_answer(desk: Desk, committed: bool) -> None:
    first = desk.take("r1", "李明")
    if committed:
        desk.commit()

    assert desk.take("r1", "李明") == first
    assert first["alert"]["acknowledged_by"] == "李明"


def test_a_refusal_is_remembered_too(desk: Desk) -> None:
    desk.take("r1", "李明")
    refused = desk.take("r2", "王芳")
    desk.commit()

    assert refused["error"]["code"] == "conflict"
    assert desk.take("r2", "王芳") == refused


def test_events_are_told_from_the_journal_only_once_they_are_durable(desk: Desk) -> None:
    desk.take("r1", "李明")
    before = desk.ask(do="events_since", seq=0)
    desk.commit()
    after = desk.ask(do="events_since", seq=0)

    assert [each["transition"] for each in before["events"]] == ["raised"]
    assert [each["transition"] for each in after["events"]] == ["raised", "acknowledged"]
    assert (after["oldest_seq"], after["last_seq"]) == (1, 2)


def test_no_answer_is_larger_than_the_broker_takes(desk: Desk) -> None:
    devices = [f"d{number}" for number in range(2000)]
    desk.book.note(
        [Began(FIRE, Subject(it, device(it), "fire"), Measure("fire"), NOW, NOW) for it in devices],
        MOMENT,
    )
    desk.commit()

    ids: list[str] = []
    pages, left_out = 0, 1
    while left_out:
        after = ids[-1] if ids else ""
        question = json.dumps({"do": "open_alerts", "after": after}).encode()
        answer = desk.requests.answer(question, MOMENT)
        told = json.loads(answer)
        assert len(answer) < 1_100_000
        ids += [each["alert_id"] for each in told["alerts"]]
        left_out = told["left_out"]
        pages += 1

    assert pages > 1
    assert len(ids) == len(set(ids)) == 2001


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(b"\xff", id="no-text"),
        pytest.param(b"[]", id="no-object"),
        pytest.param(b'{"do":"dance"}', id="unknown-command"),
        pytest.param(b'{"do":"events_since","seq":-1}', id="negative-number"),
        pytest.param(b'{"do":"events_since","seq":0,"limit":1001}', id="too-many-at-once"),
        pytest.param(
            b'{"do":"acknowledge","request_id":"r","alert_id":"a","officer":""}', id="nobody"
        ),
        pytest.param(
            b'{"do":"acknowledge","request_id":"r","alert_id":"a","officer":"\\u0000"}',
            id="a-name-no-database-can-hold",
        ),
    ],
)
def test_nonsense_is_refused_with_a_sentence(desk: Desk, payload: bytes) -> None:
    answer = json.loads(desk.requests.answer(payload, MOMENT))

    assert answer["ok"] is False
    assert answer["error"]["code"] == "invalid"
    assert answer["error"]["message"].endswith(".")
