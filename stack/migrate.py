"""Bring the database up to date: roles and extension as superuser, then the owner's migrations."""

from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg.sql import SQL, Identifier, Literal
from yoyo import get_backend, read_migrations

from core.errors import Unavailable
from core.queries import load_queries
from stack.folders import ROOT
from stack.settings import MigrateSettings

MIGRATIONS = ROOT / "core/migrations"
OWNER = "yiwang_owner"

_QUERIES = load_queries(Path(__file__).with_name("roles.sql"))


def migrate(settings: MigrateSettings, folder: Path = MIGRATIONS) -> int:
    """Apply what is missing and return how many migrations that were; safe to repeat."""
    superuser = settings.database_url.get_secret_value()
    owner_password = settings.owner_password.get_secret_value()
    try:
        _prepare(superuser, settings)
        return _apply(_at(superuser, settings.database, OWNER, owner_password), folder)
    except psycopg.OperationalError as error:
        raise Unavailable(f"The database does not answer: {error}.") from error


def _prepare(superuser: str, settings: MigrateSettings) -> None:
    """Do what only the superuser can: roles, the database, the extension."""
    with psycopg.connect(superuser, autocommit=True) as connection:
        for role, password in _login_roles(settings).items():
            _ensure_role(connection, role, password)
        connection.execute(_QUERIES["restrain_dashboards"])
        _ensure_database(connection, settings.database)
    with psycopg.connect(_at(superuser, settings.database), autocommit=True) as connection:
        connection.execute(_QUERIES["create_extension"])


def _login_roles(settings: MigrateSettings) -> dict[str, str]:
    """Return the password of every role; what each may do is granted in the migrations."""
    return {
        OWNER: settings.owner_password.get_secret_value(),
        "yiwang_ingest": settings.ingest_password.get_secret_value(),
        "yiwang_alerts": settings.alerts_password.get_secret_value(),
        "yiwang_api": settings.api_password.get_secret_value(),
        "yiwang_grafana": settings.grafana_password.get_secret_value(),
    }


def _ensure_role(connection: psycopg.Connection, role: str, password: str) -> None:
    verb = SQL("ALTER" if _exists(connection, "role_exists", role) else "CREATE")
    connection.execute(
        SQL("{} ROLE {} LOGIN PASSWORD {}").format(verb, Identifier(role), Literal(password))
    )


def _ensure_database(connection: psycopg.Connection, name: str) -> None:
    if not _exists(connection, "database_exists", name):
        connection.execute(
            SQL("CREATE DATABASE {} OWNER {}").format(Identifier(name), Identifier(OWNER))
        )


def _exists(connection: psycopg.Connection, query: str, name: str) -> bool:
    row = connection.execute(_QUERIES[query], {"name": name}).fetchone()
    return bool(row and row[0])


def _apply(url: str, folder: Path) -> int:
    """Apply under yoyo's lock: of two that start together, one waits and finds nothing to do."""
    backend = get_backend(url.replace("postgresql://", "postgresql+psycopg://", 1))
    with backend, backend.lock():
        missing = backend.to_apply(read_migrations(str(folder)))
        backend.apply_migrations(missing)
        return len(missing)


def _at(url: str, database: str, user: str | None = None, password: str = "") -> str:
    """Return `url` turned to another database, and to another user if one is named."""
    parts = urlsplit(url)
    netloc = parts.netloc
    if user is not None:
        netloc = f"{user}:{quote(password, safe='')}@{netloc.rpartition('@')[2]}"
    return urlunsplit(parts._replace(netloc=netloc, path=f"/{database}"))
