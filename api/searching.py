"""Finding sites and devices together, in memory: what is where, and how it is just now."""

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

import msgspec

from api.alert import PRIORITIES, Alert, Priority
from api.picture import Silent
from devices.model import Device, Site
from devices.registry import Registry, Speaker

Thing = Literal["site", "device"]
Condition = Literal[
    "alert", "critical", "high", "medium", "low", "offline", "out_of_service", "nothing"
]
Order = Literal["place", "urgency"]

_PLACES = (6, 9, 12, 15)  # digits of district, street, community, cell (GB/T 30428.1)


class Entry(NamedTuple):
    """A site or a device as the registry has it, ready to be searched."""

    type: Thing
    id: str
    name: str
    kind: str
    kind_names: tuple[str, str] | None
    domains: tuple[str, ...]
    site: Site
    place: str
    gateway_id: str | None
    in_service: bool
    members: tuple[Device, ...]  # itself, or the devices of the site
    text: str


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What a thing must be like; None leaves the question open, every word must be found."""

    words: tuple[str, ...] = ()
    type: Thing | None = None
    domain: str | None = None
    kind: str | None = None
    place: str | None = None
    site_id: str | None = None
    gateway_id: str | None = None
    state: Condition | None = None

    def fits(self, entry: Entry) -> bool:
        """Say whether an entry is meant, its kind and its state aside."""
        return (
            self.type in {None, entry.type}
            and (self.domain is None or self.domain in entry.domains)
            and self.site_id in {None, entry.site.site_id}
            and self.gateway_id in {None, entry.gateway_id}
            and (self.place is None or entry.place.startswith(self.place))
            and all(word in entry.text for word in self.words)
        )


class Now(msgspec.Struct, frozen=True, kw_only=True):
    """How one thing is: its open alerts that people are told of, and how much of it is silent.

    `offline` counts devices; None while the alert engine itself is silent.
    """

    worst: Priority | None
    alerts: int
    offline: int | None


class Found(NamedTuple):
    """An entry and how it is."""

    entry: Entry
    now: Now


class Conditions:
    """The open alerts by device and by site, and what is silent: one look for a whole search."""

    def __init__(self, alerts: Iterable[Alert], silent: Silent | None) -> None:
        """Sort the alerts that are not put aside by what they are about."""
        self._silent = silent
        self._devices: dict[str, list[Priority]] = {}
        self._sites: dict[str, list[Priority]] = {}
        for alert in alerts:
            if not alert.is_held:
                facts = alert.facts
                self._devices.setdefault(facts.device_id or "", []).append(facts.priority)
                self._sites.setdefault(facts.site_id or "", []).append(facts.priority)

    def of(self, entry: Entry) -> Now:
        """Return how an entry is just now."""
        by_id = self._devices if entry.type == "device" else self._sites
        priorities = by_id.get(entry.id, [])
        worst = min(priorities, key=PRIORITIES.index, default=None)
        return Now(worst=worst, alerts=len(priorities), offline=self._offline(entry))

    def _offline(self, entry: Entry) -> int | None:
        if self._silent is None:
            return None
        return sum(self._silent.includes(device) for device in entry.members if device.in_service)


@lru_cache(maxsize=1)
def index(registry: Registry) -> tuple[Entry, ...]:
    """Return every site, each with its devices after it; kept until the registry changes."""
    members: dict[str, list[Speaker]] = {}
    for speaker in registry.speakers.values():
        members.setdefault(speaker.device.site_id, []).append(speaker)
    return tuple(
        entry
        for site_id, site in sorted(registry.sites.items())
        for entry in _entries(site, members.get(site_id, []))
    )


def search(registry: Registry, asked: Question, conditions: Conditions) -> Iterator[Found]:
    """Yield what fits, in the order of places; `asked.kind` is not looked at."""
    for entry in index(registry):
        if asked.fits(entry) and _is(asked.state, entry, now := conditions.of(entry)):
            yield Found(entry, now)


def by_urgency(found: Iterable[Found]) -> list[Found]:
    """Order by the worst open alert, then what is silent; the order of places within."""
    return sorted(found, key=_urgency)


class PlaceSum(msgspec.Struct, frozen=True, kw_only=True):
    """What is in a place, and how that is."""

    sites: int
    devices: int
    alerts: int
    offline: int | None
    worst: Priority | None


def sum_places(found: Iterable[Found]) -> dict[str, PlaceSum]:
    """Add up sites and devices for the place they are in and every place around it."""
    sums: dict[str, list[Found]] = {}
    for one in found:
        for digits in _PLACES:
            if len(one.entry.place) >= digits:
                sums.setdefault(one.entry.place[:digits], []).append(one)
    return {code: _sum(ones) for code, ones in sums.items()}


def _sum(ones: list[Found]) -> PlaceSum:
    types = Counter(one.entry.type for one in ones)
    sites = [one.now for one in ones if one.entry.type == "site"]
    silent = [now.offline for now in sites if now.offline is not None]
    worst = [now.worst for now in sites if now.worst is not None]
    return PlaceSum(
        sites=types["site"],
        devices=types["device"],
        alerts=sum(now.alerts for now in sites),
        offline=sum(silent) if len(silent) == len(sites) else None,
        worst=min(worst, key=PRIORITIES.index, default=None),
    )


def _urgency(one: Found) -> tuple[int, bool]:
    rank = len(PRIORITIES) if one.now.worst is None else PRIORITIES.index(one.now.worst)
    return rank, not one.now.offline


def _is(state: Condition | None, entry: Entry, now: Now) -> bool:
    match state:
        case None:
            return True
        case "alert":
            return now.alerts > 0
        case "offline":
            return bool(now.offline)
        case "out_of_service":
            return not entry.in_service
        case "nothing":
            return now.alerts == 0 and now.offline == 0 and entry.in_service
        case _:
            return now.worst == state


def _entries(site: Site, speakers: list[Speaker]) -> Iterator[Entry]:
    speakers = sorted(speakers, key=lambda speaker: speaker.device.device_id)
    yield Entry(
        type="site",
        id=site.site_id,
        name=site.name,
        kind=site.kind,
        kind_names=None,
        domains=tuple(sorted({speaker.profile.domain for speaker in speakers})),
        site=site,
        place=site.grid_code or site.district,
        gateway_id=None,
        in_service=True,
        members=tuple(speaker.device for speaker in speakers),
        text=_text(site.site_id, site.name, site.kind, site.address, site.attributes),
    )
    yield from (_device_entry(site, speaker) for speaker in speakers)


def _device_entry(site: Site, speaker: Speaker) -> Entry:
    device, profile = speaker.device, speaker.profile
    names = (profile.name_zh, profile.name_en)
    known = (device.device_id, device.name, profile.profile_id, *names, site.name, site.address)
    return Entry(
        type="device",
        id=device.device_id,
        name=device.name,
        kind=profile.profile_id,
        kind_names=names,
        domains=(profile.domain,),
        site=site,
        place=site.grid_code or device.district,
        gateway_id=device.gateway_id,
        in_service=device.in_service,
        members=(device,),
        text=_text(*known, device.identification_code or "", device.attributes),
    )


def _text(*parts: str | dict[str, object]) -> str:
    """Return everything a person might type: ids, names, addresses, plates and the like."""
    texts = (
        [value for value in part.values() if isinstance(value, str)]
        if isinstance(part, dict)
        else [part]
        for part in parts
    )
    return "\n".join(text for group in texts for text in group).casefold()
