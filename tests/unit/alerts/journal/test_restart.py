import time
from pathlib import Path

from alerts.duty import Duty
from alerts.journal.journal import Draft, Journal
from alerts.judging.conditions import Key
from alerts.judging.lasting import Memory, Phase
from alerts.judging.rulebook import Rulebook
from alerts.settings import Limits
from tests.unit.alerts.making import NOW, RULES, S, device, registry, said

OPEN = 2_000
PENDING = 20_000


def test_a_restart_with_2000_open_alerts_and_20000_delays_costs_less_than_two_seconds(
    tmp_path: Path,
) -> None:
    city = registry(*(device(f"d{number}") for number in range(PENDING)))
    pending = Memory(Phase.RISING, NOW, NOW, 0, NOW + 60 * S, 60.0)
    with Journal(tmp_path, now_us=NOW) as journal:
        duty = Duty(Rulebook(RULES), journal, Limits(), now_us=NOW)
        duty.adopt(city, NOW)
        for number in range(OPEN):
            fault = {"event": "fault", "active": True}
            duty.hear(said(f"d{number}", "event", fault, at_us=NOW), NOW)
        journal.commit(duty.take_turn(NOW).draft)
        delays = {Key(f"d{number}", "hot"): pending for number in range(PENDING)}
        journal.commit(Draft(conditions=delays))

    began = time.process_time()  # ours alone, whatever else the machine does
    with Journal(tmp_path, now_us=NOW + S) as journal:
        again = Duty(Rulebook(RULES), journal, Limits(), now_us=NOW + S)
        again.adopt(city, NOW + S)
        took = time.process_time() - began

        assert len(again.book) == OPEN
        assert sum(each.phase is Phase.RISING for each in journal.conditions().values()) == PENDING
    assert took < 2
