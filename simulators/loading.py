"""A bounded load test: many plain messages for a few seconds, to a broker on this machine only."""

import ipaddress
import threading
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec
import numpy as np
from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion

from core.errors import Invalid, Unavailable
from core.settings import BrokerAddress
from devices.topic import build_topic
from simulators import fleet, message
from simulators.behaviour.moment import moment_at
from simulators.city import City
from simulators.voices import Catalogue, TakeSequences

_TICK_S = 0.01
_IN_FLIGHT = 1_000  # messages the broker may leave unconfirmed
_WELCOME_S = 5.0
_PATIENCE_S = 60.0  # for the last confirmations


class Load(NamedTuple):
    """How much, for how long."""

    rate: float  # messages a second
    seconds: float


class LoadResult(msgspec.Struct, frozen=True):
    """What became of a load test; `late_s` is how far the publisher fell behind its own pace."""

    published: int
    acknowledged: int
    seconds: float
    rate_per_s: float
    late_s: float


class Template(NamedTuple):
    """What one device says again and again."""

    place: int
    topic: str
    values: dict[str, float]


def check_loopback(address: BrokerAddress) -> None:
    """Refuse any broker that is not on this machine: a load test must not reach a real city."""
    try:
        is_loopback = ipaddress.ip_address(address.host).is_loopback
    except ValueError:
        is_loopback = address.host == "localhost"
    if not is_loopback:
        raise Invalid(f"The load test speaks to loopback only, not to {address.host}.")


def templates(city: City, catalogue: Catalogue, *, now_s: float) -> list[Template]:
    """Return one template per device that reports telemetry, with what it reads now."""
    moment = moment_at(now_s)
    return [
        template
        for group in fleet.group_devices(city, catalogue.profiles)
        if not group.moves
        for template in _of_group(
            group, fleet.measure(group, np.arange(len(group.places)), moment), city
        )
    ]


def _of_group(group: fleet.Group, values: fleet.Values, city: City) -> Iterator[Template]:
    for place, row in zip(group.places.tolist(), fleet.by_device(values), strict=True):
        device = city.devices[place]
        topic = build_topic(device.district, group.profile.domain, device.device_id, "telemetry")
        yield Template(place, topic, row)


class _Confirmations:
    """Counts what the broker confirmed; written by paho's thread, read by ours."""

    def __init__(self) -> None:
        self.welcomed = threading.Event()
        self.count = 0

    def welcome(self, *answer: Any) -> None:  # noqa: ANN401 - paho's callback
        if not answer[3].is_failure:
            self.welcomed.set()

    def confirm(self, *_: object) -> None:
        self.count += 1

    def wait_for(self, total: int) -> None:
        deadline = time.monotonic() + _PATIENCE_S
        while self.count < total and time.monotonic() < deadline:
            time.sleep(_TICK_S)


def run(
    address: BrokerAddress, voices: list[Template], take: TakeSequences, load: Load
) -> LoadResult:
    """Publish at the rate for the time given, then wait for the last confirmations."""
    check_loopback(address)
    confirmations = _Confirmations()
    client = _connect(address, confirmations)
    try:
        began = time.monotonic()
        total = _publish(client, voices, take, load)
        late_s = max(0.0, time.monotonic() - began - load.seconds)
        confirmations.wait_for(total)
        seconds = time.monotonic() - began
        return LoadResult(total, confirmations.count, seconds, total / seconds, late_s)
    finally:
        client.disconnect()
        client.loop_stop()


def _connect(address: BrokerAddress, confirmations: _Confirmations) -> Client:
    client = Client(CallbackAPIVersion.VERSION2, "sim-load", protocol=MQTTv5)
    client.username_pw_set(address.username, address.password.get_secret_value())
    client.max_inflight_messages_set(_IN_FLIGHT)
    client.on_connect = confirmations.welcome
    client.on_publish = confirmations.confirm
    try:
        client.connect(address.host, address.port)
    except OSError as error:
        raise Unavailable(f"No broker answers at {address.host}:{address.port}.") from error
    client.loop_start()
    if not confirmations.welcomed.wait(_WELCOME_S):
        client.loop_stop()
        raise Unavailable("The broker does not let the simulators in.")
    return client


def _publish(client: Client, voices: list[Template], take: TakeSequences, load: Load) -> int:
    total, sent = round(load.rate * load.seconds), 0
    began = time.monotonic()
    while sent < total:
        due = min(total, int((time.monotonic() - began) * load.rate) + 1)
        for number in range(sent, due):
            _say(client, voices[number % len(voices)], take)
        sent = due
        time.sleep(_TICK_S)
    return total


def _say(client: Client, voice: Template, take: TakeSequences) -> None:
    seq = int(take(np.array([voice.place]))[0])
    payload = message.telemetry(time.time_ns() // 1_000_000, seq, voice.values)
    client.publish(voice.topic, payload, qos=1)
