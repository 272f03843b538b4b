"""Which rows somebody asked for, in the numbers the tables carry."""

from collections.abc import Container, Sequence

import msgspec

from api.exporting.histories import What
from api.exporting.reading import Choice
from api.store.values import Span
from core.errors import Invalid, NotFound
from devices.registry import Registry

_SYSTEM = "system"
"""The domain of alerts about our own parts; no device has it."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """The filters of an export as they stand in the address; empty means all."""

    device_ids: tuple[str, ...] = ()
    site_ids: tuple[str, ...] = ()
    domain: str | None = None
    metrics: tuple[str, ...] = ()


def choose(registry: Registry, what: What, span: Span, asked: Asked) -> Choice:
    """Return the rows meant; NotFound or Invalid where there can be none of that name."""
    if asked.metrics and what != "readings":
        raise Invalid(f"`metric` narrows readings down, not {what}.", code="bad_filter")
    for site_id in asked.site_ids:
        registry.site(site_id)
    domains = {profile.domain for profile in registry.profiles.values()} | {_SYSTEM}
    _known("domain", (asked.domain,) if asked.domain else (), domains)
    _known("device", asked.device_ids, registry.speakers)
    _known("metric", asked.metrics, registry.metrics)
    return Choice(
        span=span,
        devices=_devices(registry, asked),
        metrics=tuple(registry.metrics[name].number for name in asked.metrics) or None,
        device_ids=asked.device_ids or None,
        site_ids=asked.site_ids or None,
        domain=asked.domain,
    )


def _known(kind: str, names: Sequence[str], among: Container[str]) -> None:
    for name in names:
        if name not in among:
            raise NotFound(f"There is no {kind} {name!r}.")


def _devices(registry: Registry, asked: Asked) -> tuple[int, ...] | None:
    """Return the numbers of the devices meant; None where every one is, also those since gone."""
    if not (asked.device_ids or asked.site_ids or asked.domain):
        return None
    return tuple(
        speaker.number
        for speaker in registry.speakers.values()
        if (not asked.device_ids or speaker.device.device_id in asked.device_ids)
        and (not asked.site_ids or speaker.device.site_id in asked.site_ids)
        and asked.domain in {None, speaker.profile.domain}
    )
