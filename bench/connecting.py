"""A connection to the broker through paho: the library that the services do not use."""

from collections.abc import Iterator
from contextlib import contextmanager

from paho.mqtt.client import Client, ConnectFlags, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from core.settings import BrokerAddress


@contextmanager
def connected(address: BrokerAddress, topic: str) -> Iterator[Client]:
    """Listen to `topic`, in a thread of the client's own, for as long as the block lasts."""

    def subscribe(
        client: Client,
        _data: object,
        _flags: ConnectFlags,
        _code: ReasonCode,
        _p: Properties | None,
    ) -> None:
        client.subscribe(topic, qos=1)

    client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTv5)
    client.username_pw_set(address.username, address.password.get_secret_value())
    client.on_connect = subscribe
    client.connect(address.host, address.port)
    client.loop_start()
    try:
        yield client
    finally:
        client.disconnect()
        client.loop_stop()
