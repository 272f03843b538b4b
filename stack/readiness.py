"""When a program is ready: it answers the question its users will ask."""

import json
import threading
import time
from collections.abc import Callable

import httpx
import psycopg
from paho.mqtt.client import Client, MQTTMessage, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion

from core.errors import Unavailable
from core.settings import parse_broker_url
from devices.topic import system_topic

_PATIENCE = 60.0  # seconds
_PAUSE = 0.1  # seconds between two questions


def wait_until(ready: Callable[[], bool], *, what: str, alive: Callable[[], bool]) -> None:
    """Ask until the answer is yes; give up when time is over or the program has."""
    deadline = time.monotonic() + _PATIENCE
    while not ready():
        if not alive() or time.monotonic() > deadline:
            raise Unavailable(f"{what} does not become ready.")
        time.sleep(_PAUSE)


def database_answers(url: str) -> bool:
    """Tell whether the database takes queries."""
    try:
        with psycopg.connect(url, connect_timeout=2) as connection:
            connection.execute("SELECT 1")
    except psycopg.OperationalError:
        return False
    return True


def broker_answers(url: str) -> bool:
    """Tell whether the broker lets this account in."""
    welcomed = threading.Event()
    client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTv5)
    client.on_connect = lambda *answer: None if answer[3].is_failure else welcomed.set()
    return _comes_about(client, url, welcomed)


def program_beats(url: str, name: str) -> bool:
    """Tell whether a program's heart beats: then it has subscribed, and the broker queues for it.

    A beat that the broker has kept may be of an earlier life, and a last will is of one that is
    over; only a living one that comes now counts.
    """
    heard = threading.Event()

    def listen(_client: Client, _data: object, message: MQTTMessage) -> None:
        if not message.retain and _is_alive(bytes(message.payload)):
            heard.set()

    client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTv5)

    def subscribe(*_: object) -> None:
        client.subscribe(system_topic(name, "+"))

    client.on_connect = subscribe
    client.on_message = listen
    return _comes_about(client, url, heard)


def _is_alive(heartbeat: bytes) -> bool:
    """Tell a living program's beat from a last will, and from what else is said on such a topic."""
    try:
        said = json.loads(heartbeat)
    except ValueError:
        return False
    return isinstance(said, dict) and said.get("state") in {"running", "degraded"}


def _comes_about(client: Client, url: str, event: threading.Event) -> bool:
    """Connect and wait a moment for the event."""
    address = parse_broker_url(url)
    client.username_pw_set(address.username, address.password.get_secret_value())
    try:
        client.connect(address.host, address.port)
    except OSError:
        return False
    client.loop_start()
    try:
        return event.wait(timeout=3)
    finally:
        client.disconnect()
        client.loop_stop()


def page_answers(url: str) -> bool:
    """Tell whether the api serves its page."""
    try:
        return httpx.get(url, timeout=2).is_success
    except httpx.TransportError:
        return False
