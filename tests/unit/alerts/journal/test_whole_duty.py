"""What a real duty writes is a whole journal: the board agrees with the lines at every moment."""

import json
from pathlib import Path

import pytest

from alerts.duty import Duty
from alerts.journal.journal import Journal
from alerts.journal.verifying import Verified, verify
from alerts.judging.rulebook import Rulebook
from alerts.settings import Limits
from core.clock import from_us
from tests.unit.alerts.making import NOW, RULES, S, device, registry, said


@pytest.mark.parametrize("restarted", [False, True])
def test_the_journal_of_a_busy_duty_is_whole(tmp_path: Path, *, restarted: bool) -> None:
    with Journal(tmp_path, now_us=NOW) as journal:
        duty = Duty(Rulebook(RULES), journal, Limits(), now_us=NOW)
        duty.adopt(registry(device("d"), device("e")), NOW)
        for second, (who, event, active) in enumerate(
            [("d", "fire", True), ("e", "fault", True), ("d", "fire", False), ("e", "fault", False)]
        ):
            now_us = NOW + second * S
            message = said(who, "event", {"event": event, "active": active}, at_us=now_us)
            duty.hear(message, now_us)
            journal.commit(duty.take_turn(now_us).draft)
            assert isinstance(verify(journal.path), Verified)
        do = [("acknowledge", {}), ("comment", {"text": "看过"}), ("assign", {"to": "王芳"})]
        for number, (what, rest) in enumerate(do):
            for each in duty.book:
                request = {
                    "do": what,
                    "request_id": f"{number}{each.alert.alert_id}",
                    "alert_id": each.alert.alert_id,
                    "officer": "李明",
                    **rest,
                }
                duty.requests.answer(json.dumps(request).encode(), from_us(NOW + 10 * S))
            journal.commit(duty.take_turn(NOW + 10 * S).draft)
            assert isinstance(verify(journal.path), Verified)
    if restarted:
        with Journal(tmp_path, now_us=NOW + 60 * S) as journal:
            again = Duty(Rulebook(RULES), journal, Limits(), now_us=NOW + 60 * S)
            journal.commit(again.take_turn(NOW + 60 * S).draft)

    found = verify(tmp_path / "journal.sqlite")

    assert isinstance(found, Verified), found
    assert found.head == journal.head
