"""How long names and texts may be, in bodies and in addresses."""

from typing import Annotated

from fastapi import Query
from msgspec import Meta

Name = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")]
"""A name or an address: one line."""

Reason = Annotated[str, Meta(min_length=1, max_length=500, pattern=r"\S")]
"""Why something is done; never blank, because somebody will have to understand it."""

Text = Annotated[str, Meta(min_length=1, max_length=2000, pattern=r"\S")]
"""What somebody has to say."""

Identifier = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]

Why = Annotated[
    str,
    Query(min_length=1, max_length=500, pattern=r"\S", description="why; stands in the history"),
]
"""The reason of a DELETE, which has no body."""
