"""What decoders, the database and the system's library say inside a sentence is Chinese too.

The sentences are the real ones, so that a library which words them anew is noticed here.
"""

import errno
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import msgspec
import psycopg
import pytest
from pydantic import SecretStr

from api import importing
from api.importing import RawDocument
from core.errors import Invalid
from devices.exchange import read_devices, read_sites
from devices.payload import decode_sparkplug
from devices.registry import Registry
from ingest.linking import DatabaseLink
from tests.unit.api.catalogue import english_left_in
from tests.unit.devices.conftest import Decode, registry, say

__all__ = ["registry", "say"]

TS = b'"ts":1767225600000'
SITES = b"site_id,kind,name,district,lon,lat\n"


@pytest.mark.parametrize(
    ("channel", "payload"),
    [
        pytest.param("telemetry", b"", id="nothing"),
        pytest.param("telemetry", b"on", id="a-word"),
        pytest.param("telemetry", b"42", id="a-number"),
        pytest.param("telemetry", b"null", id="null"),
        pytest.param("telemetry", b"{'ts':1}", id="single-quotes"),
        pytest.param("telemetry", b'{"ts":1', id="cut-off"),
        pytest.param("telemetry", b'{"ts":1,}', id="a-trailing-comma"),
        pytest.param("telemetry", b'{"ts":1}}', id="a-brace-too-many"),
        pytest.param("telemetry", b'{"ts" 1}', id="no-colon"),
        pytest.param("telemetry", b'{"ts":1 "values":{}}', id="no-comma"),
        pytest.param("telemetry", b'{"ts":01}', id="a-leading-zero"),
        pytest.param("telemetry", b'{"ts":1,"a":"\\x"}', id="a-bad-escape"),
        pytest.param("telemetry", b'{"x":' + b"[" * 60_000, id="very-deep"),
        pytest.param("telemetry", b'{"x":' + b'{"a":' * 12_000, id="very-deep-objects"),
        pytest.param("telemetry", b'{"ts":NaN}', id="not-a-number"),
        pytest.param("telemetry", b'{"ts":"\xff"}', id="not-utf-8"),
        pytest.param("telemetry", b"{}", id="no-time"),
        pytest.param("telemetry", b'{"ts":null}', id="time-null"),
        pytest.param("telemetry", b'{"ts":"tomorrow"}', id="time-in-words"),
        pytest.param("telemetry", b'{"ts":"2026-01-01T00:00:00"}', id="no-zone"),
        pytest.param("telemetry", b'{"ts":1767225600}', id="seconds"),
        pytest.param("telemetry", b'{"ts":1e400}', id="beyond-a-float"),
        pytest.param("telemetry", b'{%b,"seq":-1}' % TS, id="seq-below-zero"),
        pytest.param("telemetry", b'{%b,"seq":9007199254740993}' % TS, id="seq-over-2^53"),
        pytest.param("telemetry", b'{%b,"seq":"1"}' % TS, id="seq-a-text"),
        pytest.param("telemetry", b'{%b,"values":[]}' % TS, id="values-a-list"),
        pytest.param("telemetry", b'{%b,"values":{"power_w":"88"}}' % TS, id="a-text"),
        pytest.param("telemetry", b'{%b,"values":{"power_w":true}}' % TS, id="a-truth-value"),
        pytest.param("telemetry", b'{%b,"values":{"lamp":1}}' % TS, id="no-such-metric"),
        pytest.param("telemetry", b"[]", id="senml-empty"),
        pytest.param("telemetry", b"[1]", id="senml-of-numbers"),
        pytest.param("telemetry", b'[{"v":"x"}]', id="senml-value-a-text"),
        pytest.param("telemetry", b'[{"v":1]', id="senml-cut-off"),
        pytest.param("position", b'{%b,"position":{"lon":103.6}}' % TS, id="half-a-place"),
        pytest.param("position", b'{%b,"position":{"lon":"e","lat":1}}' % TS, id="lon-a-text"),
        pytest.param("position", b'{%b,"position":{"lon":181,"lat":1}}' % TS, id="off-the-map"),
        pytest.param("event", b"{%b}" % TS, id="no-event"),
        pytest.param("event", b'{%b,"event":"fire","active":2}' % TS, id="active-two"),
        pytest.param("event", b'{%b,"event":"fire","active":"on"}' % TS, id="active-a-word"),
        pytest.param("status", b'{%b,"online":"yes"}' % TS, id="online-a-word"),
    ],
)
def test_why_a_message_cannot_be_read(say: Decode, channel: str, payload: bytes) -> None:
    with pytest.raises(Invalid) as refusal:
        say(payload, channel=channel)

    assert english_left_in(refusal.value.message) == []


