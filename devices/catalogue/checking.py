"""What must hold between a profile and the metrics it names, beyond the types of its fields."""

from collections.abc import Container, Iterator

from devices.model import Profile
from devices.topic import is_identifier


def complaints(profile: Profile, metrics: Container[str]) -> Iterator[str]:
    """Yield a sentence for everything in the profile that does not fit; a good one has none."""
    yield from (
        f"`metrics` names {name!r}, which no metric has."
        for name in profile.metrics
        if name not in metrics
    )
    yield from (
        f"`events` has {kind!r}, which is no identifier."
        for kind in profile.events
        if not is_identifier(kind)
    )
    if profile.offline_after_s <= profile.expected_interval_s:
        yield "`offline_after_s` must be longer than `expected_interval_s`."
    yield from _range_complaints(profile)
    yield from _mapping_complaints(profile)


def _range_complaints(profile: Profile) -> Iterator[str]:
    for name, (low, high) in profile.ranges.items():
        if name not in profile.metrics:
            yield f"`ranges` has {name!r}, which is not among the profile's metrics."
        if low >= high:
            yield f"`ranges.{name}` is empty: {low:g} is not below {high:g}."


def _mapping_complaints(profile: Profile) -> Iterator[str]:
    if profile.mapping is None:
        return
    for field in profile.mapping.fields:
        if field.metric not in profile.metrics:
            yield f"`mapping.fields` names {field.metric!r}, not among the profile's metrics."
    for signal in profile.mapping.events:
        if signal.event not in profile.events:
            yield f"`mapping.events` names {signal.event!r}, not among the profile's events."
