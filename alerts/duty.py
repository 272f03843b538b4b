"""The engine's mind: what it hears becomes transitions. No clock, no network, no waiting."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

import msgspec

from alerts.alert import Began, Ended, Finding, Measure, Subject
from alerts.book import Book, Open
from alerts.conditions import Conditions, is_replay
from alerts.journal import Draft, Journal
from alerts.liveness import Liveness, Silence, Watched
from alerts.parts import BROKER, Parts
from alerts.reading import SESSIONS, Reader
from alerts.requests import Requests
from alerts.rulebook import NO_RULES, ProfileRules, Rulebook
from alerts.settings import Limits
from alerts.states import State
from core.broker import Delivery
from core.clock import from_us
from devices.registry import Registry, RegistryContent

OFFLINE = "offline"
"""The subject of alerts about silence."""

_ONLINE = "online"
_ASLEEP_US = 5_000_000  # looks are ten a second; a pause like this was no pause of the devices'


class _Picture(msgspec.Struct, frozen=True):
    """What was heard so far, saved now and then."""

    heard: dict[str, int] = {}
    parts: list[str] = []


class _Beat(msgspec.Struct, frozen=True):
    """What matters here of a program's heartbeat."""

    instance: str
    state: Literal["running", "degraded", "stopping", "lost"]


_PICTURES = msgspec.json.Decoder(_Picture)
_BEATS = msgspec.json.Decoder(_Beat)


