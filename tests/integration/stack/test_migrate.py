"""Migrations: repeatable, by the owner, and the roles they leave behind."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.sql import SQL
from pydantic import SecretStr

from core.errors import Unavailable
from stack.migrate import migrate
from stack.settings import MigrateSettings
from tests.fixtures.databases import Database, RoleUrl

TWO_STEPS = {
    "0001.first.sql": "-- depends:\nCREATE TABLE first (id int);\n",
    "0002.second.sql": "-- depends: 0001.first\nCREATE TABLE second (id int);\n",
}


@pytest.fixture
def settings(database: Database) -> Iterator[MigrateSettings]:
    passwords = {
        f"{role}_password": SecretStr(database.passwords[f"yiwang_{role}"])
        for role in ("owner", "ingest", "alerts", "api", "grafana")
    }
    url = SecretStr(database.superuser_url)
    yield MigrateSettings(database_url=url, database="yiwang_migrating", **passwords)
    database.execute(SQL("DROP DATABASE IF EXISTS {name} WITH (FORCE)"), name="yiwang_migrating")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in TWO_STEPS.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def test_a_second_run_finds_nothing_to_do(settings: MigrateSettings, folder: Path) -> None:
    assert (migrate(settings, folder), migrate(settings, folder)) == (2, 0)


def test_only_what_is_missing_is_applied(settings: MigrateSettings, folder: Path) -> None:
    (folder / "0002.second.sql").rename(folder / "later")
    migrate(settings, folder)
    (folder / "later").rename(folder / "0002.second.sql")

    assert migrate(settings, folder) == 1


def test_tables_belong_to_the_owner(
    settings: MigrateSettings, folder: Path, database: Database
) -> None:
    migrate(settings, folder)

    with psycopg.connect(database.url("yiwang_migrating")) as connection:
        row = connection.execute(
            "SELECT tableowner FROM pg_tables WHERE tablename = 'second'"
        ).fetchone()

    assert row == ("yiwang_owner",)


def test_a_database_that_does_not_answer_is_one_sentence(settings: MigrateSettings) -> None:
    nowhere = SecretStr("postgresql://postgres:secret@127.0.0.1:1/postgres")

    with pytest.raises(Unavailable, match="does not answer") as caught:
        migrate(settings.model_copy(update={"database_url": nowhere}))

    assert "secret" not in caught.value.message


def test_dashboards_can_not_write(role_url: RoleUrl) -> None:
    with (
        psycopg.connect(role_url("yiwang_grafana")) as connection,
        pytest.raises(psycopg.errors.ReadOnlySqlTransaction),
    ):
        connection.execute("CREATE TABLE mine (id int)")
