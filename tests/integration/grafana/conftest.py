"""Databases to look at: one that is empty, one with a month of the default city in it."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from psycopg.sql import SQL

from bench.past.extent import short
from bench.past.filling import fill
from stack.migrate import OWNER
from tests.fixtures.databases import Database

FILLING = timedelta(seconds=30)
"""How long it takes to fill; the month ends about when it is there, so that it is fresh."""


@dataclass(frozen=True, slots=True)
class Clone:
    """A copy of the migrated database, and how to reach it as a role."""

    database: Database
    name: str

    def url(self, role: str | None = None) -> str:
        return self.database.url(self.name, role)


@dataclass(frozen=True, slots=True)
class Filled(Clone):
    """One with a month in it that ends `now`; nobody writes into it."""

    now: datetime


@pytest.fixture(scope="module")
def empty(database: Database) -> Iterator[Clone]:
    """A clone for a module of tests that only look."""
    with cloned(database) as name:
        yield Clone(database, name)


@pytest.fixture(scope="session")
def filled(database: Database) -> Iterator[Filled]:
    """The month as tests look at it: `bench.past` says what it holds."""
    with cloned(database) as name:
        now = datetime.now(UTC) + FILLING
        fill(database.url(name), short(now))
        yield Filled(database, name, now)


@contextmanager
def cloned(database: Database) -> Iterator[str]:
    """Have a clone while it is needed; its name."""
    name = f"yiwang_test_{secrets.token_hex(6)}"
    database.execute(
        SQL("CREATE DATABASE {name} TEMPLATE {template} OWNER {owner}"),
        name=name,
        template=database.template,
        owner=OWNER,
    )
    try:
        yield name
    finally:
        database.execute(SQL("DROP DATABASE {name} WITH (FORCE)"), name=name)
