"""Signed proofs of a sign-in: nothing is stored, and a changed password ends them all."""

import hashlib
import hmac
from datetime import datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer
from pydantic import SecretStr

from api.errors import Unauthenticated
from api.people import User


class Tokens:
    """Issues tokens and reads them back; `now` is always given."""

    def __init__(self, secret_key: SecretStr, *, valid_for: timedelta) -> None:
        """Keep the key that signs."""
        self.valid_for = valid_for
        self._serializer = URLSafeSerializer(
            secret_key.get_secret_value(),
            salt="yiwang-session",
            signer_kwargs={"digest_method": hashlib.sha256, "key_derivation": "hmac"},
        )

    def issue(self, user: User, *, now: datetime) -> str:
        """Return a token for `user`, good for `valid_for`."""
        expires = int((now + self.valid_for).timestamp())
        return str(self._serializer.dumps([user.username, expires, _fingerprint(user)]))

    def owner(self, token: str, users: dict[str, User], *, now: datetime) -> User:
        """Return whose token it is; Unauthenticated once it is forged, expired or withdrawn."""
        try:
            username, expires, fingerprint = self._serializer.loads(token)
        except (BadData, ValueError, TypeError):
            raise Unauthenticated("The sign-in is not valid.") from None
        if expires <= now.timestamp():
            raise Unauthenticated("The sign-in has expired; sign in again.")
        user = users.get(username)
        if user is None or not hmac.compare_digest(fingerprint, _fingerprint(user)):
            raise Unauthenticated("The sign-in has been withdrawn; sign in again.")
        return user


def _fingerprint(user: User) -> str:
    return hashlib.sha256(user.password_hash.encode()).hexdigest()[:16]
