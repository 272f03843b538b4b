"""A connection of the api's role to a fresh database."""

from collections.abc import AsyncIterator, Callable

import psycopg
import pytest

from core.database import Connection


@pytest.fixture
async def conn(role_url: Callable[[str], str]) -> AsyncIterator[Connection]:
    async with await psycopg.AsyncConnection.connect(role_url("yiwang_api")) as connection:
        yield connection
