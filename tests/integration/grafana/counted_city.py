"""A city small enough to be counted by hand: written by the owner, read as dashboards read it."""

from datetime import datetime, timedelta
from typing import Any

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from tests.fixtures.databases import RoleUrl

SECOND = timedelta(seconds=1)
Answer = list[dict[str, Any]]


class City:
    """Two domains, one site each; writes as the owner, reads as dashboards do."""

    def __init__(self, role_url: RoleUrl) -> None:
        self._owner = psycopg.connect(role_url("yiwang_owner"), autocommit=True)
        self._reader = psycopg.connect(
            role_url("yiwang_grafana"), autocommit=True, row_factory=dict_row
        )
        self._alerts = 0
        self._build()

    def close(self) -> None:
        self._owner.close()
        self._reader.close()

    def write(self, sql: str, *values: object) -> None:
        self._owner.execute(sql.encode(), values or None)

    def read(self, sql: str, *values: object) -> Answer:
        return self._reader.execute(sql.encode(), values or None).fetchall()

    def device(
        self, name: str, domain: str = "fire", gateway: str | None = None, *, used: bool = True
    ) -> int:
        self.write(
            "INSERT INTO devices (device_id, profile_id, site_id, district, name, gateway_id,"
            " in_service) VALUES (%s, %s, %s, '620171', %s, %s, %s)",
            *(name, f"{domain}-p", f"{domain}-s", name, gateway, used),
        )
        (row,) = self._owner.execute(
            "SELECT number FROM devices WHERE device_id = %s", [name]
        ).fetchall()
        return int(row[0])

    def alert(
        self,
        device: str | None,
        since: datetime,
        until: datetime | None = None,
        *,
        kind: str = "offline",
        cause: str | None = "device",
        priority: str = "low",
        state: str | None = None,
        **document: object,
    ) -> str:
        self._alerts += 1
        alert_id = f"a{self._alerts}"
        facts = {"active": until is None, "cause": cause, "title_zh": "标题", "title_en": "Title"}
        self.write(
            "INSERT INTO alerts (alert_id, seq, rule_id, rule_version, kind, priority, state,"
            " device_id, site_id, district, domain, subject, raised_at, detected_at, updated_at,"
            " returned_at, cleared_at, document) VALUES (%s, %s, 'rule', 1, %s, %s, %s, %s,"
            " 'fire-s', '620171', 'fire', 'x', %s, %s, %s, %s, %s, %s)",
            *(alert_id, self._alerts, kind, priority),
            state or ("unacknowledged" if until is None else "normal"),
            *(device, since, since, until or since, until, until, Jsonb(facts | document)),
        )
        return alert_id

    def reading(
        self, device: int, at: datetime, quality: int = 0, delay: timedelta = SECOND
    ) -> None:
        self.write(
            "INSERT INTO readings VALUES (%s, %s, %s, 1, 1, %s)", at, at + delay, device, quality
        )

    def latest(self, device: int, at: datetime) -> None:
        self.write("INSERT INTO latest_values VALUES (%s, 1, %s, %s, 1, 0)", device, at, at)

    def beat(self, program: str, at: datetime, state: str = "running", **facts: object) -> None:
        self.write(
            "INSERT INTO heartbeats VALUES (%s, 'one', %s, %s, NULL, %s)",
            *(program, at, state, Jsonb(facts)),
        )

    def _build(self) -> None:
        self.write("INSERT INTO grids VALUES ('620171', NULL, '新区', NULL)")
        self.write("INSERT INTO grids VALUES ('620171001', '620171', '街道', NULL)")
        for domain, interval in (("fire", 60), ("utility", 300)):
            self.write(
                "INSERT INTO sites (site_id, kind, name, district, lon, lat, grid_code)"
                " VALUES (%s, %s, %s, '620171', 103.6, 36.5, '620171001')",
                *(f"{domain}-s", f"{domain}_site", domain),
            )
            self.write(
                "INSERT INTO profiles VALUES (%s, %s)",
                *(f"{domain}-p", Jsonb({"domain": domain, "expected_interval_s": interval})),
            )
