"""What a window is about: where, and which alerts there."""

from typing import Annotated

import msgspec
from msgspec import Meta

from alerts.noise.facts import Facts
from devices.registry import Registry

Some = Annotated[
    tuple[Annotated[str, Meta(min_length=1, max_length=64)], ...], Meta(max_length=500)
]


class Scope(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where: any of the devices, sites, districts or grid cells; which: of these domains and rules.

    No place at all means everywhere; no domain, every domain; no rule, every rule. A gateway
    stands for everything that speaks through it, a grid code for every cell within.
    """

    devices: Some = ()
    sites: Some = ()
    domains: Some = ()
    districts: Some = ()
    grids: Some = ()
    rules: Some = ()

    def __post_init__(self) -> None:
        """Refuse a scope that names nothing."""
        if not any(getattr(self, field) for field in self.__struct_fields__):
            raise ValueError("the scope names nothing: no device, site, domain, area or rule")

    def covers(self, facts: Facts) -> bool:
        """Say whether an alert about this lies within."""
        if self.rules and facts.rule_id not in self.rules:
            return False
        if self.domains and facts.domain not in self.domains:
            return False
        return self._is_everywhere() or self._is_there(facts)

    def strangers(self, registry: Registry) -> list[str]:
        """Return what the scope names that the registry does not know."""
        domains = {profile.domain for profile in registry.profiles.values()}
        return [
            *(each for each in self.devices if each not in registry.speakers),
            *(each for each in self.sites if each not in registry.sites),
            *(each for each in self.domains if each not in domains and each != "system"),
        ]

    def _is_everywhere(self) -> bool:
        return not (self.devices or self.sites or self.districts or self.grids)

    def _is_there(self, facts: Facts) -> bool:
        return (
            facts.device_id in self.devices
            or any(gateway in self.devices for gateway in facts.gateways)
            or facts.site_id in self.sites
            or facts.district in self.districts
            or (facts.grid_code is not None and facts.grid_code.startswith(self.grids))
        )
