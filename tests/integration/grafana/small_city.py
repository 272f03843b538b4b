"""A handful of devices whose figures can be reckoned in the head."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, LiteralString
from zoneinfo import ZoneInfo

from psycopg import AsyncConnection
from psycopg.rows import dict_row
from pydantic import SecretStr

from core.database import connect
from devices import store as registry_store
from devices.model import Device, Site
from simulators.wiring import read_catalogue
from tests.fixtures.upkeep import Sample, Upkeep

DISTRICT: Final = "620171"
SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
FIVE_MINUTES: Final = timedelta(minutes=5)

Row = dict[str, Any]


def local(text: str) -> datetime:
    """Read `2026-03-10 21:00` as the clock on the wall shows it."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


def site(site_id: str, kind: str, **given: Any) -> Site:
    place: dict[str, Any] = {"lon": 103.6, "lat": 36.5, "name": f"{site_id} name"} | given
    return Site(site_id=site_id, kind=kind, district=DISTRICT, **place)


def device(device_id: str, profile: str, site_id: str, **given: Any) -> Device:
    named: dict[str, Any] = {"name": f"{device_id} name"} | given
    return Device(
        device_id=device_id, profile_id=profile, site_id=site_id, district=DISTRICT, **named
    )


@dataclass(frozen=True, slots=True)
class SmallCity:
    """A fresh database with the shipped catalogue."""

    upkeep: Upkeep

    async def register(self, sites: Iterable[Site], devices: Iterable[Device]) -> None:
        catalogue = read_catalogue()
        url = SecretStr(self.upkeep.role_url("yiwang_api"))
        async with await connect(url, program="test") as conn:
            await registry_store.put_metrics(conn, list(catalogue.metrics.values()))
            await registry_store.put_profiles(conn, list(catalogue.profiles.values()))
            await registry_store.put_sites(conn, list(sites))
            await registry_store.put_devices(conn, list(devices))
            await conn.commit()

    async def say(
        self, device_id: str, metric: str, values: Mapping[datetime, float], quality: int = 0
    ) -> None:
        """Store readings, settled as they are after a while."""
        number, metric_number = await self._numbers(device_id, metric)
        await self.upkeep.write(
            Sample(at, float(value), number, metric_number, quality) for at, value in values.items()
        )
        await self.upkeep.settle()

    async def say_latest(
        self, device_id: str, metric: str, value: float, at: datetime, quality: int = 0
    ) -> None:
        number, metric_number = await self._numbers(device_id, metric)
        await self.upkeep.fetch(
            "INSERT INTO latest_values VALUES (%s, %s, %s, %s, %s, %s)",
            number, metric_number, at, at, value, quality,
        )  # fmt: skip

    async def stand(self, truck: str, at: datetime, lon: float, lat: float) -> None:
        number, _ = await self._numbers(truck, "load_state")
        await self.upkeep.fetch(
            "INSERT INTO positions VALUES (%s, %s, %s, %s, %s, 30, 0, 0, 0)",
            at, at, number, lon, lat,
        )  # fmt: skip

    async def alert(self, alert_id: str, device_id: str | None, **given: Any) -> None:
        """Tell of an alert: an open one about fire, an hour old, unless said otherwise."""
        raised = given.get("raised_at", datetime.now(UTC) - timedelta(hours=1))
        document = {
            "alert_id": alert_id, "seq": 1, "rule_id": "some-rule", "rule_version": 1,
            "kind": "event", "priority": "low", "state": "unacknowledged", "active": True,
            "device_id": device_id, "site_id": None, "district": DISTRICT, "domain": "fire",
            "subject": "fault", "title_zh": "故障", "title_en": "Fault",
            "detected_at": raised, "updated_at": raised, "raised_at": raised,
        } | given  # fmt: skip
        await self.upkeep.fetch(
            """
            INSERT INTO alerts (
                alert_id, seq, rule_id, rule_version, kind, priority, state, device_id, site_id,
                district, domain, subject, raised_at, detected_at, updated_at, returned_at,
                acknowledged_at, acknowledged_by, cleared_at, verified_at, notified_at,
                dispatched_at, on_site_at, document)
            SELECT alert_id, seq, rule_id, rule_version, kind, priority, state, device_id, site_id,
                   district, domain, subject, raised_at, detected_at, updated_at, returned_at,
                   acknowledged_at, acknowledged_by, cleared_at, verified_at, notified_at,
                   dispatched_at, on_site_at, said
              FROM (SELECT %s::jsonb AS said) AS told, jsonb_populate_record(NULL::alerts, said)
            """,
            json.dumps(document, default=str),
        )

    async def ask(
        self, statement: LiteralString, *parameters: object, role: str = "yiwang_grafana"
    ) -> list[Row]:
        """Ask as a dashboard does."""
        async with await AsyncConnection.connect(
            self.upkeep.role_url(role), autocommit=True, row_factory=dict_row
        ) as conn:
            return await (await conn.execute(statement, parameters or None)).fetchall()

    async def _numbers(self, device_id: str, metric: str) -> tuple[int, int]:
        ((number, metric_number),) = await self.upkeep.fetch(
            "SELECT devices.number, metrics.number FROM devices, metrics"
            " WHERE device_id = %s AND metrics.name = %s",
            device_id, metric,
        )  # fmt: skip
        return number, metric_number


def every(step: timedelta, start: str, end: str, value: float) -> dict[datetime, float]:
    """Return the same value from one local instant to before another, one each step."""
    first, last = local(start), local(end)
    return {first + number * step: value for number in range((last - first) // step)}
