"""Answers on their way: they leave when what they promise is durable, refusals leave at once."""

from typing import Final, NamedTuple

import msgspec

from core.broker import BrokerClient, Delivery

_SENTENCE: Final = (
    "The alert engine's disk takes nothing just now, so nothing is done that might be forgotten. "
    "Make room on it and ask again."
)
_REFUSAL: Final = msgspec.json.encode(
    {"ok": False, "error": {"code": "unavailable", "message": _SENTENCE}}
)


class _Reply(NamedTuple):
    """An answer, and the request it belongs to."""

    request: Delivery
    text: bytes


class Replies:
    """What has been answered and not been said yet."""

    def __init__(self) -> None:
        """Begin with nobody waiting."""
        self._answers: list[_Reply] = []
        self._refusals: list[_Reply] = []

    def answer(self, request: Delivery, text: bytes) -> None:
        """Let `text` be said when the turn is durable."""
        self._answers.append(_Reply(request, text))

    def refuse(self, request: Delivery) -> None:
        """Let it be said that the disk takes nothing; the api makes 503 of it."""
        self._refusals.append(_Reply(request, _REFUSAL))

    def send(self, client: BrokerClient) -> None:
        """Say everything."""
        self.send_refusals(client)
        _send(client, self._answers)

    def send_refusals(self, client: BrokerClient) -> None:
        """Say what depends on no disk."""
        _send(client, self._refusals)


def _send(client: BrokerClient, replies: list[_Reply]) -> None:
    for request, text in replies:
        if request.response_topic:
            client.publish(request.response_topic, text, correlation=request.correlation)
    replies.clear()
