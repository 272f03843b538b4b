"""Whoever stands before a dashboard can send any SQL as this role: what can they do with it?"""

import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import errors
from psycopg.sql import SQL, Identifier
from pydantic import SecretStr

from grafana.trying import connect
from stack.migrate import MIGRATIONS, migrate
from stack.settings import MigrateSettings
from tests.fixtures.databases import Database
from tests.integration.grafana.conftest import Clone

REFUSED = (errors.InsufficientPrivilege, errors.ReadOnlySqlTransaction)

# Everything of ours wherever it lies, the chunks of hypertables included. What belongs to
# PostgreSQL and TimescaleDB everybody may see; it says how things are stored, not what.
READABLE = """
SELECT format('%I.%I', nspname, relname)
  FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
 WHERE relkind IN ('r', 'v', 'm', 'p', 'f') AND pg_get_userbyid(relowner) = 'yiwang_owner'
   AND has_schema_privilege(pg_namespace.oid, 'USAGE')
   AND has_any_column_privilege(pg_class.oid, 'SELECT')
 ORDER BY 1
"""
WRITABLE = """
SELECT format('%I.%I', nspname, relname)
  FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
 WHERE relkind IN ('r', 'v', 'm', 'p', 'f') AND nspname NOT IN ('pg_catalog', 'information_schema')
   AND (has_any_column_privilege(pg_class.oid, 'INSERT, UPDATE')
        OR has_table_privilege(pg_class.oid, 'DELETE, TRUNCATE'))
"""
CALLABLE = """
SELECT DISTINCT proname
  FROM pg_proc JOIN pg_namespace ON pg_namespace.oid = pronamespace
 WHERE nspname = 'public' AND has_function_privilege(pg_proc.oid, 'EXECUTE')
   AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
 ORDER BY 1
"""


@pytest.fixture
def conn(empty: Clone) -> Iterator[psycopg.Connection]:
    with connect(empty.url("yiwang_grafana")) as connection:
        yield connection


def shown(conn: psycopg.Connection, setting: str) -> str:
    row = conn.execute("SELECT current_setting(%s)", [setting]).fetchone()
    return str(row[0]) if row else ""


def settings_for(database: Database, name: str) -> MigrateSettings:
    passwords = {
        f"{role.removeprefix('yiwang_')}_password": SecretStr(password)
        for role, password in database.passwords.items()
    }
    url = SecretStr(database.superuser_url)
    return MigrateSettings(database_url=url, database=name, **passwords)


def readable(conn: psycopg.Connection) -> list[str]:
    return [row[0] for row in conn.execute(READABLE).fetchall()]


def test_the_role_reads_the_dashboards_schema_and_nothing_else(conn: psycopg.Connection) -> None:
    found = readable(conn)

    assert found
    assert [name for name in found if not name.startswith("dash.")] == []


def test_after_an_upgrade_the_role_cannot_read_chunks_of_before(
    database: Database, tmp_path: Path
) -> None:
    name = f"yiwang_old_{secrets.token_hex(4)}"
    before = [each for each in MIGRATIONS.glob("*.sql") if each.name < "0009"]
    for each in before:
        shutil.copy(each, tmp_path)
    settings = settings_for(database, name)
    try:
        migrate(settings, tmp_path)
        with psycopg.connect(database.url(name)) as owner:
            owner.execute("INSERT INTO readings VALUES ('2026-11-01', '2026-11-01', 1, 1, 20.5, 0)")
        migrate(settings)
        with connect(database.url(name, "yiwang_grafana")) as conn:
            assert [each for each in readable(conn) if not each.startswith("dash.")] == []
    finally:
        database.execute(SQL("DROP DATABASE IF EXISTS {name} WITH (FORCE)"), name=name)


def test_the_role_may_write_nowhere(conn: psycopg.Connection) -> None:
    assert conn.execute(WRITABLE).fetchall() == []


