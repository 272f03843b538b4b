"""The books of the month: messages by device and hour, skipped numbers, what could not be read."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final, NamedTuple

import numpy as np
import psycopg
from psycopg.sql import Identifier

from bench.past.extent import HOUR_US, Extent
from bench.past.registering import Town
from bench.past.rows import Columns, copy_rows
from bench.past.settling import QUERIES, unindexed
from bench.past.story import is_silent
from core.clock import from_us
from devices.topic import build_topic
from simulators.arrays import Floats, Integers
from simulators.episodes import Episode
from simulators.parts import generator

_TWICE: Final = 0.002  # of all messages, as in the story of bench/month_story.py
_TORN: Final = 0.00002
_SKIPS: Final = 400  # in thirty days
_UNREADABLE: Final = 900
_STRANGERS: Final = 40  # messages an hour of devices nobody has registered, in bad hours


class Reason(NamedTuple):
    """Why a message cannot be read: the code and the sentence of the ingester, and such bytes."""

    code: str
    detail: str
    payload: bytes


_REASONS: Final = (
    Reason("not_json", "The payload is not JSON.", b'\xff\xfe{"ts":17643'),
    Reason("not_json", "The payload is not JSON.", b'{"ts":1764300000000,"values":{"temp'),
    Reason("unknown_metric", "There is no metric 'temp'.", b'{"ts":1764300000000,"temp":21.4}'),
    Reason("bad_time", "The message has no time.", b'{"values":{"voltage_v":221.5}}'),
    Reason("bad_value", "The value is no number.", b'{"ts":1764300000000,"power_w":"full"}'),
    Reason("too_old", "The message is older than a device can keep.", b'{"ts":1420070400000}'),
    Reason("empty", "The payload is empty.", b""),
)


def keep_books(
    conn: psycopg.Connection, town: Town, episodes: Sequence[Episode], extent: Extent
) -> dict[str, int]:
    """Write ledger, sequences, gaps and quarantine; returns how many rows of each."""
    rng = generator(extent.seed, 91)
    return {
        "ledger": _ledger(conn, town, episodes, extent, rng),
        "sequences": _sequences(conn, town, extent),
        "sequence_gaps": _gaps(conn, town, extent, rng),
        "quarantine": _quarantine(conn, town, extent, rng),
    }


def settle_books(conn: psycopg.Connection) -> None:
    """Have the books by source settled, as the upkeep does; they count what rollups hold."""
    while conn.execute(QUERIES["settle_books"]).fetchone() == (True,):
        pass
    conn.execute(QUERIES["books_of_days"])
    conn.execute(QUERIES["books_are_mended"])


def _ledger(
    conn: psycopg.Connection,
    town: Town,
    episodes: Sequence[Episode],
    extent: Extent,
    rng: np.random.Generator,
) -> int:
    first_us = extent.since_us(extent.books) // HOUR_US * HOUR_US
    hours = np.arange(first_us, extent.until_us, HOUR_US)
    sent = _sent(town, episodes, hours, extent.until_us)
    duplicate = rng.binomial(sent, _TWICE)
    quarantined = rng.binomial(sent, _TORN)
    strangers = np.where(rng.random(len(hours)) < 0.1, rng.poisson(_STRANGERS, len(hours)), 0)
    stored = np.concatenate([sent - quarantined, np.zeros((1, len(hours)), dtype=np.int64)])
    quarantined = np.concatenate([quarantined, strangers[None]])
    duplicate = np.concatenate([duplicate, np.zeros((1, len(hours)), dtype=np.int64)])
    hour, device = np.nonzero((stored + duplicate + quarantined).T)
    columns: Columns = {
        "device_id": ("int4", np.append(town.numbers, 0)[device]),
        "hour": ("instant", hours[hour]),
        "received": ("int8", (stored + duplicate + quarantined)[device, hour]),
        "stored": ("int8", stored[device, hour]),
        "duplicate": ("int8", duplicate[device, hour]),
        "quarantined": ("int8", quarantined[device, hour]),
    }
    relation = Identifier("public", "ledger")
    with unindexed(conn, relation):
        return copy_rows(conn, relation, columns)


def _sent(town: Town, episodes: Sequence[Episode], hours: Integers, until_us: int) -> Integers:
    """Return how many messages each device (row) sent in each hour: none while it was silent."""
    heard: Floats = np.ones((len(town.numbers), len(hours)))
    heard[:, -1] = (until_us - hours[-1]) / HOUR_US
    for episode in episodes:
        if is_silent(episode.what):
            begin, end = np.maximum(hours, episode.start_us), hours + HOUR_US
            over = np.clip(np.minimum(end, episode.end_us) - begin, 0, None) / HOUR_US
            heard[episode.places] = np.clip(heard[episode.places] - over, 0, 1)
    return np.round(heard * (3600 / _intervals(town))[:, None]).astype(np.int64)


def _intervals(town: Town) -> Floats:
    intervals = np.empty(len(town.numbers))
    for kind in town.kinds:
        intervals[kind.group.places] = kind.group.profile.expected_interval_s
    return intervals


def _sequences(conn: psycopg.Connection, town: Town, extent: Extent) -> int:
    highest = (extent.days * 86_400 / _intervals(town)).astype(np.int64)
    columns: Columns = {"device_id": ("int4", town.numbers), "highest": ("int8", highest)}
    return copy_rows(conn, Identifier("sequences"), columns)


def _gaps(conn: psycopg.Connection, town: Town, extent: Extent, rng: np.random.Generator) -> int:
    devices = rng.choice(town.numbers, _SKIPS, replace=False)
    first = rng.integers(10, 400, _SKIPS)
    hours = rng.integers(1, extent.days * 24, _SKIPS)
    columns: Columns = {
        "device_id": ("int4", devices),
        "first_seq": ("int8", first),
        "last_seq": ("int8", first + rng.geometric(0.4, _SKIPS) - 1),
        "hour": ("instant", extent.this_hour_us - hours * HOUR_US),
    }
    return copy_rows(conn, Identifier("sequence_gaps"), columns)


def _quarantine(
    conn: psycopg.Connection, town: Town, extent: Extent, rng: np.random.Generator
) -> int:
    statement = (
        "COPY quarantine (received_at, device_id, topic, payload, reason, detail, digest,"
        " requeued_at) FROM STDIN"
    )
    with conn.cursor().copy(statement) as copy:
        for number, row in enumerate(_unreadable(town, extent, rng)):
            digest = hashlib.blake2b(json.dumps(number).encode(), digest_size=16).digest()
            copy.write_row((*row[:-1], digest, row[-1]))
    return _UNREADABLE


def _unreadable(
    town: Town, extent: Extent, rng: np.random.Generator
) -> Iterator[tuple[object, ...]]:
    span_us = extent.until_us - extent.midnight_us(extent.days)
    for ago_us in np.sort(rng.integers(0, span_us, _UNREADABLE))[::-1].tolist():
        received = from_us(extent.until_us - ago_us)
        place = int(rng.integers(len(town.numbers)))
        device = town.city.devices[place]
        domain = town.catalogue.profiles[device.profile_id].domain
        again = min(received + timedelta(hours=1), extent.until)
        read_after_all = again if rng.random() < 0.05 else None
        if rng.random() < 0.2:
            topic = build_topic(device.district, domain, f"new-{place:04d}", "telemetry")
            detail = f"No device 'new-{place:04d}' is registered."
            yield received, None, topic, b'{"ts":1}', "unknown_device", detail, None
        else:
            topic = build_topic(device.district, domain, device.device_id, "telemetry")
            code, detail, payload = _REASONS[int(rng.integers(len(_REASONS)))]
            number = int(town.numbers[place])
            yield received, number, topic, payload, code, detail, read_after_all
