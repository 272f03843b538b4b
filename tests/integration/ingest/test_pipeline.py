"""What the pipeline does when the database refuses, on the real database."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import psycopg
import pytest
from pydantic import SecretStr

from devices.registry import Registry
from devices.watching import RegistryWatch
from ingest.batch import Batch, Source, batch_of, read_message
from ingest.linking import DatabaseLink
from ingest.pipeline import Pipeline
from ingest.settings import Settings, TimeLimits
from ingest.spool import Spool
from ingest.timing import limits_of

NOW = 1_790_000_000_000_000
LIMITS = limits_of(TimeLimits())

RoleUrl = Callable[[str], str]


def batch(registry: Registry, *payloads: bytes) -> Batch:
    topic = "yiwang/v1/620171/fire/one/telemetry"
    sources = [Source(NOW, topic, payload) for payload in payloads]
    return batch_of((read_message(source, registry, {}, LIMITS) for source in sources), LIMITS)


def telemetry(at_ms: int) -> bytes:
    return json.dumps({"ts": at_ms, "values": {"a": 1.0}}).encode()


@pytest.fixture
async def link(role_url: RoleUrl, registry: Registry) -> AsyncIterator[DatabaseLink]:
    link = DatabaseLink(SecretStr(role_url("yiwang_ingest")))
    staying = asyncio.create_task(link.stay_connected())
    async with asyncio.timeout(20):
        while link.conn is None:
            await asyncio.sleep(0.01)
    staying.cancel()
    yield link
    await link.close()


@pytest.fixture
def pipeline(link: DatabaseLink, tmp_path: Path) -> Pipeline:
    url = SecretStr("postgresql://nobody@127.0.0.1/none")
    settings = Settings(
        broker_url=SecretStr("mqtt://a:b@127.0.0.1"), database_url=url, state_dir=tmp_path
    )
    spool = Spool(tmp_path / "spool", keep_free_bytes=0)
    return Pipeline(settings, link, RegistryWatch(url, program="test"), spool)


async def test_a_database_that_refuses_everything_is_an_outage_not_the_end(
    pipeline: Pipeline, link: DatabaseLink, registry: Registry, role_url: RoleUrl
) -> None:
    with psycopg.connect(role_url("yiwang_owner"), autocommit=True) as owner:
        owner.execute("ALTER TABLE ledger ADD CONSTRAINT closed CHECK (false) NOT VALID")

    stored = await pipeline._store(batch(registry, telemetry(NOW // 1000), telemetry(NOW // 999)))

    assert not stored
    assert link.conn is None
    assert "closed" in (link.trouble or "")


async def test_rubbish_alone_does_not_date_the_newest_data(
    pipeline: Pipeline, registry: Registry
) -> None:
    assert await pipeline._store(batch(registry, b"rubbish"))

    assert pipeline.figures.newest_observed_us is None