@pytest.mark.parametrize(
    "table",
    [
        "users", "audit", "credentials", "alerts", "alert_events", "alert_journal", "devices",
        "readings", "positions", "latest_values", "quarantine", "readings_1h", "heartbeats",
    ],
)  # fmt: skip
def test_no_table_can_be_read_past_the_views(conn: psycopg.Connection, table: str) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        conn.execute(SQL("SELECT * FROM {} LIMIT 1").format(Identifier("public", table)))


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO public.audit (at, actor, action) VALUES (now(), 'wall', 'x')",
        "UPDATE public.alerts SET state = 'normal'",
        "DELETE FROM public.readings",
        "TRUNCATE public.readings",
        "DROP VIEW dash.open_alerts",
        "CREATE TABLE dash.mine (x int)",
        "CREATE TABLE public.mine (x int)",
        "CREATE SCHEMA mine",
        "ALTER ROLE yiwang_grafana SUPERUSER",
        "COPY (SELECT 1) TO '/tmp/wall.txt'",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT lo_import('/etc/passwd')",
        "SELECT public.delete_expired_rows(now(), 10)",
    ],
)
def test_nothing_can_be_changed_or_carried_away(conn: psycopg.Connection, statement: str) -> None:
    with pytest.raises(REFUSED):
        conn.execute(statement)


def test_several_statements_in_one_query_do_no_harm(conn: psycopg.Connection, empty: Clone) -> None:
    unlocked = "SET default_transaction_read_only = off; SET statement_timeout = 0; COMMIT; "
    for harm in (
        "DELETE FROM public.alerts",
        "INSERT INTO public.grids (code, name) VALUES ('620171', 'x')",
        "GRANT SELECT ON public.users TO yiwang_grafana",
        "SET ROLE yiwang_owner; SELECT * FROM public.users",
        "SET SESSION AUTHORIZATION yiwang_owner; DELETE FROM public.users",
        "CREATE VIEW dash.leak AS SELECT * FROM public.users",
    ):
        with pytest.raises(REFUSED):
            conn.execute(f"SELECT 1; {unlocked}{harm}")
    with psycopg.connect(empty.url()) as owner:
        assert owner.execute("SELECT count(*) FROM public.grids").fetchone() == (0,)


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("statement_timeout", "15s"),
        ("default_transaction_read_only", "on"),
        ("timezone", "UTC"),
        ("search_path", "dash, public"),
    ],
)
def test_the_role_brings_its_own_settings(
    conn: psycopg.Connection, setting: str, expected: str
) -> None:
    assert shown(conn, setting) == expected


def test_the_role_has_few_connections(conn: psycopg.Connection) -> None:
    row = conn.execute(
        "SELECT rolconnlimit, rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls"
        "  FROM pg_roles WHERE rolname = current_user"
    ).fetchone()

    assert row == (15, False, False, False, False, False)


def test_the_role_is_a_member_of_no_other(conn: psycopg.Connection) -> None:
    membership = "SELECT rolname FROM pg_roles WHERE pg_has_role(current_user, oid, 'MEMBER')"

    assert conn.execute(membership).fetchall() == [("yiwang_grafana",)]


def test_a_statement_that_lingers_is_ended(conn: psycopg.Connection) -> None:
    conn.execute("SET statement_timeout = '50ms'")  # as the role's own, only sooner

    with pytest.raises(errors.QueryCanceled):
        conn.execute("SELECT pg_sleep(30)")


def test_functions_that_read_with_the_callers_rights_read_nothing(
    conn: psycopg.Connection,
) -> None:
    for (function,) in conn.execute(CALLABLE).fetchall():
        assert function in {"annunciation_of", "settled_until", "bump_registry_version",
                            "note_touched_minutes"}, function  # fmt: skip
    with pytest.raises(errors.InsufficientPrivilege):
        conn.execute("SELECT * FROM public.alarm_kpis(now() - interval '1 day', now())")


def test_views_hold_nothing_personal(conn: psycopg.Connection) -> None:
    columns = conn.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'dash'"
    ).fetchall()
    names = {row[0] for row in columns}

    forbidden = {"phone", "telephone", "mobile", "email", "e_mail", "contact", "contacts", "note",
                 "payload", "password_hash", "full_name", "plate_owner", "driver"}  # fmt: skip
    assert names & forbidden == set()
