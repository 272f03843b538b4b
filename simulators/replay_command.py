"""`python -m simulators replay`: send a recording, wait until it is stored, compare the alerts."""

import asyncio
import time
from argparse import Namespace
from collections.abc import Callable
from typing import NamedTuple

import msgspec
import numpy as np

from core.clock import from_us
from core.errors import Unavailable
from core.process import read_settings
from core.settings import BrokerAddress
from devices.topic import build_topic
from simulators import message, replaying, reporting
from simulators.books import Books
from simulators.line import Line
from simulators.message import Message
from simulators.platform_api import Account, PlatformApi
from simulators.recording import read_recording
from simulators.registering import register
from simulators.replaying import PROFILE, SITE, Replay
from simulators.running import now_us
from simulators.scoring import score
from simulators.sequences import Sequences
from simulators.settings import Settings
from simulators.wiring import platform_api, read_catalogue, say

_API_PATIENCE_S = 30.0
_SETTLE_S = 2.0  # after which every program has looked at the registry again
_KNOCKS = 30
_STALLED_S = 30.0  # without progress, what is missing will not come
_WINDOW = 64  # messages under way at once


class Played(NamedTuple):
    """A replay that the broker has taken whole."""

    began_us: int
    before: Account


def run_replay(options: Namespace) -> None:
    """Play the table, wait for the platform's books, and print how its label was noticed."""
    catalogue = read_catalogue()
    profile = catalogue.profiles[PROFILE]
    recording = read_recording(
        options.file, profile.metrics, renamed=dict(options.map), label=options.label
    )
    settings = read_settings(Settings)
    device_id = options.device or f"replay-{from_us(now_us()):%Y%m%d-%H%M%S}"
    device = replaying.replay_device(device_id, profile)
    sequences = Sequences(settings.state_dir, [device_id])
    with platform_api(settings) as api:
        document = msgspec.json.encode({"sites": [SITE], "devices": [device]})
        register(api, document, patience_s=_API_PATIENCE_S)
        replay = replaying.prepare(recording, device, profile, now_us())

        def sequence() -> int:
            return int(sequences.take(np.array([0]))[0])

        played = asyncio.run(_play(replay, settings.broker, api, sequence, options.speed))
        say(_await_storage(api, replay, played.before))
        _report(api, replay, played, options.speed)


async def _play(
    replay: Replay,
    address: BrokerAddress,
    api: PlatformApi,
    sequence: Callable[[], int],
    speed: float,
) -> Played:
    line = Line(address, replay.device.device_id, Books(), window=_WINDOW)
    async with asyncio.TaskGroup() as tasks:
        talking = tasks.create_task(line.speak_forever(), name=line.name)
        await asyncio.sleep(_SETTLE_S)
        await _knock(replay, line, api)
        before, began_us = await asyncio.to_thread(api.account, replay.device.device_id), now_us()
        await replaying.publish(replay, line, sequence, speed=speed)
        talking.cancel()
    return Played(began_us, before)


async def _knock(replay: Replay, line: Line, api: PlatformApi) -> None:
    """Say `online` until the platform has taken it down: only then does it know the device."""
    device = replay.device
    topic = build_topic(device.district, replay.domain, device.device_id, "status")
    for _ in range(_KNOCKS):
        line.offer(Message(0, topic, message.status(replay.start_us // 1000, online=True)))
        await line.drained()
        await asyncio.sleep(1.0)
        account = await asyncio.to_thread(api.account, device.device_id)
        if account.stored + account.duplicate:
            return
    raise Unavailable("The platform does not take down what the replayed device says.")


def _await_storage(api: PlatformApi, replay: Replay, before: Account) -> str:
    """Wait until every row stands in the platform's books; return a sentence about them."""
    expected = len(replay.recording.seconds)
    seen, moved_at = -1, time.monotonic()
    while True:
        now = api.account(replay.device.device_id)
        booked = now.received - before.received
        if booked >= expected or time.monotonic() - moved_at > _STALLED_S:
            return storage_sentence(expected, before, now)
        if booked != seen:
            seen, moved_at = booked, time.monotonic()
        time.sleep(1.0)


def storage_sentence(expected: int, before: Account, now: Account) -> str:
    """Say what became of the rows, and what is missing."""
    stored, duplicate = now.stored - before.stored, now.duplicate - before.duplicate
    quarantined = now.quarantined - before.quarantined
    missing = expected - stored - duplicate - quarantined
    return (
        f"{expected} rows sent: {stored} stored, {duplicate} already known, "
        f"{quarantined} quarantined, {missing} missing."
    )


def _report(api: PlatformApi, replay: Replay, played: Played, speed: float) -> None:
    truth = replaying.truth(replay)
    raised = api.occurrences(truth.start_at, from_us(now_us()), device_id=replay.device.device_id)
    lived = [
        replaying.as_lived(alert, replay, began_us=played.began_us, speed=speed)
        for alert in raised
        if alert.kind != "offline"  # a recording that has ended is no silent device
    ]
    result = score(truth, lived)
    say(reporting.table(result))
    say(reporting.json_line(truth.name, result))
