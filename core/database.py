"""Connections to TimescaleDB through psycopg: UTC, named for their program, bounded in time."""

from typing import Any

import psycopg
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool
from pydantic import SecretStr

Connection = AsyncConnection[tuple[Any, ...]]

_CONNECT_TIMEOUT = 5  # seconds

DatabaseDown = (psycopg.OperationalError, psycopg.InterfaceError)
"""What psycopg raises when the server is away; anything else is a bug or a refusal."""


def options(program: str, *, statement_timeout_s: float) -> dict[str, Any]:
    """Return connect arguments: UTC, a name in pg_stat_activity, and an end to every statement."""
    return {
        "application_name": f"yiwang-{program}",
        "connect_timeout": _CONNECT_TIMEOUT,
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 3,
        "options": f"-c timezone=UTC -c statement_timeout={round(statement_timeout_s * 1000)}",
    }


async def connect(url: SecretStr, *, program: str, statement_timeout_s: float = 30) -> Connection:
    """Open one connection; raises one of `DatabaseDown` while the server is away."""
    return await AsyncConnection.connect(
        url.get_secret_value(), **options(program, statement_timeout_s=statement_timeout_s)
    )


def make_pool(
    url: SecretStr, *, program: str, size: int = 5, statement_timeout_s: float = 10
) -> AsyncConnectionPool[Connection]:
    """Return a pool, not yet open, that checks a connection before it lends it."""
    return AsyncConnectionPool(
        url.get_secret_value(),
        kwargs=options(program, statement_timeout_s=statement_timeout_s),
        min_size=1,
        max_size=size,
        timeout=3,
        check=AsyncConnectionPool.check_connection,
        name=program,
        open=False,
    )
