"""What the broker shows of the board: a retained message for every open alert, and no other."""

from collections.abc import Container, Iterable
from typing import Final

from alerts.board import alert as alerts
from alerts.board.alert import Alert
from alerts.board.states import State
from core.broker import BrokerClient, Delivery
from devices.topic import alert_topic

TOPICS: Final = alert_topic("")
"""How the topics of all alerts begin."""


def show(client: BrokerClient, alert: Alert) -> None:
    """Publish an alert as it is now; one that is cleared is told and then taken down."""
    topic = alert_topic(alert.alert_id)
    client.publish(topic, alerts.encode(alert), retain=True)
    if alert.state is State.NORMAL:
        client.publish(topic, b"", retain=True)


def show_all(client: BrokerClient, moved: Iterable[Alert]) -> None:
    """Publish transitions in the order in which they happened."""
    for alert in moved:
        show(client, alert)


def is_ghost(delivery: Delivery, opened: Container[str]) -> bool:
    """Say whether the broker still shows an alert that is not on the board."""
    if not delivery.retain or not delivery.payload:
        return False
    return delivery.topic.removeprefix(TOPICS) not in opened


def take_down(client: BrokerClient, topic: str) -> None:
    """Remove what the broker retains under the topic."""
    client.publish(topic, b"", retain=True)
