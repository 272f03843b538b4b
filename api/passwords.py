"""Passwords: argon2id in a thread of its own, and a short memory of the ones just verified."""

import asyncio
import hashlib
import hmac
import secrets
import time
from collections import OrderedDict

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from api.people import User

_AT_ONCE = 2  # verifications at a time: each takes 64 MiB and a core
_REMEMBER_FOR = 300.0  # seconds
_REMEMBER_AT_MOST = 1000

_hasher = PasswordHasher()


class Passwords:
    """Makes and verifies hashes without stopping the event loop."""

    def __init__(self) -> None:
        """Start with an empty memory and a hash nobody has the password of."""
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._key = secrets.token_bytes(32)
        self._verified: OrderedDict[bytes, float] = OrderedDict()
        self._nobody = _hasher.hash(secrets.token_hex(16))

    async def hash(self, password: str) -> str:
        """Return what is stored instead of the password."""
        async with self._turns:
            return await asyncio.to_thread(_hasher.hash, password)

    async def verify(self, user: User | None, password: str) -> bool:
        """Tell whether it is the user's password; an unknown user takes just as long."""
        digest = self._digest(user, password)
        if self._remembers(digest):
            return True
        stored = user.password_hash if user else self._nobody
        async with self._turns:
            right = await asyncio.to_thread(_matches, stored, password)
        if right and user is not None:
            self._remember(digest)
        return right and user is not None

    def _digest(self, user: User | None, password: str) -> bytes:
        known = user.password_hash if user else ""
        return hmac.digest(self._key, f"{known}\0{password}".encode(), hashlib.sha256)

    def _remembers(self, digest: bytes) -> bool:
        return self._verified.get(digest, 0.0) > time.monotonic()

    def _remember(self, digest: bytes) -> None:
        self._verified[digest] = time.monotonic() + _REMEMBER_FOR
        if len(self._verified) > _REMEMBER_AT_MOST:
            self._verified.popitem(last=False)


def _matches(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
