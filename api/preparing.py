"""What an empty system needs before its first day: the catalogue, people, the broker's files."""

import structlog

from api.passwords import Passwords
from api.people import User
from api.settings import DemoUsers, PrepareSettings
from api.store import users
from core.clock import utc_now
from core.database import Connection, DatabaseDown, connect
from core.errors import Unavailable
from devices import access, credentials, store
from devices.catalogue import load_catalogue

log = structlog.get_logger()


async def prepare(settings: PrepareSettings) -> None:
    """Fill what is missing; running it again changes nothing but what the settings changed."""
    try:
        async with await connect(settings.database_url, program="api-prepare") as conn:
            await _load_catalogue(conn)
            await _admit_people(conn, settings.demo_users)
            held = await credentials.live_credentials(conn)
            registry = await store.load_registry(conn)
    except DatabaseDown as error:
        raise Unavailable("The database does not answer; nothing was prepared.") from error
    access.write_access(settings.broker_access_dir, registry, held)


async def _load_catalogue(conn: Connection) -> None:
    catalogue = load_catalogue()
    await store.put_metrics(conn, catalogue.metrics)
    await store.put_profiles(conn, catalogue.profiles)
    log.info("catalogue loaded", metrics=len(catalogue.metrics), profiles=len(catalogue.profiles))


async def _admit_people(conn: Connection, people: DemoUsers) -> None:
    passwords = Passwords()
    known = {user.username: user for user in await users.list_users(conn)}
    for username, (role, secret) in people.items():
        password, user = secret.get_secret_value(), known.get(username)
        if user is not None and user.role is role and await passwords.verify(user, password):
            continue
        fresh = User(
            username=username,
            full_name=user.full_name if user else "",
            role=role,
            password_hash=await passwords.hash(password),
            disabled=False,
            created_at=utc_now(),
        )
        await (users.change_user if user else users.add_user)(conn, fresh)
        log.info("person admitted", username=username, role=role)
