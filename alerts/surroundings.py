"""What lies around an alert: its desk, a drill, a window, a shelf, a parent, a flood.

An alert is born into its surroundings, and the sweep lifts it out again when they end: whatever is
still bad then is announced anew, each by itself.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import msgspec

from alerts.board.alert import Alert, Began, Circumstances, Finding, Hold
from alerts.board.book import Book, Open
from alerts.board.holding import Shelves
from alerts.board.states import Change, State
from alerts.judging.rules import OfflineRule, Rule, rank
from alerts.noise.chattering import Chatter
from alerts.noise.facts import Facts, Standing, gateways_of, grid_of
from alerts.noise.floods import Floods
from alerts.noise.parents import Hides, Parents
from alerts.noise.windows import Windows, cause_of_silence
from alerts.people.desks import Desks
from core.clock import from_us, to_us
from devices.registry import Registry, RegistryContent

_BEHIND: Final = "It is hidden by what has failed in front of it."


class Surroundings:
    """Looks at all of these together; it keeps nothing of its own."""

    def __init__(
        self,
        book: Book,
        shelves: Shelves,
        windows: Windows,
        floods: Floods,
        chatter: Chatter,
        desks: Desks,
    ) -> None:
        """Look at these."""
        self._book = book
        self._shelves = shelves
        self._windows = windows
        self._floods = floods
        self._chatter = chatter
        self._desks = desks
        self._parents = Parents({})
        self._registry = Registry(RegistryContent(version=0))
        self._rules: Mapping[str, Rule] = {}
        self._rules_are_new = False

    def adopt(self, registry: Registry, rules: Mapping[str, Rule]) -> None:
        """Go by this registry and these rules from now on."""
        self._registry = registry
        self._rules = rules
        self._rules_are_new = True
        self._windows.adopt(registry)
        self._parents.adopt(
            {
                rule_id: Hides(frozenset(rule.hides), in_site=rule.hides_in == "site")
                for rule_id, rule in rules.items()
                if rule.hides
            }
        )

    def restore(self, now_us: int) -> None:
        """Take in the board as it was left, the oldest first: it is on top of its group."""
        for each in sorted(self._book, key=lambda each: each.alert.detected_at):
            self.follow(each.source, each.alert, now_us)

    def explain(self, finding: Finding, now_us: int) -> Finding:
        """Say of a silence that it is maintenance, where a window explains it better."""
        if not isinstance(finding, Began) or not isinstance(finding.rule, OfflineRule):
            return finding
        rule = finding.rule
        covering = self._windows.covering(self._facts_of(finding), now_us)
        cause = cause_of_silence(covering, rule.cause)
        return finding._replace(rule=msgspec.structs.replace(rule, cause=cause))

    def around(self, began: Began, alert_id: str, now_us: int) -> Circumstances:
        """Say what a new alert is born into."""
        source, facts = began.subject.source, self._facts_of(began)
        desk = self._desks.desk_of(facts.domain, facts.district, facts.site_id, facts.grid_code)
        hold, drill = self._hold(source, facts, now_us)
        parent = hold.ref if hold and hold.by == "parent" else None
        # Told before the alert is there: a panel and its loops may be found in one turn.
        standing = Standing(
            alert_id, facts, now_us, held_by=hold.by if hold else None, under=parent
        )
        self._parents.follow(standing)
        folded_under = None
        if hold is None and not drill:
            folded_under = self._floods.note_raised(desk.desk_id, alert_id, facts, now_us)
        return Circumstances(
            hold=hold,
            drill=drill,
            desk_id=desk.desk_id,
            folded_under=folded_under,
            chattering=self._chatter.note_raised(source, facts.rule_id, now_us),
        )

    def follow(self, source: str, alert: Alert, now_us: int) -> bool:
        """Take in an alert that has moved; say whether that makes it one that chatters."""
        standing = self._standing_of(alert)
        self._parents.follow(standing)
        self._floods.follow(standing, now_us)
        gone = alert.transition in (Change.RETURNED, Change.CLEARED)
        chatters = gone and self._chatter.note_cleared(source, alert.rule_id, now_us)
        return chatters and not alert.chattering

    def otherwise(self, opened: Open, now: datetime) -> Hold | None:
        """Say what else holds an alert whose shelf has ended."""
        alert = opened.alert
        return self._suppression(self._facts_on_board(alert), to_us(now), alert.alert_id)

    def sweep(self, now: datetime) -> None:
        """Lift out of their surroundings the alerts whose window, parent or flood has ended."""
        now_us = to_us(now)
        if self._rules_are_new:
            self._rules_are_new = False
            self._show_what_guards_lives(now)
        for window in self._windows.due(now_us):
            self._sweep_window(window.window_id, now)
        for alert_id in self._parents.take_orphans():
            self._release(alert_id, "What had hidden it is over.", now)
        for alert_id, under in self._floods.due(now_us):
            if alert_id in self._book:
                change = Change.FOLDED if under else Change.UNFOLDED
                self._book.mark(alert_id, change, now, folded_under=under)
        self._count_hidden(now)

    def _show_what_guards_lives(self, now: datetime) -> None:
        """Show alerts that were put aside before their rule became one about lives."""
        for each in self._book:
            rule, alert = self._rules.get(each.alert.rule_id), each.alert
            if rule is None or not rule.life_safety:
                continue
            if alert.hold is not None:
                self._book.release(alert.alert_id, now, why="Its rule is about lives now.")
            elif alert.folded_under is not None:
                self._book.mark(alert.alert_id, Change.UNFOLDED, now, folded_under=None)

    def _sweep_window(self, window_id: str, now: datetime) -> None:
        for each in self._book:
            hold = each.alert.hold
            if hold is not None and hold.by == "window" and hold.ref == window_id:
                self._release(each.alert.alert_id, "The maintenance window is over.", now)

    def _release(self, alert_id: str, why: str, now: datetime) -> None:
        """Release what was suppressed, unless something else suppresses it still."""
        opened = self._book.get(alert_id)
        if opened is None or opened.alert.state is not State.SUPPRESSED:
            return
        facts = self._facts_on_board(opened.alert)
        shelved = self._shelves.held(opened.source, facts.rule_id, to_us(now))
        hold = self._suppression(facts, to_us(now), alert_id)
        if shelved is not None:
            self._book.hold(alert_id, shelved, now)
        elif hold is None:
            self._name_cause(opened.alert, now)
            self._announce(alert_id, opened.alert.desk_id, facts, why, now)
        elif hold != opened.alert.hold:
            self._book.mark(alert_id, Change.UPDATED, now, hold=hold)

    def _name_cause(self, alert: Alert, now: datetime) -> None:
        """Give an alert back the cause that maintenance had explained away."""
        rule = self._rules.get(alert.rule_id)
        if alert.cause == "maintenance" and isinstance(rule, OfflineRule):
            self._book.mark(alert.alert_id, Change.UPDATED, now, cause=rule.cause)

    def _announce(self, alert_id: str, desk_id: str, facts: Facts, why: str, now: datetime) -> None:
        """Release an alert; when fifty come back from a window at once, that is a flood too."""
        released = self._book.release(alert_id, now, why=why)
        if released.active:
            under = self._floods.note_raised(desk_id, alert_id, facts, to_us(now))
            if under is not None:
                self._book.mark(alert_id, Change.FOLDED, now, folded_under=under)

    def _count_hidden(self, now: datetime) -> None:
        """Write on each alert how many are hidden under it."""
        for under in (self._parents.under, self._floods.under):
            for alert_id in under.take_changed():
                opened = self._book.get(alert_id)
                hidden = self._parents.under.count(alert_id) + self._floods.under.count(alert_id)
                if opened is not None and opened.alert.hidden != hidden:
                    self._book.mark(alert_id, Change.UPDATED, now, hidden=hidden)

    def _hold(self, source: str, facts: Facts, now_us: int) -> tuple[Hold | None, bool]:
        """Return what holds a new alert, and whether it is part of a drill."""
        drill = self._windows.covering(facts, now_us).drill is not None
        if facts.life_safety:
            return None, drill
        shelved = self._shelves.held(source, facts.rule_id, now_us)
        return shelved or self._suppression(facts, now_us), drill

    def _suppression(self, facts: Facts, now_us: int, alert_id: str | None = None) -> Hold | None:
        """Return what suppresses an alert by design: a window over it, or a parent."""
        if facts.life_safety:
            return None
        if window := self._windows.covering(facts, now_us).maintenance:
            end_us = self._windows.until_us(window.window_id)
            until = from_us(end_us) if end_us else None
            return Hold("suppressed", "window", window.window_id, window.reason, until, window.by)
        if parent_id := self._parents.parent_of(facts, alert_id):
            return Hold("suppressed", "parent", parent_id, _BEHIND, None, None)
        return None

    def _facts_of(self, began: Began) -> Facts:
        rule, (_, device, domain, site) = began.rule, began.subject
        site_id = device.site_id if device else site.site_id if site else None
        district = device.district if device else site.district if site else ""
        return Facts(
            rule_id=rule.rule_id,
            domain=domain,
            device_id=device.device_id if device else None,
            gateways=tuple(gateways_of(device, self._registry)) if device else (),
            site_id=site_id,
            district=district,
            grid_code=grid_of(site_id, self._registry),
            cause=getattr(rule, "cause", None),
            life_safety=rule.life_safety,
            rank=rank(began.priority or rule.priority),
        )

    def _facts_on_board(self, alert: Alert) -> Facts:
        speaker = self._registry.speakers.get(alert.device_id or "")
        return Facts(
            rule_id=alert.rule_id,
            domain=alert.domain,
            device_id=alert.device_id,
            gateways=tuple(gateways_of(speaker.device, self._registry)) if speaker else (),
            site_id=alert.site_id,
            district=alert.district,
            grid_code=grid_of(alert.site_id, self._registry),
            cause=alert.cause,
            life_safety=alert.life_safety,
            rank=rank(alert.priority),
        )

    def _standing_of(self, alert: Alert) -> Standing:
        hold = alert.hold
        return Standing(
            alert_id=alert.alert_id,
            facts=self._facts_on_board(alert),
            since_us=to_us(alert.detected_at),
            opened=alert.state is not State.NORMAL,
            active=alert.active,
            held_by=hold.by if hold else None,
            under=hold.ref if hold and hold.by == "parent" else alert.folded_under,
            drill=alert.drill,
            desk_id=alert.desk_id,
        )
