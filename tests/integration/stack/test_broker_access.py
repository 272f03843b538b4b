"""The broker reads its access files again when they change, and keeps accounts apart."""

import queue
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from core.broker_password import verifier, verifies
from core.settings import BrokerAddress
from devices.files import replace_file
from stack import readiness
from stack.parts import ensure_parts
from tests.fixtures.servers import PrivateStack, Servers


def _publish(address: BrokerAddress, topic: str) -> str:
    """Publish one message and return what the broker has to say against it."""
    client = ensure_parts().clients / "mosquitto_pub"
    account = ["-u", address.username, "-P", address.password.get_secret_value()]
    where = ["-h", address.host, "-p", str(address.port)]
    message = ["-V", "5", "-q", "1", "-t", topic, "-m", "x", "-d"]
    done = subprocess.run(
        [client, *where, *account, *message], capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


def test_a_new_account_is_let_in_without_a_restart(private_stack: PrivateStack) -> None:
    servers = private_stack(only={"broker"})
    passwd = servers.deployment.instance.access / "passwd"
    address = servers.broker_address("svc-ingest")
    before = servers.pid("broker")

    account = f"newcomer:{verifier('secret')}\n".encode()
    replace_file(passwd, passwd.read_bytes() + account, mode=0o640)

    readiness.wait_until(
        lambda: readiness.broker_answers(f"mqtt://newcomer:secret@{address.host}:{address.port}"),
        what="The new account",
        alive=lambda: True,
    )
    assert servers.pid("broker") == before


@pytest.mark.parametrize(
    ("account", "topic"),
    [
        ("svc-ingest", "yiwang/v1/620171/fire/1/telemetry"),
        ("svc-ingest", "yiwang/v1/alerts/1"),
        ("svc-api", "yiwang/v1/620171/fire/1/status"),
        ("svc-simulators", "yiwang/v1/alerts/1"),
    ],
)
def test_a_service_may_not_speak_for_another(broker: Servers, account: str, topic: str) -> None:
    assert "Not authorized" in _publish(broker.broker_address(account), topic)


@pytest.mark.parametrize(
    ("account", "topic"),
    [
        ("svc-ingest", "yiwang/v1/system/ingest/all"),
        ("svc-alerts", "yiwang/v1/alerts/1"),
        ("svc-api", "yiwang/v1/620171/fire/1/command"),
        ("svc-simulators", "yiwang/v1/620171/fire/1/telemetry"),
        ("svc-simulators", "spBv1.0/620171/NDATA/1"),
    ],
)
def test_a_service_may_speak_for_itself(broker: Servers, account: str, topic: str) -> None:
    assert "Not authorized" not in _publish(broker.broker_address(account), topic)


def test_our_verifiers_are_mosquittos(tmp_path: Path) -> None:
    made = tmp_path / "passwd"

    tool = ensure_parts().clients / "mosquitto_passwd"
    subprocess.run([tool, "-c", "-b", made, "somebody", "三号桥"], check=True, capture_output=True)

    assert verifies("三号桥", made.read_text().strip().partition(":")[2])


@pytest.mark.chaos
def test_a_reload_after_a_restart_costs_no_session(private_stack: PrivateStack) -> None:
    servers = private_stack(only={"broker"})
    passwd = servers.deployment.instance.access / "passwd"
    address = servers.broker_address("svc-ingest")
    with _session(address):
        pass
    servers.stop("broker")
    servers.start("broker")

    replace_file(passwd, passwd.read_bytes() + f"newcomer:{verifier('x')}\n".encode(), mode=0o640)
    readiness.wait_until(
        lambda: readiness.broker_answers(f"mqtt://newcomer:x@{address.host}:{address.port}"),
        what="The new account",
        alive=lambda: True,
    )

    with _session(address) as (resumed, lost):
        assert resumed
        assert not lost.wait(timeout=3)  # the broker looks for expired sessions each second


@contextmanager
def _session(address: BrokerAddress) -> Iterator[tuple[bool, threading.Event]]:
    """Hold a session that never expires; tell whether it was resumed, and when it is lost."""
    answered: queue.Queue[bool] = queue.Queue()
    lost = threading.Event()
    client = Client(CallbackAPIVersion.VERSION2, "session", protocol=MQTTv5)
    client.username_pw_set(address.username, address.password.get_secret_value())
    client.on_connect = lambda *answer: answered.put(answer[2].session_present)
    client.on_disconnect = lambda *_: lost.set()
    never = Properties(PacketTypes.CONNECT)
    never.SessionExpiryInterval = 0xFFFFFFFF
    client.connect(address.host, address.port, clean_start=False, properties=never)
    client.loop_start()
    try:
        yield answered.get(timeout=5), lost
    finally:
        client.disconnect()
        client.loop_stop()
