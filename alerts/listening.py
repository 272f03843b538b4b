"""What is heard, and what is not, becomes findings: messages, heartbeats, silence, delays."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, Literal

import msgspec

from alerts.board.alert import Began, Ended, Finding, Measure, Subject
from alerts.board.book import Book, Open
from alerts.judging.conditions import Conditions, is_replay
from alerts.judging.correlating import Correlations
from alerts.judging.rulebook import NO_RULES, ProfileRules, Rulebook
from alerts.reading import Reader
from alerts.settings import Limits
from alerts.silence.liveness import Liveness, Silence, Watched
from alerts.silence.parts import BROKER, Parts
from alerts.silence.roll_call import NOBODY, Roll, RollCall
from alerts.silence.skew import ClockWatch
from core.broker import Delivery
from devices.registry import Registry, RegistryContent

OFFLINE: Final = "offline"
"""The subject of alerts about silence, and the kind of their rules."""

_ONLINE: Final = "online"
_ASLEEP_US: Final = 5_000_000  # looks are ten a second; such a pause was no pause of the devices'


class Picture(msgspec.Struct, frozen=True):
    """What was heard so far, saved now and then."""

    heard: dict[str, int] = {}
    parts: list[str] = []


class _Beat(msgspec.Struct, frozen=True):
    """What matters here of a program's heartbeat."""

    instance: str
    state: Literal["running", "degraded", "stopping", "lost"]
    oldest_uncommitted_s: float | None = None


_BEATS: Final = msgspec.json.Decoder(_Beat)


