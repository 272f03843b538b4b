"""What happens to messages on their way out: said twice, held back, torn."""

import heapq
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from simulators.arrays import Integers, Mask, Seeds
from simulators.episodes import Episode
from simulators.faults import OF_MESSAGES, Fault, chosen, garble, held_s
from simulators.message import Message

_US = 1_000_000


class Spoken(NamedTuple):
    """Messages about to go out, with the place and sequence number of who says each."""

    places: Integers
    seqs: Integers
    messages: list[Message]


class Disturbance:
    """Applies the faults that hit single messages, and keeps those held back until their time."""

    def __init__(self, seeds: Seeds) -> None:
        """Keep the seeds of all devices, by place."""
        self._seeds = seeds
        self._held: list[tuple[int, int, Message]] = []
        self._count = 0  # orders messages released in the same microsecond

    def disturb(
        self, said: Iterable[Spoken], episodes: Sequence[Episode], now_us: int
    ) -> list[Message]:
        """Return what reaches the connections now: the released, the said, the said twice."""
        on = [episode for episode in episodes if episode.what in OF_MESSAGES]
        released = self._released(now_us)
        return [*released, *(one for spoken in said for one in self._each(spoken, on, now_us))]

    def _each(self, spoken: Spoken, on: list[Episode], now_us: int) -> list[Message]:
        messages, hits = spoken.messages, {}
        for episode in on:
            hits[Fault(episode.what)] = self._hit(spoken, episode)
        if Fault.GARBAGE in hits:
            messages = _garbled(messages, hits[Fault.GARBAGE])
        if Fault.OUT_OF_ORDER in hits:
            held = hits[Fault.OUT_OF_ORDER]
            self._hold(spoken, messages, held, now_us)
            messages = _where(messages, ~held)
        if Fault.DUPLICATES in hits:
            messages = messages + _where(spoken.messages, hits[Fault.DUPLICATES])
        return messages

    def _hit(self, spoken: Spoken, episode: Episode) -> Mask:
        picked = chosen(self._seeds[spoken.places], spoken.seqs, episode.share, episode.salt)
        return picked & np.isin(spoken.places, episode.places)

    def _hold(self, spoken: Spoken, messages: list[Message], held: Mask, now_us: int) -> None:
        waits_s = held_s(self._seeds[spoken.places], spoken.seqs, 0)
        for row in np.flatnonzero(held).tolist():
            self._count += 1
            release_us = now_us + round(float(waits_s[row]) * _US)
            heapq.heappush(self._held, (release_us, self._count, messages[row]))

    def _released(self, now_us: int) -> list[Message]:
        released = []
        while self._held and self._held[0][0] <= now_us:
            released.append(heapq.heappop(self._held)[2])
        return released


def _where(messages: list[Message], mask: Mask) -> list[Message]:
    return [messages[row] for row in np.flatnonzero(mask).tolist()]


def _garbled(messages: list[Message], torn: Mask) -> list[Message]:
    return [
        message._replace(payload=garble(message.payload)) if is_torn else message
        for message, is_torn in zip(messages, torn.tolist(), strict=True)
    ]
