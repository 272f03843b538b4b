"""The ingest program: `python -m ingest` runs it, `python -m ingest requeue` mends a quarantine."""

import argparse
import asyncio
from contextlib import suppress

from core.broker import BrokerClient
from core.clock import utc_now
from core.heartbeat import beat_forever, last_will
from core.metrics import serve_metrics
from core.process import read_settings, run
from core.settings import parse_broker_url
from devices.topic import ROOT, system_topic
from devices.watching import RegistryWatch
from ingest.linking import DatabaseLink
from ingest.pipeline import Pipeline
from ingest.requeueing import requeue
from ingest.settings import Settings
from ingest.spool import Spool
from ingest.upkeep import keep_up_forever
from ingest.vitals import pulse_of

_WINDOW = 3  # batches in hand at once: one being written, one being read, one coming in


def subscriptions(districts: tuple[str, ...]) -> list[str]:
    """Return the topic filters of a shard; the namespaces of our own are sorted out on arrival."""
    return [f"{root}/{district}/#" for root in (ROOT, "spBv1.0") for district in districts]


async def ingest(settings: Settings) -> None:
    """Run until stopped, then finish what was begun."""
    topic = system_topic("ingest", settings.shard)
    link = DatabaseLink(settings.database_url)
    watch = RegistryWatch(settings.database_url, program="ingest")
    spool = Spool(settings.state_dir / "spool", keep_free_bytes=settings.spooling.keep_free_bytes)
    pipeline = Pipeline(settings, link, watch, spool)
    client = BrokerClient(
        parse_broker_url(settings.broker_url.get_secret_value()),
        client_id=f"yiwang-ingest-{settings.shard}",
        on_delivery=pipeline.receive,
        subscriptions=subscriptions(settings.districts),
        will=last_will(topic, "ingest", settings.shard),
        persistent=True,
        receive_maximum=min(65_535, _WINDOW * settings.batching.size),
        retained="none",
    )
    async with client, asyncio.TaskGroup() as tasks:
        tasks.create_task(link.stay_connected(), name="database")
        tasks.create_task(watch.watch_forever(), name="registry")
        tasks.create_task(pipeline.read_forever(), name="read")
        tasks.create_task(pipeline.write_forever(), name="write")
        beating = beat_forever(
            client, topic, "ingest", settings.shard, lambda: pulse_of(pipeline, link)
        )
        tasks.create_task(beating, name="heartbeat")
        tasks.create_task(keep_up_forever(settings.database_url, utc_now), name="upkeep")
        try:
            await asyncio.Event().wait()
        finally:
            with suppress(TimeoutError):
                async with asyncio.timeout(settings.drain_within_s):
                    await pipeline.drain()
    await link.close()


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="python -m ingest", description=__doc__)
    commands = parser.add_subparsers(dest="command")
    again = commands.add_parser("requeue", help="read quarantined messages again")
    again.add_argument("--reason", help="only those quarantined for this reason")
    arguments = parser.parse_args()
    settings = read_settings(Settings)
    if arguments.command == "requeue":
        run(lambda: requeue(settings, reason=arguments.reason), log_level=settings.log_level)
    else:
        serve_metrics(settings.metrics_port)
        run(lambda: ingest(settings), log_level=settings.log_level)


if __name__ == "__main__":
    main()
