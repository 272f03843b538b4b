"""Whatever is said, told again, or lost in a crash: the board tells the truth, once."""

import json
import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from alerts.board.states import State
from alerts.duty import Duty
from alerts.journal.journal import Journal
from alerts.journal.verifying import Verified, verify
from alerts.judging.lasting import UNKNOWN, Delays, Outcome, Phase, observe
from alerts.judging.rulebook import Rulebook
from alerts.settings import Limits
from core.broker import Delivery
from tests.unit.alerts.making import NOW, RULES, S, device, registry, said

DEVICES = ("d", "e")
CITY = registry(*map(device, DEVICES))
BURNING = (State.UNACKNOWLEDGED, State.ACKNOWLEDGED)


class Crashing(RuleBasedStateMachine):
    """Two detectors, an officer, and an engine that loses its acknowledgements."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.now = NOW
        self.unacknowledged: list[Delivery] = []
        self.burns = dict.fromkeys(DEVICES, False)
        self.outbreaks = dict.fromkeys(DEVICES, 0)
        self.heats = dict.fromkeys(DEVICES, UNKNOWN)
        self.heat_waves = dict.fromkeys(DEVICES, 0)
        self.begin()

    def begin(self) -> None:
        self.journal = Journal(Path(self.folder.name), now_us=self.now)
        self.duty = Duty(Rulebook(RULES), self.journal, Limits(), now_us=self.now)
        self.duty.adopt(CITY, self.now)

    def teardown(self) -> None:
        self.journal.__exit__()
        found = verify(self.journal.path)
        self.folder.cleanup()
        assert isinstance(found, Verified)

    def hear(self, delivery: Delivery) -> None:
        self.duty.hear(delivery, self.now)
        self.journal.commit(self.duty.take_turn(self.now).draft)

    @rule(who=st.sampled_from(DEVICES), active=st.booleans(), pause=st.integers(1, 20))
    def signal(self, who: str, active: bool, pause: int) -> None:
        self.now += pause * S
        if active and not self.burns[who]:
            self.outbreaks[who] += 1
        self.burns[who] = active
        message = said(who, "event", {"event": "fire", "active": active}, at_us=self.now)
        self.unacknowledged.append(message)
        self.hear(message)

    @rule(
        who=st.sampled_from(DEVICES),
        value=st.sampled_from([20.0, 44.9, 47.0, 49.9, 50.0, 60.0]),
        pause=st.integers(1, 12),
    )
    def measure(self, who: str, value: float, pause: int) -> None:
        self.now += pause * S
        was_bad = self.heats[who].phase >= Phase.BAD
        step = observe(
            self.heats[who],
            value,
            bad=value > 45 if was_bad else value >= 50,
            observed_us=self.now,
            heard_us=self.now,
            delays=Delays(10 * S, 5 * S, 10 * S),
        )
        self.heats[who] = step.memory
        self.heat_waves[who] += step.outcome is Outcome.BEGAN
        message = said(who, "telemetry", {"values": {"temperature_c": value}}, at_us=self.now)
        self.unacknowledged.append(message)
        self.hear(message)

    @rule()
    def confirm(self) -> None:
        self.unacknowledged.clear()

    @rule()
    def crash(self) -> None:
        self.journal.__exit__()
        self.begin()
        for message in self.unacknowledged:
            self.hear(message)

    @rule(officer=st.sampled_from(["李明", "王芳"]), number=st.integers())
    def acknowledge(self, officer: str, number: int) -> None:
        for each in self.duty.book:
            request = {
                "do": "acknowledge",
                "request_id": f"{number}-{each.alert.alert_id}",
                "alert_id": each.alert.alert_id,
                "officer": officer,
            }
            self.duty.requests.answer(json.dumps(request).encode(), each.alert.updated_at)
        self.journal.commit(self.duty.take_turn(self.now).draft)

    @invariant()
    def the_board_shows_what_burns(self) -> None:
        for who in DEVICES:
            held = self.duty.book.find(who, "fire")
            assert (held is not None and held.alert.state in BURNING) == self.burns[who]

    @invariant()
    def the_board_shows_what_is_hot(self) -> None:
        for who in DEVICES:
            is_hot = self.heats[who].phase >= Phase.BAD
            assert (self.duty.book.find(who, "hot") is not None) == is_hot

    @invariant()
    def everything_was_raised_once(self) -> None:
        raised = Counter(
            (alert["rule_id"], alert["device_id"])
            for page in self.journal.transitions_since(0, 1000)
            if (alert := json.loads(page.document))["transition"] == "raised"
        )
        for who in DEVICES:
            assert raised["fire", who] == self.outbreaks[who]
            assert raised["hot", who] == self.heat_waves[who]

    @invariant()
    def the_journal_counts_without_gaps(self) -> None:
        numbers = [page.seq for page in self.journal.transitions_since(0, 1000)]
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else True


TestCrashing = Crashing.TestCase
TestCrashing.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