def test_why_a_sparkplug_message_cannot_be_read(registry: Registry) -> None:
    with pytest.raises(Invalid) as refusal:
        decode_sparkplug("spBv1.0/620171/NDATA/lighting-cabinet", b"\xff\xff", registry, {})

    assert english_left_in(refusal.value.message) == []


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\xff", id="not-utf-8"),
        pytest.param(SITES.replace(b"lon", b"x"), id="an-unknown-column"),
        pytest.param(SITES.replace(b",name", b""), id="a-column-missing"),
        pytest.param(SITES.replace(b"lat", b"lon"), id="a-column-twice"),
        pytest.param(SITES + b"a,unit\n", id="too-few-cells"),
        pytest.param(SITES + b'"a,unit\n', id="an-open-quote"),
        pytest.param(SITES + b'"a"b,unit,A,620171,,\n', id="a-quote-inside"),
        pytest.param(SITES + b"a b,Unit,,62,181,north\n", id="nothing-fits"),
        pytest.param(SITES + b"a,unit,A,620171,103,\n", id="half-a-place"),
        pytest.param(2 * (SITES + b"a,unit,A,620171,,\n"), id="the-header-again"),
        pytest.param(SITES + 30 * b"a,unit,A,620171,,\n", id="thirty-times-the-same"),
    ],
)
def test_what_is_wrong_with_the_lines_of_a_file(registry: Registry, data: bytes) -> None:
    problems = read_sites("csv", data, registry).problems

    assert english_left_in(_refusal_of(list(importing.named("line", problems)))) == []


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"{}", id="an-empty-object"),
        pytest.param(b"[", id="cut-off"),
        pytest.param(b'{"type":"Feature"}', id="one-feature"),
        pytest.param(b'{"type":"FeatureCollection","features":[{}]}', id="an-empty-feature"),
    ],
)
def test_what_is_wrong_with_a_geojson(registry: Registry, data: bytes) -> None:
    problems = read_devices("geojson", data, registry).problems

    assert english_left_in(_refusal_of(list(importing.named("line", problems)))) == []


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(b'{"sites":[{}]}', id="an-empty-site"),
        pytest.param(b'{"sites":[[]],"devices":[7],"grids":["a"]}', id="no-objects"),
        pytest.param(b'{"devices":[{"device_id":"a b"}]}', id="a-bad-id"),
        pytest.param(b'{"devices":[{"device_id":"a","lon":999}]}', id="off-the-map"),
        pytest.param(b'{"grids":[{"code":"1","name":5}]}', id="a-name-that-is-a-number"),
    ],
)
def test_what_is_wrong_with_a_registry(document: bytes) -> None:
    raw = msgspec.json.decode(document, type=RawDocument)

    with pytest.raises(Invalid) as refusal:
        importing.read_document(raw)

    assert english_left_in(refusal.value.message) == []


def _refusal_of(problems: list[str]) -> str:
    with pytest.raises(Invalid) as refusal:
        importing.refuse(problems)
    return refusal.value.message


@pytest.mark.parametrize(
    "number", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.ENOENT, errno.EIO]
)
def test_what_is_wrong_with_a_disk(number: int) -> None:
    said = os.strerror(number)

    assert english_left_in(f"Messages that wait cannot be written: {said}.") == []


def _full(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA max_page_count = 1")
    connection.execute("CREATE TABLE a (b)")


def _in_no_folder(path: Path) -> None:
    sqlite3.connect(path / "none").execute("CREATE TABLE a (b)")


def _read_only(path: Path) -> None:
    sqlite3.connect(path).execute("CREATE TABLE a (b)")
    sqlite3.connect(f"file:{path}?mode=ro", uri=True).execute("CREATE TABLE c (d)")


@pytest.mark.parametrize("happens", [_full, _in_no_folder, _read_only])
def test_what_is_wrong_with_a_journal(tmp_path: Path, happens: Callable[[Path], None]) -> None:
    with pytest.raises(sqlite3.OperationalError) as error:
        happens(tmp_path / "journal.sqlite")

    assert english_left_in(f"The journal cannot be written: {error.value}.") == []


async def test_why_a_database_is_not_reached() -> None:
    link = DatabaseLink(SecretStr(""))
    with pytest.raises(psycopg.OperationalError) as error:
        psycopg.connect(host="127.0.0.1", port=1, dbname="x", connect_timeout=5)

    await link.give_up(error.value)

    assert link.trouble is not None
    assert "Connection refused" in link.trouble
    assert english_left_in(link.trouble) == []
