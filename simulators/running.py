"""The city in motion: every half second, what is due is handed to the lines, come what may."""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import structlog

from simulators.beating import beat_forever, pulse
from simulators.behaviour.happenings import HAPPENINGS
from simulators.books import Books, write_books
from simulators.episodes import Episode
from simulators.faults import Fault
from simulators.line import Line
from simulators.lines import Lines
from simulators.voices import Voices

log = structlog.get_logger()

INSTANCE = "city"
_TICK_S = 0.5
_US = 1_000_000
_FAREWELL_S = 10.0  # how long the end waits for the broker's last confirmations
_SAVE_EVERY_S = 1.0

NowUs = Callable[[], int]


class Show(NamedTuple):
    """Everything a running city consists of."""

    voices: Voices
    lines: Lines
    requested: Callable[[], list[Episode]]  # scenarios somebody wants to see now
    books: Books
    books_path: Path
    device_count: int
    until_us: int | None  # None: until somebody stops it


def now_us() -> int:
    """Return the true time in microseconds since 1970 UTC."""
    return time.time_ns() // 1000


async def run(show: Show, heartbeat: Line) -> None:
    """Let the city speak until its time is over or somebody stops it; then keep the books."""
    try:
        async with asyncio.TaskGroup() as tasks:
            companions = [
                tasks.create_task(beat_forever(heartbeat, INSTANCE, lambda: facts(show))),
                tasks.create_task(_save_forever(show)),
            ]
            talking = [
                tasks.create_task(line.speak_forever(), name=line.name)
                for line in (heartbeat, *show.lines.lines)
            ]
            try:
                await tick_until(show, now_us)
            finally:
                stop(companions)
                heartbeat.offer(pulse(INSTANCE, "stopping", facts(show)))
                await _farewell((heartbeat, *show.lines.lines))
            stop(talking)
    finally:
        write_books(show.books_path, show.books)


def stop(tasks: Sequence[asyncio.Task[None]]) -> None:
    """Cancel tasks that would otherwise go on for ever."""
    for task in tasks:
        task.cancel()


def facts(show: Show) -> dict[str, object]:
    """Return what the heartbeat says of the books."""
    return {
        "published_total": show.books.published,
        "acknowledged_total": show.books.acknowledged,
        "discarded_total": show.books.discarded,
        "connections_lost_total": show.books.connections_lost,
        "devices": show.device_count,
    }


async def tick_until(show: Show, now: NowUs) -> None:
    """Say what is due, tick by tick; a late tick says everything since the one before."""
    told_us = now()
    while show.until_us is None or told_us < show.until_us:
        await asyncio.sleep(_TICK_S - now() / _US % _TICK_S)
        tick_us = now()
        show.voices.episodes.extend(show.requested())
        for episode in show.voices.episodes:
            steer(episode, show.lines, told_us, tick_us)
        for start_us, end_us in stretches(told_us, tick_us, show.voices.longest_us):
            show.lines.offer(show.voices.say(start_us, end_us))
        told_us = tick_us


def stretches(start_us: int, end_us: int, longest_us: int) -> Iterator[tuple[int, int]]:
    """Cut [start, end) into stretches no longer than `longest_us`."""
    while start_us < end_us:
        yield start_us, min(start_us + longest_us, end_us)
        start_us += longest_us


def steer(episode: Episode, lines: Lines, start_us: int, end_us: int) -> None:
    """Cut, restore or shake the connections an episode touches, at its beginning and its end."""
    begins = start_us <= episode.start_us < end_us
    ends = start_us <= episode.end_us < end_us
    if episode.what == Fault.RECONNECT_STORM and begins:
        for line in lines.of(episode.places):
            line.reconnect()
    happening = HAPPENINGS.get(episode.what)
    if happening is not None and happening.is_silent:
        for line in lines.own(episode.places):
            if begins:
                line.hang_up()
            if ends:
                line.dial()


async def _farewell(lines: Sequence[Line]) -> None:
    try:
        async with asyncio.timeout(_FAREWELL_S):
            for line in lines:
                await line.drained()
    except TimeoutError:
        log.warning(
            "the broker has not confirmed everything", waiting=sum(x.waiting for x in lines)
        )


async def _save_forever(show: Show) -> None:
    while True:
        write_books(show.books_path, show.books)
        await asyncio.sleep(_SAVE_EVERY_S)