class Duty:
    """Everything the engine knows; `take_draft` hands over what must become durable."""

    def __init__(
        self, rulebook: Rulebook, journal: Journal, limits: Limits, *, now_us: int
    ) -> None:
        """Go on where the journal ends."""
        self._rulebook = rulebook
        self._registry = Registry(RegistryContent(version=0))
        self._index: dict[str, ProfileRules] = {}
        self._notes: dict[str, bytes] = {}
        self._blind = True
        self._looked_us = now_us
        self.newest_us = 0
        self.book = Book(journal.open_alerts(), last_seq=journal.last_seq, recall=journal.recall)
        self.requests = Requests(self.book, journal)
        self.conditions = Conditions(late_us=_us(limits.late_s), ahead_us=_us(limits.ahead_s))
        self.liveness = Liveness(farewell_us=_us(limits.farewell_s))
        self.parts = Parts(stale_us=_us(limits.stale_s), farewell_us=_us(limits.farewell_s))
        self._reader = Reader(journal.note(SESSIONS))
        self._restore(journal, now_us)

    def _restore(self, journal: Journal, now_us: int) -> None:
        self.conditions.restore(journal.conditions())
        picture = _PICTURES.decode(journal.note("picture") or b"{}")
        offline = [each for each in self.book if _is_offline(each)]
        self.liveness.restore(
            picture.heard, (each.source for each in offline if each.alert.device_id)
        )
        lost = (each.source for each in offline if not each.alert.device_id)
        self.parts.restore({*picture.parts, BROKER}, lost, now_us)

    @property
    def registry(self) -> Registry:
        """Return the devices the engine knows."""
        return self._registry

    def adopt(self, registry: Registry, now_us: int) -> None:
        """Judge this registry's devices from now on; alerts that lost their ground are ended."""
        self._registry = registry
        self._index = self._rulebook.index(registry)
        self.conditions.adopt(registry, self._index)
        self.liveness.watch(_watched(registry), now_us)
        ended = list(self._groundless(now_us))
        self._note(ended, now_us)
        for each in ended:
            self.conditions.forget(each.source, each.rule_id)

    def hear(self, delivery: Delivery, now_us: int) -> None:
        """Judge a device's message; Invalid where it cannot be read."""
        read = self._reader.read(delivery, self._registry)
        if read is None:
            return
        speaker, report = read
        device_id = speaker.device.device_id
        findings = self.conditions.judge(speaker, report, now_us)
        if not delivery.retain:
            if any(event.kind == _ONLINE and not event.active for event in report.events):
                self.liveness.part(device_id, now_us)
            else:
                self.newest_us = max(self.newest_us, min(report.observed_us, now_us))
                findings += self._back(self.liveness.hear(device_id, now_us), now_us)
        if findings:
            self._note(findings, now_us)

    def hear_ingester(self, delivery: Delivery, now_us: int) -> None:
        """Note an ingester's heartbeat; a retained copy only says that there is such a one.

        An empty message, which removes the retained one, says that it is not expected any more.
        """
        if not delivery.payload:
            source = f"ingest/{delivery.topic.rpartition('/')[2]}"
            self.parts.forget(source)
            self._note(self._back([source], now_us), now_us)
            return
        try:
            beat = _BEATS.decode(delivery.payload)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return
        source = f"ingest/{beat.instance}"
        if delivery.retain:
            self.parts.expect(source, now_us)
        elif beat.state in ("running", "degraded"):
            if self.parts.hear(source, now_us):
                self._note(self._back([source], now_us), now_us)
        else:
            self.parts.part(source, now_us)

    def look_around(self, now_us: int, *, connected: bool) -> None:
        """Notice what nobody says: pending delays that are over, devices and parts gone silent.

        While we hear nothing ourselves no device is blamed for silence; when that is over,
        everybody has their full time again. So it is when we were asleep ourselves, or somebody
        has set the clock. A lost ingester makes nobody silent: we hear the devices without it,
        and a building that goes deaf meanwhile must be noticed.
        """
        if not 0 <= now_us - self._looked_us <= _ASLEEP_US:
            self.regain_hearing(now_us)
        self._looked_us = now_us
        findings: list[Finding] = []
        if connected:
            if self.parts.hear(BROKER, now_us):
                findings += self._back([BROKER], now_us)
            findings += self.conditions.outlast(now_us)
        among = self.parts.expected if connected else [BROKER]
        findings += self._lost_parts(self.parts.due(now_us, among), now_us)
        if not connected or BROKER in self.parts.lost:
            self._blind = True
        else:
            if self._blind:
                self._blind = False
                self.liveness.give_grace(now_us)
            findings += self._silences(self.liveness.due(now_us), now_us)
        self._note(findings, now_us)

    def regain_hearing(self, now_us: int) -> None:
        """Start every clock again that ran while the broker could not reach us."""
        self._blind = True
        self.parts.give_grace(now_us)
        self.conditions.give_grace(now_us)

    def save_picture(self) -> None:
        """Let the next draft hold what has been heard so far."""
        picture = _Picture(self.liveness.heard, self.parts.expected)
        self._notes["picture"] = msgspec.json.encode(picture)

    def take_draft(self) -> Draft:
        """Hand over everything that changed since the last time."""
        changed, self.conditions.changed = self.conditions.changed, {}
        notes, self._notes = self._notes | self._reader.take_notes(), {}
        return Draft(self.book.take_entries(), changed, self.requests.take_answers(), notes)

    def _note(self, findings: Iterable[Finding], now_us: int) -> None:
        for known in self.book.note(findings, from_us(now_us)):
            self.conditions.forget(known.subject.source, known.rule.rule_id)

    def _silences(self, silences: Iterable[Silence], now_us: int) -> Iterator[Began]:
        for device_id, hidden in silences:
            speaker = self._registry.speakers[device_id]
            rule = self._index.get(speaker.profile.profile_id, NO_RULES).offline
            if rule is not None:
                subject = Subject(device_id, speaker.device, speaker.profile.domain)
                size = len(hidden) if rule.cause == "gateway" else 1
                yield Began(rule, subject, Measure(OFFLINE), now_us, now_us, size=size)

    def _back(self, sources: Sequence[str], now_us: int) -> Iterator[Ended]:
        """Yield the end of every alert about the silence of these."""
        if not sources:
            return
        for each in self.book:
            if each.source in sources and each.alert.kind == OFFLINE:
                yield Ended(each.alert.rule_id, each.source, now_us)

    def _lost_parts(self, sources: Iterable[str], now_us: int) -> Iterator[Began]:
        for source in sources:
            rule = self._rulebook.offline("broker" if source == BROKER else "ingest")
            if rule is not None:
                size = len(self._registry.speakers)
                yield Began(rule, Subject(source), Measure(OFFLINE), now_us, now_us, size=size)

    def _groundless(self, now_us: int) -> Iterator[Ended]:
        """Yield the end of alerts whose device or rule is gone, or no longer meant for it."""
        for each in self.book:
            if not self._has_ground(each):
                yield Ended(each.alert.rule_id, each.source, now_us)

    def _has_ground(self, each: Open) -> bool:
        rule = self._rulebook.rules.get(each.alert.rule_id)
        if rule is None or each.alert.device_id is None:
            return rule is not None
        speaker = self._registry.speakers.get(each.alert.device_id)
        if speaker is None or not rule.selects(speaker.profile):
            return False
        return each.alert.kind != OFFLINE or speaker.device.in_service


def _is_offline(each: Open) -> bool:
    returned = each.alert.state is State.RETURNED_UNACKNOWLEDGED
    return each.alert.kind == OFFLINE and not returned


def _watched(registry: Registry) -> dict[str, Watched]:
    """Return whose silence matters: devices in service that live in the present."""
    return {
        speaker.device.device_id: Watched(
            _us(speaker.profile.expected_interval_s),
            _us(speaker.profile.offline_after_s),
            speaker.device.gateway_id,
        )
        for speaker in registry.speakers.values()
        if speaker.device.in_service and not is_replay(speaker)
    }


def _us(seconds: float) -> int:
    return round(seconds * 1_000_000)
