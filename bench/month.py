"""The KPIs of ISA-18.2 / IEC 62682 and EEMUA 191 from a simulated month.

The simulated city, its scenarios' happenings and faults spread over thirty days, is judged by the
alert engine in this process, as fast as it can. To make a month fit into minutes it is a part of
the city, and every device reports ten times more seldom than in the field (ten minutes at least);
the limits on silence are stretched alike. Detection is as much slower; rates of alerts are not.
"""

import asyncio
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import msgspec
from pydantic import SecretStr

from alerts.history import store
from alerts.journal.pages import read_entries
from alerts.noise.kpis_table import table
from alerts.noise.quality import Quality, read_quality
from bench.machine import CpuMeter, describe
from bench.month_room import LOOK_US, Room
from bench.month_story import DAY_US, tell, windows
from bench.reporting import Result
from bench.scale import Scale
from bench.systems import private_system
from core.clock import from_us, to_us
from core.database import connect
from devices.model import Profile
from devices.registry import Registry, RegistryContent
from simulators.city import City, build_city
from simulators.episodes import Episode
from simulators.sequences import Sequences
from simulators.voices import Catalogue, Pace, Voices
from simulators.wiring import read_catalogue
from stack.deployment import DATABASE, Deployment
from stack.migrate import migrate
from stack.settings import MigrateSettings

TARGET: Final = 1.0  # alerts per operator and ten minutes, ISA-18.2-2016 table 7

_START: Final = datetime(2026, 9, 1, tzinfo=UTC)
_SCALE: Final = 0.1  # of the city: 11 networked units, 4 lighting cabinets, 6 trucks
_SLOWER: Final = 10
_SHORTEST_S: Final = 600.0
_BATCH: Final = 1000


def bench(scale: Scale) -> Result:
    """Live through the month (three days if quick), carry it into a database, count."""
    meter, begun = CpuMeter(), time.monotonic()
    days = scale.pick(quick=3, full=30)
    catalogue = _slowed(read_catalogue())
    city = build_city(catalogue.profiles, scale=_SCALE)
    with tempfile.TemporaryDirectory() as folder, private_system("database") as system:
        room = _live(city, catalogue, Path(folder), days)
        _prepare(system.deployment)
        url = SecretStr(system.deployment.database_url("yiwang_alerts"))
        quality = asyncio.run(_count(url, room.journal.path, days))
    print(table(quality))
    print(
        f"\n{len(city.devices)} devices, {days} days, {room.heard} messages, {room.unread} unread, "
        f"{time.monotonic() - begun:.0f} s."
    )
    size = {"devices": len(city.devices), "days": days, "messages": room.heard}
    return _result(quality, size, meter)


def _prepare(deployment: Deployment) -> None:
    """Give the database its tables: no program of ours is started that would see to it."""
    roles = ("owner", "ingest", "alerts", "api", "grafana")
    passwords: dict[str, Any] = {
        f"{role}_password": SecretStr(deployment.passwords[f"yiwang_{role}"]) for role in roles
    }
    url = SecretStr(deployment.superuser_url())
    migrate(MigrateSettings(database_url=url, database=DATABASE, **passwords))


def _live(city: City, catalogue: Catalogue, folder: Path, days: int) -> Room:
    start_us = to_us(_START)
    episodes = tell(city, start_us=start_us, days=days)
    take = Sequences(folder / "sequences", [device.device_id for device in city.devices]).take
    pace = Pace(start_us, start_us / 1e6)
    voices = Voices(city, catalogue, take, pace=pace, episodes=episodes)
    room = Room(folder / "journal", _registry(city, catalogue), start_us=start_us, seed=city.seed)
    for window in windows(city, start_us=start_us):
        room.announce(start_us, window)
    end_us = start_us + days * DAY_US
    for begin_us, until_us in _stretches(start_us, end_us, voices.longest_us, episodes):
        room.live(begin_us, until_us, voices.say(begin_us, until_us))
    return room


def _stretches(
    start_us: int, end_us: int, longest_us: int, episodes: Sequence[Episode]
) -> Iterator[tuple[int, int]]:
    """Cut the time where something begins or ends, at whole looks, none over `longest_us`."""
    cuts = set(range(start_us, end_us, longest_us)) | {end_us}
    for episode in episodes:
        for at_us in (episode.start_us, episode.end_us):
            cut_us = start_us + ((at_us - start_us) // LOOK_US + 1) * LOOK_US
            if start_us < cut_us < end_us:
                cuts.add(cut_us)
    ordered = sorted(cuts)
    return pairwise(ordered)


def _slowed(catalogue: Catalogue) -> Catalogue:
    return Catalogue(
        {name: _slower(profile) for name, profile in catalogue.profiles.items()}, catalogue.metrics
    )


def _slower(profile: Profile) -> Profile:
    interval_s = max(profile.expected_interval_s * _SLOWER, _SHORTEST_S)
    stretched = interval_s / profile.expected_interval_s
    return msgspec.structs.replace(
        profile,
        expected_interval_s=interval_s,
        offline_after_s=profile.offline_after_s * stretched,
    )


def _registry(city: City, catalogue: Catalogue) -> Registry:
    """Return the registry as the database would give it, everything numbered."""
    numbered = msgspec.structs.replace
    metrics = enumerate(catalogue.metrics.values(), 1)
    devices = enumerate(city.devices, 1)
    return Registry(
        RegistryContent(
            version=1,
            grids=city.grids,
            sites=city.sites,
            metrics=tuple(numbered(metric, number=number) for number, metric in metrics),
            profiles=tuple(catalogue.profiles.values()),
            devices=tuple(numbered(device, number=number) for number, device in devices),
        )
    )


async def _count(url: SecretStr, journal: Path, days: int) -> Quality:
    """Carry the journal into the database, as the engine does, and have it counted."""
    async with await connect(url, program="bench", statement_timeout_s=300) as conn:
        no = 0
        while entries := read_entries(journal, no, _BATCH):
            await store.project(conn, entries)
            no = entries[-1].no
        await conn.commit()
        return await read_quality(conn, _START, from_us(to_us(_START) + days * DAY_US))


def _result(quality: Quality, size: Mapping[str, float], meter: CpuMeter) -> Result:
    figures = {kpi.metric: kpi.value for kpi in quality.kpis if kpi.value is not None}
    return Result(
        bench="month",
        value=figures["per_10_min"],
        unit="1",
        target=TARGET,
        yardsticks={},
        figures={**figures, **size},
        machine=describe(meter),
    )
