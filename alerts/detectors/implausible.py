"""A sensor that cannot be believed: too many of its values are impossible, or bad by its own word.

Such values are judged by no other rule, so without this one their device would just go quiet.
"""

from typing import Annotated, ClassVar, NamedTuple

from msgspec import Meta

from alerts.judging.detecting import GOOD, Verdict
from alerts.judging.rules import LastingRule, unit_of
from devices.model import Identifier, Profile
from devices.registry import Registry


class ImplausibleRule(LastingRule, frozen=True, kw_only=True, tag="implausible"):
    """Bad once `doubtful` of the latest `of` values were doubtful; good once none of them is.

    Doubtful is outside the metric's plausible range, or marked as unusable by the device.
    """

    kind: ClassVar[str] = "implausible"

    metric: Identifier
    doubtful: Annotated[int, Meta(ge=1, le=60)] = 3
    of: Annotated[int, Meta(ge=1, le=60)] = 5

    def __post_init__(self) -> None:
        """Refuse a count that can never be reached."""
        if self.doubtful > self.of:
            raise ValueError("`doubtful` cannot be more than `of`")


class Doubts(NamedTuple):
    """The latest values, one bit each, the newest lowest: 1 for a doubtful one."""

    bits: int
    latest_us: int


class ImplausibleDetector:
    """Counts the doubtful among the latest values; without any of them it keeps no state."""

    state_type = Doubts

    def __init__(self, rule: ImplausibleRule, unit: str) -> None:
        """Prepare the rule for values in this unit."""
        self._doubtful = rule.doubtful
        self._mask = (1 << rule.of) - 1
        self._unit = unit

    def observe(
        self,
        state: Doubts | None,
        value: float,
        observed_us: int,
        *,
        doubtful: bool,
        was_bad: bool,
    ) -> tuple[Doubts | None, Verdict | None]:
        """Take in one value, believable or not; no verdict on one told again."""
        bits, latest_us = state or (0, 0)
        if observed_us <= latest_us:
            return state, None
        bits = (bits << 1 | doubtful) & self._mask
        bad = bits.bit_count() >= (1 if was_bad else self._doubtful)
        verdict = Verdict(True, value, unit=self._unit) if bad else GOOD
        return Doubts(bits, observed_us) if bits else None, verdict


def ready(
    rule: ImplausibleRule, profile: Profile, registry: Registry
) -> ImplausibleDetector | None:
    """Prepare the rule for a profile; None if it does not report the metric, or is not meant."""
    unit = unit_of(rule.metric, profile, registry)
    return ImplausibleDetector(rule, unit) if unit is not None and rule.selects(profile) else None
