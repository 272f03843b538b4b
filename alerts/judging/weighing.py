"""Shows every sample of a report to the detectors it concerns: the hot path of the engine."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, Final

from alerts.board.alert import Finding
from alerts.judging.detecting import State, Verdict
from alerts.judging.knowledge import Knowledge
from alerts.judging.lasting import Phase
from alerts.judging.memories import Key, Memories
from alerts.judging.posts import MetricPosts, Post, ProfilePosts, States, Tracker
from alerts.judging.raising import Hearing, Raiser
from alerts.judging.readying import POSITION_SPEED
from devices.reading import Position, Quality, Reading, Report

_GOOD_BELOW: Final = int(Quality.UNCERTAIN_CLOCK)
_DOUBTED: Final = (int(Quality.UNCERTAIN_RANGE), int(Quality.BAD_SENSOR))


class Weigher:
    """Weighs the samples of one report after the other, and counts the judgements.

    Nearly every value is good and was good before: one comparison with the band in which no
    threshold says anything settles it for all thresholds of its metric, and one instant per
    device and metric keeps the order.
    """

    def __init__(self, memories: Memories, raiser: Raiser) -> None:
        """Work on these memories."""
        self._memories = memories
        self._raiser = raiser
        self.knowledge = Knowledge()
        self.judged = 0
        self.unjudged = 0

    def weigh(self, hearing: Hearing, posts: ProfilePosts, report: Report) -> list[Finding]:
        """Weigh everything one message said."""
        findings: list[Finding] = []
        news = self._learn(hearing, posts, report) if posts.rules.needed else ()
        if posts.metrics:
            self._weigh_readings(hearing, posts, report.readings, findings)
        for event in report.events:
            for rule in posts.rules.events.get(event.kind, ()):
                found = self._raiser.signal(hearing, rule, event)
                self.judged += found is not None
                self.unjudged += found is None
                findings += found or ()
        if report.positions:
            self._weigh_positions(hearing, posts, report.positions, findings)
        if news:
            self._weigh_values(hearing, posts, news, findings)
        return findings

    def _weigh_readings(
        self,
        hearing: Hearing,
        posts: ProfilePosts,
        readings: Iterable[Reading],
        findings: list[Finding],
    ) -> None:
        _, device_id, device, _, _, oldest_us, newest_us = hearing
        metrics = posts.metrics
        for number, observed_us, value, quality in readings:
            metric = metrics.get(number)
            if metric is None:
                continue
            low, high, latest, stirred, _, trackers, personal, doubts, size = metric
            if not oldest_us <= observed_us <= newest_us:
                self.unjudged += size
                continue
            if doubts and observed_us > latest.get(device):
                self._weigh_quality(hearing, doubts, (value, observed_us, quality), findings)
            if quality >= _GOOD_BELOW or not latest.take(device, observed_us):
                self.unjudged += size
                continue
            self.judged += size
            if not low <= value < high or device_id in stirred:
                self._weigh_thresholds(hearing, metric, value, observed_us, findings)
            if trackers:
                self._track(hearing, trackers, value, observed_us, findings)
            for post in personal:
                ask = partial(post.observe, device_id=device_id)
                self._observe(hearing, post, observed_us, findings, value, observed_us, ask=ask)

    def _track(
        self,
        hearing: Hearing,
        trackers: Iterable[Tracker],
        value: float,
        observed_us: int,
        findings: list[Finding],
    ) -> None:
        """Show a value to the detectors that remember the values before it."""
        device_id = hearing.device_id
        for observe, states, stirred, post in trackers:
            state, is_stirred = states.get(device_id), device_id in stirred
            was_bad = is_stirred and self._is_bad(device_id, post)
            after, verdict = observe(state, value, observed_us, was_bad=was_bad)
            if after is not state:
                _keep(states, device_id, after)
            if verdict is not None and (is_stirred or verdict.bad):
                self._take(hearing, post, verdict, observed_us, findings)

    def _weigh_thresholds(
        self,
        hearing: Hearing,
        metric: MetricPosts,
        value: float,
        observed_us: int,
        findings: list[Finding],
    ) -> None:
        """Judge a value that is not simply good, by each threshold of its metric."""
        for post in metric.thresholds:
            self._observe(hearing, post, observed_us, findings, value, observed_us)
        if any(hearing.device_id in post.stirred for post in metric.thresholds):
            metric.stirred.add(hearing.device_id)
        else:
            metric.stirred.discard(hearing.device_id)

    def _weigh_quality(
        self,
        hearing: Hearing,
        posts: Iterable[Post],
        sample: tuple[float, int, int],
        findings: list[Finding],
    ) -> None:
        """Tell of doubtful values, and of good ones where there were doubtful ones before."""
        value, observed_us, quality = sample
        device_id, doubtful = hearing.device_id, quality in _DOUBTED
        for post in posts:
            if doubtful or device_id in post.states or device_id in post.stirred:
                ask = partial(post.observe, doubtful=doubtful)
                self._observe(hearing, post, observed_us, findings, value, observed_us, ask=ask)

    def _weigh_positions(
        self,
        hearing: Hearing,
        posts: ProfilePosts,
        positions: Iterable[Position],
        findings: list[Finding],
    ) -> None:
        if POSITION_SPEED in posts.metrics:
            self._weigh_readings(hearing, posts, _speeds(positions), findings)
        for position in positions if posts.vehicle else ():
            latest, observed_us = posts.vehicle[0].latest, position.observed_us
            is_present = hearing.oldest_us <= observed_us <= hearing.newest_us
            if not is_present or not latest.take(hearing.number, observed_us):
                self.unjudged += len(posts.vehicle)
                continue
            self.judged += len(posts.vehicle)
            interval_us = posts.vehicle[0].delays.interval_us
            fix = self.knowledge.fix(hearing.device_id, position, interval_us)
            for post in posts.vehicle:
                self._observe(hearing, post, observed_us, findings, fix)

    def _weigh_values(
        self, hearing: Hearing, posts: ProfilePosts, news: Iterable[int], findings: list[Finding]
    ) -> None:
        """Judge several metrics together, once for each message that tells of one of them."""
        known = self.knowledge.of(hearing.device_id)
        concerned = (post for number in news for post in posts.values.get(number, ()))
        for post in dict.fromkeys(concerned):
            observed_us = max(known[it].observed_us for it in post.detector.metrics if it in known)
            if observed_us >= post.latest.get(hearing.number):  # several may be of one instant
                post.latest.take(hearing.number, observed_us)
                self.judged += 1
                self._observe(hearing, post, observed_us, findings, known, observed_us)

    def _learn(self, hearing: Hearing, posts: ProfilePosts, report: Report) -> list[int]:
        """Note what is needed later; return the numbers of the metrics told of."""
        span = {"oldest_us": hearing.oldest_us, "newest_us": hearing.newest_us}
        if posts.vehicle:
            self.knowledge.hear(hearing.device_id, report.events, **span)
        needed = posts.rules.needed
        return self.knowledge.read(hearing.device_id, report.readings, needed, **span)

    def _observe(
        self,
        hearing: Hearing,
        post: Post,
        observed_us: int,
        findings: list[Finding],
        *sample: Any,  # noqa: ANN401 - what the post's kind of detector observes
        ask: Callable[..., Any] | None = None,
    ) -> None:
        """Show one sample to a detector, and raise what its verdict comes to."""
        device_id, states = hearing.device_id, post.states
        state, is_stirred = states.get(device_id), device_id in post.stirred
        was_bad = is_stirred and self._is_bad(device_id, post)
        after, verdict = (ask or post.observe)(state, *sample, was_bad=was_bad)
        if after is not state:
            _keep(states, device_id, after)
        if verdict is not None and (is_stirred or verdict.bad):
            self._take(hearing, post, verdict, observed_us, findings)

    def _take(
        self,
        hearing: Hearing,
        post: Post,
        verdict: Verdict,
        observed_us: int,
        findings: list[Finding],
    ) -> None:
        """Raise what a verdict comes to, and note whether the device is quiet now."""
        findings += self._raiser.take(hearing, post, verdict, observed_us)
        if Key(hearing.device_id, post.rule_id) in self._memories:
            post.stirred.add(hearing.device_id)
        else:
            post.stirred.discard(hearing.device_id)

    def _is_bad(self, device_id: str, post: Post) -> bool:
        return self._memories.get(Key(device_id, post.rule_id)).phase >= Phase.BAD


def _keep(states: States, device_id: str, state: State) -> None:
    if state is None:
        states.pop(device_id, None)
    else:
        states[device_id] = state


def _speeds(positions: Iterable[Position]) -> Iterator[Reading]:
    for position in positions:
        if position.speed_kmh is not None:
            yield Reading(POSITION_SPEED, position.observed_us, position.speed_kmh)
