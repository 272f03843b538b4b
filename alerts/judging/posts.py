"""The rules of a profile at work: each at its post, with what its detector remembers of whom."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

import msgspec

from alerts.judging.detecting import State, Verdict
from alerts.judging.ordering import Latest
from alerts.judging.readying import MetricRules, ProfileRules, Watch

FIXES: Final = "fixes"
"""The stream of a vehicle's positions."""

States = dict[str, State]
"""What one rule's detector remembers, by device."""


class Post:
    """One rule at work, with what is known of the devices.

    `latest` tells when each device's newest judged sample was taken; `stirred` are the devices
    that are not simply quiet under the rule, `all_stirred` those under it or its neighbours.
    """

    __slots__ = (
        "all_stirred",
        "delays",
        "detector",
        "latest",
        "observe",
        "personal",
        "rule",
        "rule_id",
        "states",
        "stirred",
        "subject",
    )

    def __init__(self, watch: Watch, states: States, latest: Latest, all_stirred: set[str]) -> None:
        """Take the rule's watch; the caller says where what is remembered lives."""
        self.rule = watch.rule
        self.rule_id = watch.rule.rule_id
        self.subject = watch.subject
        self.detector = watch.detector
        self.observe = watch.detector.observe
        self.personal = getattr(watch.detector, "personal", False)
        self.delays = watch.delays
        self.states = states
        self.latest = latest
        self.stirred: set[str] = set()
        self.all_stirred = all_stirred

    def stir(self, device_id: str) -> None:
        """Note that the device is not quiet under this rule."""
        self.stirred.add(device_id)
        self.all_stirred.add(device_id)


class Tracker(NamedTuple):
    """A post whose detector sees every value, with what the hot path needs of it at hand."""

    observe: Callable[..., tuple[State, Verdict | None]]
    states: States
    stirred: set[str]
    post: Post


class MetricPosts(NamedTuple):
    """The rules on one metric, `size` in all; they share their `latest`.

    `stirred` are the devices that are not quiet under one of its thresholds; for all others the
    band from `low` up to but without `high` is good.
    """

    low: float
    high: float
    latest: Latest
    stirred: set[str]
    thresholds: tuple[Post, ...]
    trackers: tuple[Tracker, ...]
    personal: tuple[Post, ...]
    doubts: tuple[Post, ...]
    size: int

    def posts(self) -> Iterator[Post]:
        """Go through all of them."""
        yield from self.thresholds
        yield from (tracker.post for tracker in self.trackers)
        yield from self.personal
        yield from self.doubts


class ProfilePosts(NamedTuple):
    """All rules at work on the devices of one profile."""

    rules: ProfileRules
    metrics: Mapping[int, MetricPosts]
    vehicle: tuple[Post, ...]
    values: Mapping[int, tuple[Post, ...]]
    by_rule: Mapping[str, Post]
    keeps_states: bool


class Posting:
    """Sets up posts anew whenever rules or devices change; what was remembered stays."""

    def __init__(self) -> None:
        """Begin with nothing remembered."""
        self._states: dict[tuple[str, str, str], States] = {}
        self._latest: dict[int | str, Latest] = {}

    def set_up(self, rules: ProfileRules) -> ProfilePosts:
        """Put the rules of one profile to work; nobody is stirred yet."""
        metrics = {number: self._metric(number, each) for number, each in rules.metrics.items()}
        vehicle = tuple(self._post(watch, FIXES) for watch in rules.vehicle)
        watches = {each.rule.rule_id: each for found in rules.values.values() for each in found}
        together = {rule_id: self._post(watch, rule_id) for rule_id, watch in watches.items()}
        values = {
            number: tuple(together[watch.rule.rule_id] for watch in found)
            for number, found in rules.values.items()
        }
        by_metric = (post for each in metrics.values() for post in each.posts())
        posts = (*by_metric, *vehicle, *together.values())
        by_rule = {post.rule_id: post for post in posts}
        return ProfilePosts(rules, metrics, vehicle, values, by_rule, _keep_states(posts, rules))

    def forget(self, device_id: str, number: int) -> None:
        """Drop everything about a device that is gone."""
        for states in self._states.values():
            states.pop(device_id, None)
        for latest in self._latest.values():
            latest.forget(number)

    def _metric(self, number: int, rules: MetricRules) -> MetricPosts:
        stirred: set[str] = set()
        posts = [self._post(watch, number) for watch in rules.trackers]
        trackers = (it for it in posts if not it.personal)
        return MetricPosts(
            rules.low,
            rules.high,
            self._latest.setdefault(number, Latest()),
            stirred,
            tuple(self._post(watch, number, stirred) for watch in rules.thresholds),
            tuple(Tracker(it.observe, it.states, it.stirred, it) for it in trackers),
            tuple(it for it in posts if it.personal),
            tuple(self._post(watch, number) for watch in rules.doubts),
            len(rules.thresholds) + len(rules.trackers) + len(rules.doubts),
        )

    def _post(self, watch: Watch, stream: int | str, stirred: set[str] | None = None) -> Post:
        """Set up one post; samples of one `stream` share their order in time."""
        rule = watch.rule
        states = self._states.setdefault((rule.kind, rule.rule_id, watch.subject), {})
        latest = self._latest.setdefault(stream, Latest())
        return Post(watch, states, latest, set() if stirred is None else stirred)


def _keep_states(posts: Iterable[Post], rules: ProfileRules) -> bool:
    """Say whether anything is known of these devices that a restart would lose."""
    stateful = (getattr(post.detector, "state_type", Any) is not None for post in posts)
    return bool(rules.needed) or any(stateful)


def as_state(state_type: Any, saved: Any) -> State:  # noqa: ANN401 - any type, JSON of any form
    """Return a saved state as this type, None where it does not fit; as it is without a type."""
    if state_type is None:
        return saved
    try:
        return msgspec.convert(saved, state_type)
    except msgspec.ValidationError:
        return None
