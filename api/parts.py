"""Everything a request may need, built once per program and handed to routes by FastAPI."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from api.admission import Admission
from api.attempts import Attempts
from api.audit import Audit
from api.city import Links
from api.database import Database
from api.engine import Engine
from api.live import Live
from api.passwords import Passwords
from api.registry import CurrentRegistry
from api.settings import Settings
from api.stream import Stream
from api.tokens import Tokens
from api.users import Users
from core.broker import BrokerClient
from core.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The running api behind the routes."""

    settings: Settings
    clock: Clock
    broker: BrokerClient
    database: Database
    admission: Admission
    registry: CurrentRegistry
    users: Users
    passwords: Passwords
    tokens: Tokens
    attempts: Attempts
    audit: Audit
    engine: Engine
    live: Live
    stream: Stream

    def links(self) -> Links:
        """Return how the api's own connections are just now."""
        return Links(broker=self.broker.connected, database=self.database.up)


def _of_request(request: Request) -> Parts:
    parts: Parts = request.app.state.parts
    return parts


Running = Annotated[Parts, Depends(_of_request)]
"""Annotate a route's argument with this to receive the parts."""
