"""From a verdict to a finding: whether it has lasted, at which level, and what is told of it."""

from typing import NamedTuple

from alerts.board.alert import Began, Changed, Ended, Finding, Measure, Subject
from alerts.detectors.threshold import ThresholdDetector
from alerts.judging import lasting
from alerts.judging.detecting import Verdict
from alerts.judging.lasting import Clocks, Memory, Outcome, Phase
from alerts.judging.memories import Key, Memories
from alerts.judging.ordering import number_of
from alerts.judging.posts import Post
from alerts.judging.rules import PRIORITIES, EventRule, rank
from alerts.judging.standing import UNTOLD, Standing, stand
from devices.reading import Event
from devices.registry import Speaker


class Hearing(NamedTuple):
    """Who speaks, what time it is here, and from when until when a sample counts as present."""

    speaker: Speaker
    device_id: str
    number: int
    clocks: Clocks
    now_us: int
    oldest_us: int
    newest_us: int


def hearing_of(speaker: Speaker, clocks: Clocks, now_us: int) -> Hearing:
    """Return how this device is to be heard now; recorded data is never too old."""
    oldest_us = 0 if clocks.replay else now_us - clocks.late_us
    device = speaker.device
    newest_us = now_us + clocks.ahead_us
    return Hearing(
        speaker, device.device_id, number_of(device), clocks, now_us, oldest_us, newest_us
    )


class Raiser:
    """Steps the memories by verdicts and signals; what moves becomes findings."""

    def __init__(self, memories: Memories) -> None:
        """Work on these memories."""
        self._memories = memories
        self._seen: dict[Key, Verdict] = {}

    def take(
        self, hearing: Hearing, post: Post, verdict: Verdict, observed_us: int
    ) -> list[Finding]:
        """Take in a verdict on a sample newer than all before it."""
        key = Key(hearing.device_id, post.rule_id)
        memory = self._memories.get(key)
        step = lasting.observe(
            memory,
            verdict.value or 0.0,
            bad=verdict.bad,
            observed_us=observed_us,
            heard_us=hearing.now_us,
            delays=post.delays,
        )
        fresh = step.memory._replace(told=_told(memory, step.memory, verdict, post))
        self._remember(key, memory, fresh)
        if fresh.phase is Phase.RISING:
            self._seen[key] = verdict
        else:
            self._seen.pop(key, None)
        match step.outcome:
            case Outcome.BEGAN:
                times = (fresh.began_us, fresh.judged_us)
                return [_began(hearing.speaker, post, verdict, times)]
            case Outcome.ENDED:
                return [Ended(key.rule_id, key.device_id, fresh.judged_us)]
            case _:
                return _changed(key, post, verdict, memory, fresh)

    def outlast(self, key: Key, rising: Memory, speaker: Speaker, post: Post) -> Began:
        """Raise what was bad when last heard and has been silent beyond its deadline."""
        bad = lasting.outlast(rising, rising.deadline_us).memory._replace(told=rising.told)
        self._memories.write(key, bad)
        verdict = self._seen.pop(key, None) or _recalled(rising, post)
        return _began(
            speaker, post, verdict, (rising.began_us, rising.began_us + post.delays.on_us)
        )

    def signal(self, hearing: Hearing, rule: EventRule, event: Event) -> list[Finding] | None:
        """Take in one signal of a device; None where it is no news."""
        speaker, device_id, _, clocks, now_us, *_ = hearing
        key = Key(device_id, rule.rule_id)
        late = lasting.is_late(event.observed_us, now_us, clocks)
        at_us = lasting.present(event.observed_us, now_us, clocks)
        step = lasting.signal(
            self._memories.get(key), active=event.active, said_us=event.observed_us, at_us=at_us
        )
        if step is None or (event.active and late and rule.when_late == "ignore"):
            return None
        self._memories.write(key, step.memory)
        began = Began(
            rule, subject_of(speaker), Measure(event.kind), event.observed_us, at_us, late
        )
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

    def _remember(self, key: Key, before: Memory, after: Memory) -> None:
        """Write down what has moved; keep what is not quiet."""
        if after.phase is not before.phase or after.told != before.told:
            self._memories.write(key, after)
        if after.phase is Phase.QUIET:
            self._memories.drop(key)
        else:
            self._memories.keep(key, after)


def is_replay(speaker: Speaker) -> bool:
    """Say whether the device plays recorded data: then nothing it says is too late to be judged."""
    return bool(speaker.device.attributes.get("replay"))


def subject_of(speaker: Speaker) -> Subject:
    """Return whom an alert about this device is about."""
    return Subject(speaker.device.device_id, speaker.device, speaker.profile.domain)


def _began(speaker: Speaker, post: Post, verdict: Verdict, times: tuple[int, int]) -> Began:
    identity_us, at_us = times
    return Began(
        post.rule,
        subject_of(speaker),
        _measure(post, verdict),
        identity_us,
        at_us,
        is_replay(speaker),
        priority=verdict.priority,
    )


def _measure(post: Post, verdict: Verdict) -> Measure:
    return Measure(post.subject, verdict.value, verdict.limit, verdict.unit, verdict.about)


def _told(before: Memory, after: Memory, verdict: Verdict, post: Post) -> tuple[int, ...]:
    """Return what is told of the level: nothing by a rule without levels, or of what is quiet."""
    if after.phase is Phase.QUIET:
        return ()
    if not verdict.bad or verdict.priority is None:
        return before.told
    standing = _standing(before) if before.phase >= Phase.BAD else Standing()
    return tuple(stand(standing, rank(verdict.priority), after.judged_us, post.delays))


def _standing(memory: Memory) -> Standing:
    return Standing(*memory.told) if len(memory.told) == len(Standing._fields) else Standing()


def _changed(
    key: Key, post: Post, verdict: Verdict, before: Memory, after: Memory
) -> list[Finding]:
    was, now = _standing(before).told, _standing(after).told
    if before.phase < Phase.BAD or was in (UNTOLD, now):
        return []
    measure = _measure(post, verdict)
    return [Changed(key.rule_id, key.device_id, PRIORITIES[now], measure, after.judged_us)]


def _recalled(rising: Memory, post: Post) -> Verdict:
    """Return the verdict on the value last seen, as far as a restart has left it."""
    if isinstance(post.detector, ThresholdDetector):
        _, verdict = post.detector.observe(None, rising.value, rising.judged_us, was_bad=False)
        return verdict
    priority = PRIORITIES[_standing(rising).told] if rising.told else None
    return Verdict(True, rising.value, priority=priority)
