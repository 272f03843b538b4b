"""What a signed-in person has the alert engine do: carried out once, and noted in the audit."""

import hashlib
import uuid
from collections.abc import Mapping
from typing import Annotated

import msgspec
from fastapi import Depends, Header, Response

from api.authentication import Officer, Supervisor
from api.engine import Content
from api.parts import Parts, Running
from api.people import Role, User
from core.errors import Invalid

IdempotencyKey = Annotated[
    str | None,
    Header(max_length=200, description="the same key again gets the same answer again"),
]


class Orders:
    """The orders of one request; each works while the database is stopped."""

    def __init__(self, parts: Parts, user: User, key: str | None) -> None:
        """Order in the name of `user`; `key` makes a repeated request the same request."""
        self._parts = parts
        self._key = key
        self.officer = user.username

    async def move(
        self, alert_id: str, do: str, asked: msgspec.Struct | None = None, *, status: int = 201
    ) -> Response:
        """Have an alert moved and answer with it; the engine's refusal is the caller's."""
        fields = {} if asked is None else _said(asked)
        signed = self._signed(do, {"alert_id": alert_id, **fields})
        alert = await self._parts.engine.order(do, **signed)
        self._parts.audit.note(self.officer, f"alert.{do}", alert_id, **fields)
        return Response(alert.document, status, media_type="application/json")

    async def carry_out(self, do: str, *, deed: str, subject: str, **fields: object) -> Content:
        """Have anything else done; `deed` and `subject` are how the audit calls it."""
        content = await self._parts.engine.ask(do, **self._signed(do, fields))
        self._parts.audit.note(self.officer, deed, subject)
        return content

    def check_person(self, username: str) -> None:
        """Raise Invalid unless this is somebody who signs in and may take alerts."""
        user = self._parts.users.admitted.get(username)
        if user is None or not user.role.covers(Role.OFFICER):
            raise Invalid(f"{username!r} is nobody who takes alerts.", code="not_an_officer")

    def _signed(self, do: str, fields: Mapping[str, object]) -> dict[str, object]:
        signed = {**fields, "officer": self.officer}
        return {**signed, "request_id": request_id(self._key, do, signed)}


def request_id(key: str | None, do: str, fields: Mapping[str, object]) -> str:
    """Name a request: the same for the same key and content, a new one each time without a key.

    A key that was used for something else is no reason to answer with that something else.
    """
    if key is None:
        return uuid.uuid4().hex
    content = msgspec.json.encode([key, do, fields], order="sorted")
    return hashlib.sha256(content).hexdigest()[:32]


def _said(asked: msgspec.Struct) -> dict[str, object]:
    """Return what was said; what was left out is not sent."""
    return {name: said for name, said in msgspec.structs.asdict(asked).items() if said is not None}


def _by_officer(parts: Running, user: Officer, idempotency_key: IdempotencyKey = None) -> Orders:
    return Orders(parts, user, idempotency_key)


def _by_supervisor(
    parts: Running, user: Supervisor, idempotency_key: IdempotencyKey = None
) -> Orders:
    return Orders(parts, user, idempotency_key)


OfficerOrders = Annotated[Orders, Depends(_by_officer)]
SupervisorOrders = Annotated[Orders, Depends(_by_supervisor)]
