"""Playing a recorded table to the platform as if one device had just lived through it."""

import asyncio
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import NamedTuple

import msgspec
import numpy as np

from core.clock import from_us, to_us
from devices.model import Device, Profile, Site
from devices.topic import build_topic
from simulators import cells, message
from simulators.line import Line
from simulators.message import Message
from simulators.plane import ORIGIN_LAT, ORIGIN_LON
from simulators.recording import Recording, stretches
from simulators.scoring import Alert, Expected, Label, Truth

PROFILE = "environment-station"
SITE = Site(
    site_id="replay",
    kind="laboratory",
    name="回放实验室 Replay Laboratory",
    district=cells.DISTRICT,
    lon=ORIGIN_LON,
    lat=ORIGIN_LAT,
    grid_code=None,
)
_US = 1_000_000
_TICK_S = 0.05
_GRACE_S = 60.0  # after a labelled stretch its alert may still come
_MOST_WAITING = 2_000  # rows under way before the replay waits for the broker


class Replay(NamedTuple):
    """A recording, the device that lived through it, and when its first row happened."""

    recording: Recording
    device: Device
    domain: str
    start_us: int


def replay_device(device_id: str, profile: Profile) -> Device:
    """Return the device; `replay` tells the alert engine not to call its words late."""
    return Device(
        device_id=device_id,
        profile_id=profile.profile_id,
        site_id=SITE.site_id,
        district=SITE.district,
        name=f"回放 {device_id}",
        lon=SITE.lon,
        lat=SITE.lat,
        attributes={"replay": True},
    )


def prepare(recording: Recording, device: Device, profile: Profile, now_us: int) -> Replay:
    """Place the recording so that its last row happened just now: nothing lies in the future."""
    start_us = now_us - round(recording.length_s * _US)
    return Replay(recording, device, profile.domain, start_us - start_us % 1000)


def rows(replay: Replay, sequence: Callable[[], int]) -> Iterator[Message]:
    """Yield the rows as messages: the spacing of their times is the recording's own."""
    times = replay.start_us // 1000 + np.round(replay.recording.seconds * 1000).astype(np.int64)
    device = replay.device
    topic = build_topic(device.district, replay.domain, device.device_id, "telemetry")
    columns = [column.tolist() for column in replay.recording.columns.values()]
    for ts_ms, *values in zip(times.tolist(), *columns, strict=True):
        row = dict(zip(replay.recording.columns, values, strict=True))
        yield Message(0, topic, message.telemetry(ts_ms, sequence(), row))


def truth(replay: Replay) -> Truth:
    """Return the labelled stretches, each expecting any alert of the device."""
    recording = replay.recording

    def instant(row: int) -> int:
        return replay.start_us + round(float(recording.seconds[row]) * _US)

    labels = tuple(
        Label(
            label=f"stretch-{number}",
            what="label",
            devices=frozenset({replay.device.device_id}),
            start_at=from_us(instant(first)),
            end_at=from_us(instant(last)),
            expected=(Expected(within_s=(instant(last) - instant(first)) / _US + _GRACE_S),),
        )
        for number, (first, last) in enumerate(stretches(recording.label), start=1)
    )
    end_at = from_us(replay.start_us) + timedelta(seconds=recording.length_s)
    return Truth(
        name=replay.device.device_id,
        start_at=from_us(replay.start_us),
        end_at=end_at,
        labels=labels,
    )


async def publish(replay: Replay, line: Line, sequence: Callable[[], int], *, speed: float) -> None:
    """Send all rows at `speed` times their own pace, no faster than the broker takes them."""
    started = time.monotonic()
    due_s = replay.recording.seconds / speed
    for due, row in zip(due_s.tolist(), rows(replay, sequence), strict=True):
        if (ahead := due - (time.monotonic() - started)) > _TICK_S:
            await asyncio.sleep(ahead)
        if line.waiting >= _MOST_WAITING:
            await line.drained()
        line.offer(row)
    await line.drained()


def as_lived(alert: Alert, replay: Replay, *, began_us: int, speed: float) -> Alert:
    """Return the alert on the recording's own clock, as if the platform had watched it live.

    `raised_at` is the recording's time already, except where an open alert was raised again:
    then only the true time is known, which lies after the recording's end.
    """
    raised_us = to_us(alert.raised_at)
    if raised_us > replay.start_us + round(replay.recording.length_s * _US):
        raised_us = replay.start_us + round((raised_us - began_us) * speed)
    raised_at = from_us(raised_us)
    return msgspec.structs.replace(alert, raised_at=raised_at, detected_at=raised_at)
