"""A private database that holds the month."""

from datetime import UTC, datetime
from typing import Any

from pydantic import SecretStr

from bench.past.extent import short, whole
from bench.past.filling import Month, fill
from bench.scale import Scale
from bench.systems import System
from stack.deployment import DATABASE, Deployment
from stack.migrate import migrate
from stack.settings import MigrateSettings


def house(system: System, scale: Scale) -> tuple[Month, datetime]:
    """Make the tables and fill them; with --quick, with what the tests look at."""
    _migrate(system.deployment)
    now = datetime.now(UTC)
    return fill(system.owner_url, short(now) if scale.quick else whole(now)), now


def _migrate(deployment: Deployment) -> None:
    """Give the database its tables: no program of ours is started that would see to it."""
    roles = ("owner", "ingest", "alerts", "api", "grafana")
    passwords: dict[str, Any] = {
        f"{role}_password": SecretStr(deployment.passwords[f"yiwang_{role}"]) for role in roles
    }
    url = SecretStr(deployment.superuser_url())
    migrate(MigrateSettings(database_url=url, database=DATABASE, **passwords))
