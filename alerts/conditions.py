"""What every device is up to, rule by rule: reports go in, findings come out."""

from collections.abc import Iterator, Mapping
from heapq import heappop, heappush
from typing import NamedTuple

from alerts import judging
from alerts.alert import Began, Ended, Finding, Measure, Subject
from alerts.judging import UNKNOWN, Clocks, Memory, Outcome, Phase, Step
from alerts.rulebook import NO_RULES, POSITION_SPEED, ProfileRules, Watch
from alerts.rules import EventRule, limit_passed
from devices.reading import Event, Reading, Report
from devices.registry import Registry, Speaker


class Key(NamedTuple):
    """Whose memory it is."""

    device_id: str
    rule_id: str


class _Hearing(NamedTuple):
    """Who speaks, whether its clock is believed, and what time it is here."""

    speaker: Speaker
    clocks: Clocks
    now_us: int


class Conditions:
    """The memories of all devices under all rules.

    `changed` collects the memories that moved since the caller last took them to disk. A value that
    moves nothing is not written: told again after a restart, it moves nothing again.
    """

    def __init__(self, *, late_us: int, ahead_us: int) -> None:
        """Begin with no memory; `late_us` and `ahead_us` bound what counts as present."""
        self._live = Clocks(late_us, ahead_us)
        self._recorded = Clocks(late_us, ahead_us, replay=True)
        self._rules: Mapping[str, ProfileRules] = {}
        self._speakers: Mapping[str, Speaker] = {}
        self._memories: dict[Key, Memory] = {}
        self._deadlines: list[tuple[int, Key]] = []
        self.changed: dict[Key, Memory] = {}
        self.judged = 0
        self.unjudged = 0

    def adopt(self, registry: Registry, rules: Mapping[str, ProfileRules]) -> None:
        """Judge these devices by these rules from now on; memories stay."""
        self._speakers = registry.speakers
        self._rules = rules

    def restore(self, memories: Mapping[Key, Memory]) -> None:
        """Take back what was on disk, pending delays with it."""
        self._memories.update(memories)
        for key, memory in memories.items():
            self._await_deadline(key, memory)

    def forget(self, source: str, rule_id: str) -> None:
        """Begin anew with this condition: whatever is bad from now on is told again."""
        if (key := Key(source, rule_id)) in self._memories:
            self._remember(key, UNKNOWN)

    def give_grace(self, now_us: int) -> None:
        """Give every pending delay one more interval: until now we could not have heard better."""
        self._deadlines.clear()
        for key, memory in self._memories.items():
            if memory.phase is Phase.RISING and (found := self._find(key)):
                again_us = max(memory.deadline_us, now_us + found[1].delays.interval_us)
                self._memories[key] = memory._replace(deadline_us=again_us)
                self._await_deadline(key, self._memories[key])

    def judge(self, speaker: Speaker, report: Report, now_us: int) -> list[Finding]:
        """Judge everything one message said."""
        rules = self._rules.get(speaker.profile.profile_id, NO_RULES)
        hearing = _Hearing(speaker, self._clocks(speaker), now_us)
        findings: list[Finding] = []
        if thresholds := rules.thresholds:
            for reading in report.readings:
                for watch in thresholds.get(reading.metric, ()):
                    findings += self._judge_reading(hearing, watch, reading)
            if report.positions and POSITION_SPEED in thresholds:
                for reading in _speeds(report):
                    for watch in thresholds[POSITION_SPEED]:
                        findings += self._judge_reading(hearing, watch, reading)
        for event in report.events:
            for rule in rules.events.get(event.kind, ()):
                findings += self._judge_event(hearing, rule, event)
        return findings

    def outlast(self, now_us: int) -> Iterator[Finding]:
        """Raise what was bad when last heard and has been silent beyond its deadline."""
        while self._deadlines and self._deadlines[0][0] <= now_us:
            _, key = heappop(self._deadlines)
            rising = self._memories[key]
            step = judging.outlast(rising, now_us)
            found = self._find(key)
            if step.outcome is Outcome.BEGAN and found is not None:
                self._remember(key, step.memory)
                speaker, watch = found
                at_us = rising.began_us + watch.delays.on_us
                yield _began(speaker, watch, rising.value, rising.began_us, at_us)

    def _judge_reading(self, hearing: _Hearing, watch: Watch, reading: Reading) -> list[Finding]:
        speaker, clocks, now_us = hearing
        _, observed_us, value, quality = reading
        key = Key(speaker.device.device_id, watch.rule.rule_id)
        memory = self._memories.get(key, UNKNOWN)
        if judging.why_unjudged(
            memory, quality=quality, observed_us=observed_us, now_us=now_us, clocks=clocks
        ):
            self.unjudged += 1
            return []
        self.judged += 1
        step = judging.observe(
            memory,
            value,
            bad=limit_passed(watch.rule, value, was_bad=memory.phase >= Phase.BAD) is not None,
            observed_us=observed_us,
            heard_us=now_us,
            delays=watch.delays,
        )
        if step.memory.phase is memory.phase:
            self._memories[key] = step.memory
            return []
        return self._moved(key, step, _began_now(speaker, watch, value, step.memory))

    def _judge_event(self, hearing: _Hearing, rule: EventRule, event: Event) -> list[Finding]:
        speaker, clocks, now_us = hearing
        key = Key(speaker.device.device_id, rule.rule_id)
        memory = self._memories.get(key, UNKNOWN)
        late = judging.is_late(event.observed_us, now_us, clocks)
        at_us = judging.present(event.observed_us, now_us, clocks)
        step = judging.signal(memory, active=event.active, said_us=event.observed_us, at_us=at_us)
        if step is None or (event.active and late and rule.when_late == "ignore"):
            self.unjudged += 1
            return []
        self.judged += 1
        began = Began(rule, _subject(speaker), Measure(event.kind), event.observed_us, at_us, late)
        return self._moved(key, step, began)

    def _moved(self, key: Key, step: Step, began: Began) -> list[Finding]:
        self._remember(key, step.memory)
        ended = Ended(key.rule_id, key.device_id, step.memory.judged_us)
        match step.outcome:
            case Outcome.BEGAN:
                return [began]
            case Outcome.ENDED:
                return [ended]
            case Outcome.PASSED:
                return [began, ended]
            case Outcome.NOTHING:
                return []

    def _remember(self, key: Key, memory: Memory) -> None:
        self._memories[key] = self.changed[key] = memory
        self._await_deadline(key, memory)

    def _await_deadline(self, key: Key, memory: Memory) -> None:
        if memory.phase is Phase.RISING:
            heappush(self._deadlines, (memory.deadline_us, key))

    def _clocks(self, speaker: Speaker) -> Clocks:
        return self._recorded if is_replay(speaker) else self._live

    def _find(self, key: Key) -> tuple[Speaker, Watch] | None:
        """Return who and what a pending delay is about, as the registry and the rules are now."""
        if (speaker := self._speakers.get(key.device_id)) is None:
            return None
        rules = self._rules.get(speaker.profile.profile_id, NO_RULES)
        for watches in rules.thresholds.values():
            for watch in watches:
                if watch.rule.rule_id == key.rule_id:
                    return speaker, watch
        return None


def is_replay(speaker: Speaker) -> bool:
    """Say whether the device plays recorded data: then nothing it says is too late to be judged."""
    return bool(speaker.device.attributes.get("replay"))


def _began_now(speaker: Speaker, watch: Watch, value: float, memory: Memory) -> Began:
    return _began(speaker, watch, value, memory.began_us, memory.judged_us)


def _began(speaker: Speaker, watch: Watch, value: float, identity_us: int, at_us: int) -> Began:
    limit = limit_passed(watch.rule, value, was_bad=False)
    measure = Measure(watch.rule.metric, value, limit, watch.unit)
    late = is_replay(speaker)
    return Began(watch.rule, _subject(speaker), measure, identity_us, at_us, late)


def _subject(speaker: Speaker) -> Subject:
    return Subject(speaker.device.device_id, speaker.device, speaker.profile.domain)


def _speeds(report: Report) -> Iterator[Reading]:
    for position in report.positions:
        if position.speed_kmh is not None:
            yield Reading(POSITION_SPEED, position.observed_us, position.speed_kmh)
