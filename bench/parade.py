"""As many lamps and trucks as the wall must carry; the trucks are where they are told to be."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Final, Self

import httpx
import psycopg

from bench.publishing import DISTRICT
from stack.deployment import Deployment

LAMPS: Final = 20_000
TRUCKS: Final = 2000

_HALF_A_MINUTE = timedelta(seconds=30)  # between two reports of a truck
_WITHIN = 120.0  # seconds, for the import
_ROW = 200  # lamps in a street

_ARE_AT = """
INSERT INTO latest_positions (device_id, observed_at, received_at, lon, lat, speed_kmh,
                              direction_deg, quality)
SELECT number, %(now)s, %(now)s, 103.5 + %(step)s * 0.002 + (number %% 200) * 0.001,
       36.4 + (number %% 150) * 0.0008, 40, 90, 0
  FROM devices WHERE profile_id = 'truck-terminal'
    ON CONFLICT (device_id) DO UPDATE
   SET lon = excluded.lon, observed_at = excluded.observed_at, received_at = excluded.received_at
"""


class Parade:
    """The trucks of a large city; each `move` takes them all 180 m to the east and back."""

    def __init__(self, owner_url: str) -> None:
        """Take the database they are written into; nothing is registered yet."""
        self._conn = psycopg.connect(owner_url, autocommit=True)
        self._step = 0

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connection."""
        self._conn.close()

    def register(self, deployment: Deployment) -> None:
        """Import the city as its supervisor would."""
        auth = ("supervisor", deployment.passwords["demo-supervisor"])
        url = f"{deployment.api_url}/api/v1/registry/import"
        httpx.post(url, json=_city(), auth=auth, timeout=_WITHIN).raise_for_status()
        self._report(datetime.now(UTC) - _HALF_A_MINUTE)

    def move(self) -> None:
        """Let every truck report from the other end of its way."""
        self._step = 1 - self._step
        self._report(datetime.now(UTC))

    def _report(self, at: datetime) -> None:
        self._conn.execute(_ARE_AT, {"now": at, "step": self._step})


def _city() -> dict[str, Any]:
    place = {"district": DISTRICT, "lon": 103.6, "lat": 36.45}
    sites = [
        {"site_id": "light-1", "kind": "lighting_cabinet", "name": "照明柜", **place},
        {"site_id": "firm-1", "kind": "haulage_firm", "name": "运输公司", **place},
    ]
    return {"sites": sites, "devices": [*_lamps(), *_trucks()]}


def _lamps() -> Iterator[dict[str, Any]]:
    for number in range(LAMPS):
        yield {
            "device_id": f"lamp-{number:05}",
            "profile_id": "lamp-controller",
            "site_id": "light-1",
            "district": DISTRICT,
            "name": f"路灯 {number}",
            "lon": 103.5 + (number % _ROW) * 0.001,
            "lat": 36.4 + (number // _ROW) * 0.001,
        }


def _trucks() -> Iterator[dict[str, Any]]:
    for number in range(TRUCKS):
        yield {
            "device_id": f"truck-{number:04}",
            "profile_id": "truck-terminal",
            "site_id": "firm-1",
            "district": DISTRICT,
            "name": f"甘A{number:05}",
        }