class Listening:
    """Judges by the rules in force; what it finds is for the board, which it only looks at."""

    def __init__(
        self, book: Book, reader: Reader, correlations: Correlations, limits: Limits, *, now_us: int
    ) -> None:
        """Begin without a registry: until one is adopted nobody is known."""
        self._book = book
        self._reader = reader
        self._rulebook = Rulebook(())
        self._index: Mapping[str, ProfileRules] = {}
        self._blind = True
        self._looked_us = now_us
        self._lag_s = limits.lag_s
        self.registry = Registry(RegistryContent(version=0))
        self.newest_us = 0
        self.conditions = Conditions(late_us=_us(limits.late_s), ahead_us=_us(limits.ahead_s))
        self.liveness = Liveness(farewell_us=_us(limits.farewell_s))
        self._roll_call: RollCall | None = None
        self.parts = Parts(stale_us=_us(limits.stale_s), farewell_us=_us(limits.farewell_s))
        self.clocks = ClockWatch(late_us=_us(limits.late_s), ahead_us=_us(limits.ahead_s))
        self.correlations = correlations

    def restore(self, picture: Picture, now_us: int) -> None:
        """Take over what the previous run had heard; who is lost stands on the board."""
        offline = [each for each in self._book if _is_offline(each)]
        self.liveness.restore(
            picture.heard, (each.source for each in offline if each.alert.device_id)
        )
        lost = (each.source for each in offline if not each.alert.device_id)
        wrong = (each.source for each in self._book if each.alert.cause == "clock")
        self.clocks.restore(wrong)
        self.parts.restore({*picture.parts, BROKER}, lost, now_us)

    def adopt(self, registry: Registry, rulebook: Rulebook, now_us: int) -> list[Finding]:
        """Judge these devices by these rules from now on; return the end of what lost its ground.

        A rule that looks at whole sites sees what stands on the board already.
        """
        self.registry, self._rulebook = registry, rulebook
        self._index = rulebook.index(registry)
        self.conditions.adopt(registry, self._index)
        self.clocks.adopt(self._index)
        self.liveness.watch(_watched(registry), now_us)
        self._roll_call = RollCall(registry, self.liveness)
        in_force = {
            rule.rule_id: rule for rule in rulebook.rules.values() if rule.status == "active"
        }
        self.correlations.adopt(in_force, registry)
        ended = list(self._groundless(now_us))
        for each in ended:
            self.clocks.forget(each.source)
        opened = [each.alert for each in self._book]
        return self._with_sites(ended, now_us) + self.correlations.restore(opened, now_us)

    def hear(self, delivery: Delivery, now_us: int) -> list[Finding]:
        """Judge a device's message; Invalid where it cannot be read."""
        read = self._reader.read(delivery, self.registry)
        if read is None:
            return []
        speaker, report = read
        device_id = speaker.device.device_id
        findings = self.conditions.judge(speaker, report, now_us)
        if not delivery.retain:
            if any(event.kind == _ONLINE and not event.active for event in report.events):
                self.liveness.part(device_id, now_us)
            else:
                self.newest_us = max(self.newest_us, min(report.observed_us, now_us))
                findings += self.clocks.hear(speaker, report.observed_us, now_us)
                findings += self._back(self.liveness.hear(device_id, now_us), now_us)
        return self._with_sites(findings, now_us) if findings else findings

    def hear_ingester(self, delivery: Delivery, now_us: int) -> list[Finding]:
        """Note an ingester's heartbeat; a retained copy only says that there is such a one.

        One that falls behind by more than the limit is as good as lost. An empty message, which
        removes the retained one, says that it is not expected any more.
        """
        if not delivery.payload:
            source = f"ingest/{delivery.topic.rpartition('/')[2]}"
            self.parts.forget(source)
            return list(self._back([source], now_us))
        try:
            beat = _BEATS.decode(delivery.payload)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return []
        source = f"ingest/{beat.instance}"
        if delivery.retain:
            self.parts.expect(source, now_us)
        elif beat.state not in ("running", "degraded"):
            self.parts.part(source, now_us)
        elif (beat.oldest_uncommitted_s or 0) > self._lag_s:
            self.parts.expect(source, now_us)
        elif self.parts.hear(source, now_us):
            return list(self._back([source], now_us))
        return []

    def look_around(self, now_us: int, *, connected: bool) -> list[Finding]:
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
        findings += self._silent_devices(now_us, connected=connected)
        waited = self.correlations.due(now_us) if connected else []
        return self._with_sites(findings, now_us) + waited

    def regain_hearing(self, now_us: int) -> None:
        """Start every clock again that ran while the broker could not reach us."""
        self._blind = True
        self.parts.give_grace(now_us)
        self.conditions.give_grace(now_us)
        self.correlations.give_grace(now_us)

    def call_the_roll(self) -> Roll:
        """Return how many are there of those whose silence matters; none before a registry."""
        return self._roll_call.take(self.liveness) if self._roll_call else NOBODY

    def picture(self) -> Picture:
        """Return what has been heard so far."""
        return Picture(self.liveness.heard, self.parts.expected)

    def _silent_devices(self, now_us: int, *, connected: bool) -> Iterator[Finding]:
        if not connected or BROKER in self.parts.lost:
            self._blind = True
            return
        if self._blind:
            self._blind = False
            self.liveness.give_grace(now_us)
        yield from self._silences(self.liveness.due(now_us), now_us)

    def _with_sites(self, findings: Iterable[Finding], now_us: int) -> list[Finding]:
        """Add what the findings about devices mean for their sites."""
        told: list[Finding] = []
        for finding in findings:
            told.append(finding)
            device_id = _device_of(finding)
            speaker = self.registry.speakers.get(device_id)
            site_id = speaker.device.site_id if speaker else None
            told += self.correlations.note(finding, site_id, device_id, now_us)
        return told

    def _silences(self, silences: Iterable[Silence], now_us: int) -> Iterator[Began]:
        for device_id, hidden in silences:
            speaker = self.registry.speakers[device_id]
            rule = self._index.get(speaker.profile.profile_id, NO_RULES).offline
            if rule is not None:
                subject = Subject(device_id, speaker.device, speaker.profile.domain)
                size = len(hidden) if rule.cause == "gateway" else 1
                yield Began(rule, subject, Measure(OFFLINE), now_us, now_us, size=size)

    def _back(self, sources: Sequence[str], now_us: int) -> Iterator[Ended]:
        """Yield the end of every alert about the silence of these."""
        if not sources:
            return
        for each in self._book:
            if each.source in sources and _is_about_silence(each):
                yield Ended(each.alert.rule_id, each.source, now_us)

    def _lost_parts(self, sources: Iterable[str], now_us: int) -> Iterator[Began]:
        for source in sources:
            rule = self._rulebook.offline("broker" if source == BROKER else "ingest")
            if rule is not None:
                size = len(self.registry.speakers)
                yield Began(rule, Subject(source), Measure(OFFLINE), now_us, now_us, size=size)

    def _groundless(self, now_us: int) -> Iterator[Ended]:
        """Yield the end of alerts whose device or rule is gone, or no longer meant for it."""
        for each in self._book:
            if not self._has_ground(each):
                yield Ended(each.alert.rule_id, each.source, now_us)

    def _has_ground(self, each: Open) -> bool:
        rule = self._rulebook.rules.get(each.alert.rule_id)
        if rule is None or rule.status != "active":
            return False
        if each.alert.device_id is None:
            return True
        speaker = self.registry.speakers.get(each.alert.device_id)
        if speaker is None or not rule.selects(speaker.profile):
            return False
        return each.alert.kind != OFFLINE or speaker.device.in_service


def _device_of(finding: Finding) -> str:
    return finding.subject.source if isinstance(finding, Began) else finding.source


def _is_about_silence(each: Open) -> bool:
    return each.alert.kind == OFFLINE and each.alert.cause != "clock"


def _is_offline(each: Open) -> bool:
    return _is_about_silence(each) and each.alert.active


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
