"""The city as it is now, from the broker alone: open alerts and the pulse of every program."""

from collections import Counter, OrderedDict
from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from api.alert import PRIORITIES, UNACKNOWLEDGED, Alert
from devices.model import Device

_CLOSED_AT_MOST = 10_000  # remembered, so that a late answer does not open them again


class Pulse(msgspec.Struct, frozen=True, kw_only=True):
    """One heartbeat; figures a program does not report are None."""

    program: str
    instance: str
    at: int
    state: str
    detail: str | None = None
    received_total: int | None = None
    stored_total: int | None = None
    rate_per_s: float | None = None
    in_flight: int | None = None
    spooled: int | None = None
    spool_hours_left: float | None = None
    oldest_uncommitted_s: float | None = None
    newest_observed_at: int | None = None
    database: str | None = None
    devices_total: int | None = None
    devices_watched: int | None = None
    devices_online: int | None = None
    devices_unheard: int | None = None
    sites_total: int | None = None
    sites_online: int | None = None
    sites_unheard: int | None = None
    fire_units_total: int | None = None
    fire_units_online: int | None = None
    fire_units_unheard: int | None = None
    journal_seq: int | None = None


class Heard(NamedTuple):
    """A heartbeat and when it was true: a retained copy is as old as it says, not new."""

    pulse: Pulse
    at_us: int


class Picture:
    """Open alerts by id and heartbeats by program; older news never replaces newer."""

    def __init__(self) -> None:
        """Start knowing nothing."""
        self.open_alerts: dict[str, Alert] = {}
        self._closed: OrderedDict[str, int] = OrderedDict()
        self.heartbeats: dict[tuple[str, str], Heard] = {}

    def apply(self, alert: Alert) -> None:
        """Take one transition in."""
        facts = alert.facts
        known = self.open_alerts.get(facts.alert_id)
        seen = known.facts.seq if known else self._closed.get(facts.alert_id, -1)
        if facts.seq <= seen:
            return
        if alert.is_open:
            self.open_alerts[facts.alert_id] = alert
        else:
            self._close(facts.alert_id, facts.seq)

    def forget(self, alert_id: str) -> None:
        """Drop an alert whose retained message was taken away."""
        if known := self.open_alerts.get(alert_id):
            self._close(alert_id, known.facts.seq)

    def _close(self, alert_id: str, seq: int) -> None:
        self.open_alerts.pop(alert_id, None)
        self._closed[alert_id] = seq
        if len(self._closed) > _CLOSED_AT_MOST:
            self._closed.popitem(last=False)

    def replace(self, alerts: Iterable[Alert], *, as_of: int) -> None:
        """Believe the engine's own list, except about what happened after `as_of`."""
        later = [alert for alert in self.open_alerts.values() if alert.facts.seq > as_of]
        self.open_alerts = {}
        for alert in (*alerts, *later):
            self.apply(alert)

    def hear(self, pulse: Pulse, *, at_us: int) -> None:
        """Take one heartbeat in."""
        self.heartbeats[pulse.program, pulse.instance] = Heard(pulse, at_us)

    def heard_of(self, program: str) -> list[Heard]:
        """Return the last heartbeat of each instance of a program."""
        return [heard for (name, _), heard in self.heartbeats.items() if name == program]

    def count_by_priority(self) -> dict[str, int]:
        """Count the open alerts that are not put aside; a priority without any counts 0."""
        told = (alert for alert in self.open_alerts.values() if not alert.is_held)
        counts = Counter(alert.facts.priority for alert in told)
        return {priority: counts[priority] for priority in PRIORITIES}

    def count_unacknowledged(self) -> int:
        """Count the open alerts nobody has taken; what is put aside waits for nobody."""
        return sum(alert.facts.state in UNACKNOWLEDGED for alert in self.open_alerts.values())

    def count_aside(self) -> "Aside":
        """Count the open alerts that are not like the others."""
        alerts = self.open_alerts.values()
        return Aside(
            held=sum(alert.is_held for alert in alerts),
            drill=sum(alert.facts.drill for alert in alerts),
            folded=sum(alert.facts.folded_under is not None for alert in alerts),
        )

    def silent(self) -> "Silent":
        """Return what the engine holds to be offline just now."""
        facts_of_all = [alert.facts for alert in self.open_alerts.values()]
        offline = [facts for facts in facts_of_all if facts.kind == "offline" and facts.active]
        return Silent(
            frozenset(facts.device_id for facts in offline if facts.device_id),
            frozenset(facts.site_id for facts in offline if not facts.device_id and facts.site_id),
        )


class Aside(NamedTuple):
    """How many open alerts are put aside, belong to a drill, or are folded under another one."""

    held: int
    drill: int
    folded: int


class Silent(NamedTuple):
    """Devices, and whole sites, with an open offline alert."""

    devices: frozenset[str]
    sites: frozenset[str]

    def includes(self, device: Device) -> bool:
        """Say whether a device is silent: by itself, with its gateway or with its site."""
        named = {device.device_id, device.gateway_id}
        return not named.isdisjoint(self.devices) or device.site_id in self.sites
