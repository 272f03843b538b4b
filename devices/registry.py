"""The registry in memory: one immutable picture, looked up by id on hot paths."""

from collections.abc import Iterable
from functools import cached_property

import msgspec

from core.errors import Invalid, NotFound
from devices.model import Device, Grid, Metric, Profile, Site


class MetricRule(msgspec.Struct, frozen=True):
    """What a decoder needs of a metric: its number and its plausible range."""

    number: int
    low: float
    high: float


class Speaker(msgspec.Struct, frozen=True, kw_only=True):
    """A device with everything needed to understand it, resolved once."""

    device: Device
    profile: Profile
    metrics: dict[str, MetricRule]
    events: frozenset[str]

    @property
    def number(self) -> int:
        """Return the device's number in the database."""
        return self.device.number


class RegistryContent(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the registry holds, as lists; also the form of its copy on disk."""

    version: int
    grids: tuple[Grid, ...] = ()
    sites: tuple[Site, ...] = ()
    metrics: tuple[Metric, ...] = ()
    profiles: tuple[Profile, ...] = ()
    devices: tuple[Device, ...] = ()


class Registry:
    """Look-ups over one `RegistryContent`; a changed registry is a new object."""

    def __init__(self, content: RegistryContent) -> None:
        """Index the content; the database guarantees that references hold."""
        self.content = content
        self.sites = {site.site_id: site for site in content.sites}
        self.profiles = {profile.profile_id: profile for profile in content.profiles}
        self.metrics = {metric.name: metric for metric in content.metrics}
        self.speakers = _resolve(content.devices, self.profiles, self.metrics)

    @property
    def version(self) -> int:
        """Return the version counter of the database at the time of reading."""
        return self.content.version

    @cached_property
    def by_number(self) -> dict[int, Speaker]:
        """Return the speakers by the number their rows carry."""
        return {speaker.number: speaker for speaker in self.speakers.values()}

    @cached_property
    def metric_names(self) -> dict[int, str]:
        """Return the metrics' names by number."""
        return {metric.number: metric.name for metric in self.metrics.values()}

    def speaker(self, device_id: str) -> Speaker:
        """Return the device that speaks under this id; Invalid (`unknown_device`) if none does."""
        try:
            return self.speakers[device_id]
        except KeyError:
            raise Invalid(
                f"No device {device_id!r} is registered.", code="unknown_device"
            ) from None

    def site(self, site_id: str) -> Site:
        """Return one site or NotFound."""
        try:
            return self.sites[site_id]
        except KeyError:
            raise NotFound(f"There is no site {site_id!r}.") from None


def _resolve(
    devices: Iterable[Device], profiles: dict[str, Profile], metrics: dict[str, Metric]
) -> dict[str, Speaker]:
    rules = {profile_id: metric_rules(profile, metrics) for profile_id, profile in profiles.items()}
    events = {profile_id: frozenset(profile.events) for profile_id, profile in profiles.items()}
    return {
        device.device_id: Speaker(
            device=device,
            profile=profiles[device.profile_id],
            metrics=rules[device.profile_id],
            events=events[device.profile_id],
        )
        for device in devices
    }


def metric_rules(profile: Profile, metrics: dict[str, Metric]) -> dict[str, MetricRule]:
    """Return the metrics a profile may report, each with the range that holds for it."""
    return {
        name: MetricRule(metrics[name].number, *_range(profile, metrics[name]))
        for name in profile.metrics
        if name in metrics
    }


def _range(profile: Profile, metric: Metric) -> tuple[float, float]:
    return profile.ranges.get(metric.name, (metric.low, metric.high))
