"""Whatever happens in whatever order, the board says what a much smaller model says."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from alerts.board.alert import Changed, Hold, Measure
from alerts.board.book import OPEN, Open
from alerts.board.commands import Acknowledge, Comment
from alerts.board.responding import Verify
from alerts.board.shelving import ReturnToService, Shelve, TakeOutOfService, Unshelve
from alerts.judging.rules import Rule
from core.clock import to_us
from core.errors import Conflict
from tests.unit.alerts.board.desk import LIFE, Desk
from tests.unit.alerts.making import FAULT, FIRE

RULES: dict[str, Rule] = {each.rule_id: each for each in (FAULT, FIRE, LIFE)}
KEYS = [("d", rule_id) for rule_id in RULES]  # few, so that much happens to each
WINDOW = Hold("suppressed", "window", "w1", "检修")
HELD = {"shelved", "suppressed", "out_of_service"}

Key = tuple[str, str]
KEY = st.sampled_from(KEYS)
PRIORITY = st.sampled_from(("low", "medium", "critical"))


@dataclass
class Fact:
    """What is true of an open alert, whatever it is called."""

    priority: str
    active: bool = True
    seen: bool = False
    aside: str | None = None

    def name(self) -> str:
        if self.aside:
            return self.aside
        if self.active:
            return "acknowledged" if self.seen else "unacknowledged"
        return "returned_unacknowledged"

    def tell_anew(self) -> None:
        self.aside, self.seen = None, False


class Life(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.desk = Desk()
        self.facts: dict[Key, Fact] = {}
        self.shelves: dict[Key, tuple[str, datetime | None]] = {}
        self.names: set[str] = set()
        self.told: list[tuple[Key, int]] = []
        self.last_seq = 100

    def pass_time(self, **time: float) -> None:
        """Let a shelf that is over be over, for the board and for the model."""
        self.desk.wait(**time)
        for key, (state, until) in list(self.shelves.items()):
            if until is not None and until <= self.desk.now:
                self.end_shelf(key, state)

    def end_shelf(self, key: Key, state: str) -> None:
        del self.shelves[key]
        fact = self.facts.get(key)
        if fact and fact.aside == state:
            fact.tell_anew()
            fact.aside = self.window()

    def window(self) -> str | None:
        return self.desk.otherwise and self.desk.otherwise.state

    def attempt(self, allowed: bool, act: Callable[[], Any]) -> bool:
        """Do it and expect it to be refused just when the model says so."""
        if allowed:
            act()
        else:
            with pytest.raises(Conflict, match=r"^.*\.$"):
                act()
        return allowed

    def opened(self, key: Key) -> Open:
        opened = self.desk.book.find(*key)
        assert opened is not None
        return opened

    def ask(self, key: Key, kind: type[msgspec.Struct], **rest: Any) -> Callable[[], Any]:
        return lambda: self.desk.do(kind, alert_id=self.opened(key).alert.alert_id, **rest)

    @rule(key=KEY)
    def it_goes_bad(self, key: Key) -> None:
        self.pass_time(seconds=1)
        assert not self.desk.bad(RULES[key[1]], key[0])
        if key not in self.facts:
            state, _ = self.shelves.get(key, (None, None))
            aside = None if RULES[key[1]].life_safety else state or self.window()
            self.facts[key] = Fact(RULES[key[1]].priority, aside=aside)
            self.told.append((key, to_us(self.desk.now)))
            name = self.opened(key).alert.alert_id
            assert name not in self.names  # what comes again after clearing is another occurrence
            self.names.add(name)
        else:
            self.note_bad(key)

    def note_bad(self, key: Key) -> None:
        fact = self.facts.get(key)
        if fact and not fact.active:
            fact.active, fact.seen, fact.priority = True, False, RULES[key[1]].priority

    @rule(key=KEY)
    def it_goes_good(self, key: Key) -> None:
        self.desk.good(RULES[key[1]], key[0])
        fact = self.facts.get(key)
        if fact and fact.active:
            fact.active = False
            if not RULES[key[1]].latching or (fact.seen and not fact.aside):
                del self.facts[key]

    @rule(key=KEY, priority=PRIORITY)
    def it_gets_worse_or_better(self, key: Key, priority: Any) -> None:
        changed = Changed(key[1], key[0], priority, Measure("it"), to_us(self.desk.now))
        self.desk.book.note([changed], self.desk.now)
        order = ("low", "medium", "high", "critical")
        if (fact := self.facts.get(key)) is None:
            return
        steps = order.index(priority) - order.index(fact.priority)
        if steps < 0 and RULES[key[1]].life_safety:
            return
        if steps > 0 and fact.active and not fact.aside:
            fact.seen = False
        fact.priority = priority

    @rule(key=KEY)
    def an_officer_takes_it(self, key: Key) -> None:
        if fact := self.facts.get(key):
            free = not fact.aside and not (fact.active and fact.seen)
            if self.attempt(free, self.ask(key, Acknowledge)):
                fact.seen = True
                if not fact.active:
                    del self.facts[key]

    @rule(key=KEY, minutes=st.integers(1, 90))
    def an_officer_shelves_it(self, key: Key, minutes: int) -> None:
        if fact := self.facts.get(key):
            may = not fact.aside and not RULES[key[1]].life_safety
            if self.attempt(may, self.ask(key, Shelve, minutes=minutes, reason="x")):
                fact.aside = "shelved"
                self.shelves[key] = ("shelved", self.desk.now + timedelta(minutes=minutes))

    @rule(key=KEY)
    def a_supervisor_takes_it_out_of_service(self, key: Key) -> None:
        if fact := self.facts.get(key):
            may = fact.aside != "out_of_service" and not RULES[key[1]].life_safety
            if self.attempt(may, self.ask(key, TakeOutOfService, reason="x")):
                fact.aside = "out_of_service"
                self.shelves[key] = ("out_of_service", None)

    @rule(key=KEY, kind=st.sampled_from((Unshelve, ReturnToService)))
    def somebody_takes_it_back(self, key: Key, kind: type[Unshelve | ReturnToService]) -> None:
        if key in self.facts:
            state = "shelved" if kind is Unshelve else "out_of_service"
            found, _ = self.shelves.get(key, (None, None))
            if self.attempt(found == state, self.ask(key, kind, reason="x")):
                self.end_shelf(key, state)

    @rule(key=KEY)
    def a_window_hides_it(self, key: Key) -> None:
        if fact := self.facts.get(key):
            may = fact.aside != "suppressed" and not RULES[key[1]].life_safety
            name = self.opened(key).alert.alert_id
            if self.attempt(may, lambda: self.desk.book.hold(name, WINDOW, self.desk.now)):
                fact.aside = "suppressed"

    @rule(on=st.booleans())
    def a_window_waits_for_what_is_raised(self, on: bool) -> None:
        self.desk.otherwise = WINDOW if on else None

    @rule(key=KEY)
    def a_window_ends(self, key: Key) -> None:
        fact = self.facts.get(key)
        if fact and fact.aside in (None, "suppressed"):
            name = self.opened(key).alert.alert_id
            held = fact.aside is not None
            if self.attempt(held, lambda: self.desk.book.release(name, self.desk.now)):
                fact.tell_anew()

    @rule(key=KEY)
    def people_write_things_down(self, key: Key) -> None:
        if key in self.facts:
            self.ask(key, Comment, text="x")()
            if RULES[key[1]].life_safety and self.opened(key).alert.verdict is None:
                self.ask(key, Verify, verdict="real")()

    @rule(number=st.integers(0, 100))
    def a_message_is_delivered_twice(self, number: int) -> None:
        """What was an occurrence of the past raises nothing, however much later it is told."""
        if self.told:
            key, at_us = self.told[number % len(self.told)]
            known = self.desk.bad(RULES[key[1]], key[0], at_us=at_us)
            assert bool(known) == (key not in self.facts)
            self.note_bad(key)

    @rule(minutes=st.integers(1, 60))
    def nobody_says_anything(self, minutes: int) -> None:
        """Silence clears nothing: only shelves end."""
        self.pass_time(minutes=minutes)

    @rule()
    def the_engine_is_started_anew(self) -> None:
        self.check_journal()
        self.desk.restart()

    @invariant()
    def the_board_says_what_is_true(self) -> None:
        board = {(it.source, it.alert.rule_id): it.alert for it in self.desk.book}
        found = {key: (it.state, it.active, it.priority) for key, it in board.items()}
        assert found == {
            key: (fact.name(), fact.active, fact.priority) for key, fact in self.facts.items()
        }

    @invariant()
    def what_is_about_lives_is_always_told(self) -> None:
        for each in self.desk.book:
            if each.alert.life_safety:
                assert each.alert.state not in HELD

    @invariant()
    def the_document_does_not_contradict_itself(self) -> None:
        for each in self.desk.book:
            alert = each.alert
            assert (alert.hold is not None) == (alert.state in HELD)
            assert alert.hold is None or alert.hold.state == alert.state
            assert (alert.acknowledged_by is None) == (alert.acknowledged_at is None)
            if alert.state == "acknowledged":
                assert alert.acknowledged_by
            if alert.state not in HELD | {"acknowledged"}:
                assert alert.acknowledged_by is None
            assert alert.cleared_at is None
            assert (alert.returned_at is None) == alert.active

    @invariant()
    def what_is_put_aside_is_listed(self) -> None:
        listed = {(it.source, it.rule_id): (it.state, it.until) for it in self.desk.shelves}
        assert listed == self.shelves

    def check_journal(self) -> None:
        """Numbers run without holes, and a cleared latching alert had been seen by somebody."""
        seen = len(self.desk.lines)
        for alert in self.desk.commit():
            assert alert.seq == self.last_seq + 1
            self.last_seq = alert.seq
            if alert.state == "normal" and RULES[alert.rule_id].latching:
                assert alert.acknowledged_by
        assert all(line.seq is not None for line in self.desk.lines[seen:] if line.kind == "alert")
        assert len(self.desk.records[OPEN]) == len(self.facts)

    def teardown(self) -> None:
        self.check_journal()


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=200, stateful_step_count=50, deadline=None)
