"""What the profile allows a device to say; every wire format passes through here."""

from collections.abc import Mapping, Sized
from math import isfinite
from typing import Final

from core.errors import Invalid
from devices.reading import Event, Quality, Reading
from devices.registry import Speaker

MAX_BYTES: Final = 65_536
MAX_VALUES: Final = 256
MAX_TEXT: Final = 500  # characters of an event's text that are kept
UNIVERSAL_EVENTS: Final = frozenset({"online", "test"})
"""Every device may signal these, whatever its profile."""

_GOOD: Final = int(Quality.GOOD)
_UNCERTAIN_RANGE: Final = int(Quality.UNCERTAIN_RANGE)


def check_size(payload: bytes) -> None:
    """Refuse (`too_large`) what no device of ours has reason to send."""
    if len(payload) > MAX_BYTES:
        raise Invalid(
            f"The payload has {len(payload)} bytes; at most {MAX_BYTES} are read.",
            code="too_large",
        )


def check_count(values: Sized) -> None:
    """Refuse (`too_large`) more values than one message may carry."""
    if len(values) > MAX_VALUES:
        raise Invalid(
            f"The message has {len(values)} values; at most {MAX_VALUES} are read.",
            code="too_large",
        )


def judge_value(speaker: Speaker, name: str, observed_us: int, value: float) -> Reading:
    """Turn one value into a reading; outside its plausible range it is kept, but marked."""
    rule = speaker.metrics.get(name)
    if rule is None:
        raise Invalid(
            f"The profile {speaker.profile.profile_id} has no metric {name[:64]!r}.",
            code="unknown_metric",
        )
    if rule.low <= value <= rule.high:
        return Reading(rule.number, observed_us, value, _GOOD)
    if not isfinite(value):
        raise Invalid(f"The value of {name} is not a finite number.", code="not_finite")
    return Reading(rule.number, observed_us, value, _UNCERTAIN_RANGE)


def judge_values(speaker: Speaker, values: Mapping[str, float], observed_us: int) -> list[Reading]:
    """Turn the values of one instant into readings, or refuse them all."""
    check_count(values)
    return [judge_value(speaker, name, observed_us, value) for name, value in values.items()]


def judge_event(
    speaker: Speaker, kind: str, observed_us: int, *, active: bool, text: str = ""
) -> Event:
    """Accept a signal the profile lists; its text loses what a database cannot hold (NUL)."""
    if kind not in speaker.events and kind not in UNIVERSAL_EVENTS:
        raise Invalid(
            f"The profile {speaker.profile.profile_id} has no event {kind[:64]!r}.",
            code="unknown_event",
        )
    return Event(observed_us, kind, active, text.replace("\0", "")[:MAX_TEXT])
