"""The rendered rules, as a real mosquitto enforces them."""

import queue
from collections.abc import Iterable
from datetime import UTC, datetime

import pytest
from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion

from core.broker_password import verifier
from devices.access import write_access
from devices.catalogue import load_catalogue
from devices.credentials import Credential
from devices.model import Device, Site
from devices.registry import Registry, RegistryContent
from stack import readiness
from tests.fixtures.servers import PrivateStack

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PASSWORD = "throw-away"
NOT_AUTHORIZED = 135  # MQTT 5, table 3-4
PROFILES = {"cabinet": "lighting-cabinet", "lamp": "lamp-controller", "truck": "truck-terminal"}


def city() -> Registry:
    catalogue = load_catalogue()
    site = Site(site_id="s", kind="street", name="s", district="620171", lon=103.6, lat=36.5)
    devices = (
        Device(
            device_id=device_id,
            profile_id=profile_id,
            site_id="s",
            district="620171",
            name=device_id,
            gateway_id="cabinet" if device_id == "lamp" else None,
        )
        for device_id, profile_id in PROFILES.items()
    )
    return Registry(
        RegistryContent(
            version=1,
            sites=(site,),
            metrics=catalogue.metrics,
            profiles=catalogue.profiles,
            devices=tuple(devices),
        )
    )


@pytest.fixture
def port(private_stack: PrivateStack) -> int:
    deployment = private_stack(only={"broker"}).deployment
    held = [Credential(name, name, 1, verifier(PASSWORD), NOW) for name in PROFILES]
    write_access(deployment.instance.access, city(), held)
    port = deployment.ports.mqtt
    readiness.wait_until(
        lambda: readiness.broker_answers(f"mqtt://truck:{PASSWORD}@127.0.0.1:{port}"),
        what="The truck's account",
        alive=lambda: True,
    )
    return port


def allowed(port: int, username: str, topics: Iterable[str]) -> set[str]:
    """Publish to each topic as one device and return those the broker took."""
    answers: queue.Queue[tuple[int, int]] = queue.Queue()
    client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTv5)
    client.username_pw_set(username, PASSWORD)
    client.on_publish = lambda *answer: answers.put((answer[2], answer[3].value))
    client.connect("127.0.0.1", port)
    client.loop_start()
    sent = {client.publish(topic, b"{}", qos=1).mid: topic for topic in topics}
    codes = dict(answers.get(timeout=10) for _ in sent)
    client.disconnect()
    client.loop_stop()
    return {topic for mid, topic in sent.items() if codes[mid] != NOT_AUTHORIZED}


def test_every_device_speaks_for_itself_and_a_gateway_for_those_behind_it(port: int) -> None:
    truck = "yiwang/v1/620171/truck/truck"
    lamp = "yiwang/v1/620171/lighting/lamp"
    edge_node = "spBv1.0/620171"
    topics = [
        *(f"{truck}/position", f"{truck}/status", f"{truck}/command"),
        *(f"{lamp}/telemetry", f"{lamp}/reply", f"{lamp}/command"),
        "yiwang/v1/620172/truck/truck/position",
        *(f"{edge_node}/NDATA/cabinet", f"{edge_node}/DDATA/cabinet/lamp"),
        *(f"{edge_node}/NDATA/other", "spBv1.0/620172/NDATA/cabinet"),
        *("yiwang/v1/alerts/1", "yiwang/v1/system/ingest/all"),
    ]

    assert allowed(port, "truck", topics) == {f"{truck}/position", f"{truck}/status"}
    assert allowed(port, "lamp", topics) == {f"{lamp}/telemetry", f"{lamp}/reply"}
    assert allowed(port, "cabinet", topics) == {
        *(f"{lamp}/telemetry", f"{lamp}/reply"),
        *(f"{edge_node}/NDATA/cabinet", f"{edge_node}/DDATA/cabinet/lamp"),
    }
