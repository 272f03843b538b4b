"""Whose clock is wrong? Its messages arrive, yet none is judged: that must not look like silence.

A device that hands in what it has kept is no such case: what it says comes nearer and nearer to
the present, while a wrong clock stays as far away as it is.
"""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from alerts.board.alert import Began, Ended, Finding, Measure
from alerts.judging.raising import is_replay, subject_of
from alerts.judging.readying import NO_RULES, ProfileRules
from alerts.judging.rules import OfflineRule
from devices.registry import Speaker

CLOCK: Final = "clock"
"""The subject of alerts about clocks."""

_STEADY_US: Final = 30_000_000  # a clock drifts by seconds a day; this leaves room for the network
_TURNS: Final = 3
_AT_LEAST_US: Final = 60_000_000
_S: Final = 1_000_000


class Doubt(NamedTuple):
    """How far a clock was off, ahead being positive, since when, and how often it was so again."""

    offset_us: int
    since_us: int
    said: int


class ClockWatch:
    """The devices whose clock is in doubt or wrong; all others cost nothing.

    A clock is wrong that was off by more than the limits, and steadily, in three messages in a
    row over a minute and three turns of the device at least; it is right with the first message
    that is within the limits.
    """

    def __init__(self, *, late_us: int, ahead_us: int) -> None:
        """Doubt nobody yet; the limits are those within which values are judged."""
        self._late_us = late_us
        self._ahead_us = ahead_us
        self._rules: Mapping[str, ProfileRules] = {}
        self._doubts: dict[str, Doubt] = {}
        self.wrong: set[str] = set()

    def adopt(self, rules: Mapping[str, ProfileRules]) -> None:
        """Go by these rules, by profile, from now on."""
        self._rules = rules

    def restore(self, wrong: Iterable[str]) -> None:
        """Take over from the previous run: about whose clock there is an open alert."""
        self.wrong.update(wrong)

    def forget(self, device_id: str) -> None:
        """Begin anew with this device: its alert has been ended by somebody else."""
        self._doubts.pop(device_id, None)
        self.wrong.discard(device_id)

    def hear(self, speaker: Speaker, observed_us: int, received_us: int) -> list[Finding]:
        """Note how a message of the present is dated: no retained copy, no last will."""
        offset_us = observed_us - received_us
        if -self._late_us <= offset_us <= self._ahead_us:
            return self._right(speaker, received_us) if self._doubts or self.wrong else []
        rule = self._rules.get(speaker.profile.profile_id, NO_RULES).clock
        device_id = speaker.device.device_id
        if rule is None or device_id in self.wrong or is_replay(speaker):
            return []
        doubt = self._doubt(device_id, offset_us, received_us)
        lasts_us = max(_AT_LEAST_US, round(_TURNS * speaker.profile.expected_interval_s * _S))
        if doubt.said < _TURNS or received_us - doubt.since_us < lasts_us:
            return []
        del self._doubts[device_id]
        self.wrong.add(device_id)
        return [self._began(rule, speaker, doubt, received_us)]

    def _doubt(self, device_id: str, offset_us: int, received_us: int) -> Doubt:
        doubt = self._doubts.get(device_id)
        if doubt is None or abs(offset_us - doubt.offset_us) > _STEADY_US:
            doubt = Doubt(offset_us, received_us, 0)
        doubt = self._doubts[device_id] = doubt._replace(said=doubt.said + 1)
        return doubt

    def _right(self, speaker: Speaker, received_us: int) -> list[Finding]:
        device_id = speaker.device.device_id
        self._doubts.pop(device_id, None)
        if device_id not in self.wrong:
            return []
        self.wrong.discard(device_id)
        rule = self._rules.get(speaker.profile.profile_id, NO_RULES).clock
        return [Ended(rule.rule_id, device_id, received_us)] if rule else []

    def _began(self, rule: OfflineRule, speaker: Speaker, doubt: Doubt, now_us: int) -> Began:
        limit_us = self._ahead_us if doubt.offset_us > 0 else -self._late_us
        measure = Measure(CLOCK, doubt.offset_us / _S, limit_us / _S, "s")
        return Began(rule, subject_of(speaker), measure, doubt.since_us, now_us)
