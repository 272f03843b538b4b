from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixtures.databases import RoleUrl
from tests.fixtures.servers import Servers
from tests.integration.alerts.duty_room import DutyRoom, duty_room


@pytest.fixture
def room(
    broker: Servers, database_url: str, role_url: RoleUrl, tmp_path: Path
) -> Iterator[DutyRoom]:
    with duty_room(
        broker,
        database_url,
        role_url("yiwang_alerts"),
        tmp_path,
        ALERTS_LIMITS__FAREWELL_S="0.3",
        ALERTS_LIMITS__STALE_S="2",
    ) as furnished:
        yield furnished
