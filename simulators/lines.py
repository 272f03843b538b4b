"""Who speaks over which connection: a gateway has its own, with a last will; the rest share."""

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from core.settings import BrokerAddress
from devices.model import Device, Profile
from devices.topic import build_topic
from simulators import message
from simulators.arrays import Integers
from simulators.books import Books
from simulators.city import City
from simulators.line import Line
from simulators.message import Message

MOST = 300
"""Connections at most; a larger city's gateways share, and shared lines have no last will."""
_SHARED_BY = 20  # devices without a gateway (trucks, masts, meters) on one connection


class Family(NamedTuple):
    """Devices that speak over one connection; the first is their gateway, if there is one."""

    name: str
    places: tuple[int, ...]
    gateway: int | None


class Lines(NamedTuple):
    """All connections of the city, and which of them each device speaks over."""

    lines: tuple[Line, ...]
    line_of: tuple[int, ...]
    line_of_gateway: Mapping[int, int]  # lines that are one gateway's own

    def offer(self, messages: Iterable[Message]) -> None:
        """Hand each message to its device's line."""
        for one in messages:
            self.lines[self.line_of[one.device]].offer(one)

    def own(self, places: Integers) -> list[Line]:
        """Return the lines that belong to gateways among the places."""
        return [
            self.lines[self.line_of_gateway[place]]
            for place in places.tolist()
            if place in self.line_of_gateway
        ]

    def of(self, places: Integers) -> list[Line]:
        """Return every line that one of the places speaks over."""
        return [self.lines[number] for number in sorted({self.line_of[p] for p in places.tolist()})]


def families(devices: Sequence[Device], profiles: Mapping[str, Profile]) -> list[Family]:
    """Group devices by the connection they would have in the field."""
    place_of = {device.device_id: place for place, device in enumerate(devices)}
    behind: dict[int, list[int]] = {}
    alone = []
    for place, device in enumerate(devices):
        if device.gateway_id is not None:
            behind.setdefault(place_of[device.gateway_id], []).append(place)
        elif profiles[device.profile_id].gateway:
            behind.setdefault(place, [])
        else:
            alone.append(place)
    own = [
        Family(devices[gateway].device_id, (gateway, *followers), gateway)
        for gateway, followers in behind.items()
    ]
    shared = [
        Family(
            f"shared-{start // _SHARED_BY + 1:03d}", tuple(alone[start : start + _SHARED_BY]), None
        )
        for start in range(0, len(alone), _SHARED_BY)
    ]
    return own + shared


def merged(apart: Sequence[Family], most: int) -> list[Family]:
    """Return at most `most` families: where there are too many, several share a connection."""
    if len(apart) <= most:
        return list(apart)
    return [
        Family(
            f"merged-{number + 1:04d}",
            tuple(place for family in apart[number::most] for place in family.places),
            None,
        )
        for number in range(most)
    ]


def draw_lines(
    city: City, profiles: Mapping[str, Profile], address: BrokerAddress, books: Books
) -> Lines:
    """Give every family its line; a gateway's line greets, and leaves a last will."""
    groups = merged(families(city.devices, profiles), MOST)
    line_of = [0] * len(city.devices)
    for number, family in enumerate(groups):
        for place in family.places:
            line_of[place] = number
    lines = [_line(family, city, profiles, address, books) for family in groups]
    own = {
        family.gateway: number for number, family in enumerate(groups) if family.gateway is not None
    }
    return Lines(tuple(lines), tuple(line_of), own)


def _line(
    family: Family,
    city: City,
    profiles: Mapping[str, Profile],
    address: BrokerAddress,
    books: Books,
) -> Line:
    if family.gateway is None:
        return Line(address, family.name, books)
    gateway, place = city.devices[family.gateway], family.gateway
    domain = profiles[gateway.profile_id].domain
    topic = build_topic(gateway.district, domain, gateway.device_id, "status")

    def status(*, online: bool) -> Message:
        now_ms = time.time_ns() // 1_000_000
        return Message(place, topic, message.status(now_ms, online=online), retain=True)

    return Line(
        address,
        family.name,
        books,
        will=lambda: status(online=False),
        greeting=lambda: status(online=True),
    )
