"""The ways out of the house, from a secret file: its addresses are passwords and never shown."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from alerts.notices.notice import Language, Recipient
from core.errors import Invalid

ALERTMANAGER: Final = "alertmanager"
"""Our own kind of channel: its addresses begin with alertmanager+http:// or +https://."""

_LONG: Final = frozenset({"mailto", "mailtos", "email", "json", "jsons", "xml", "xmls"})
_OTHERS_MAY: Final = 0o077

Form = Literal["short", "long", "alertmanager"]
Audience = Literal["inside", "outside"]


class _Channel(msgspec.Struct, forbid_unknown_fields=True):
    """A `[channels.NAME]` table as it is written."""

    url: Annotated[str, Meta(pattern=r"^[a-z0-9+]+://.+")]
    lang: Language = "zh"
    audience: Audience = "outside"
    rate_per_min: Annotated[int, Meta(ge=1, le=1000)] = 20
    form: Literal["short", "long"] | None = None


class Person(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A `[people.USERNAME]` table: the channels that reach them, and one for when those fail."""

    name: str
    channels: tuple[str, ...] = ()
    fallback: str | None = None


class _File(msgspec.Struct, forbid_unknown_fields=True):
    channels: dict[str, _Channel] = {}
    people: dict[str, Person] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One way out. `url` is not part of what is printed or compared in logs."""

    name: str
    url: str = field(repr=False)
    kind: str
    language: Language
    audience: Audience
    rate_per_min: int
    form: Form


class Channels:
    """Every channel and whom it reaches; empty where there is no file."""

    def __init__(
        self, channels: dict[str, Channel] | None = None, people: dict[str, Person] | None = None
    ) -> None:
        """Keep what the file says; the caller has checked it."""
        self.channels = channels or {}
        self.people = people or {}

    def reach(self, target: str) -> list[Recipient]:
        """Return the ways to a person, or to a shared channel; none if there is no way."""
        if person := self.people.get(target):
            return [Recipient(target, channel) for channel in person.channels]
        return [Recipient(target, target)] if target in self.channels else []

    def unreachable(self, targets: Iterable[str]) -> list[str]:
        """Say who of these has no channel, one sentence each; nobody has any without a file."""
        if not self.channels:
            return []
        return [f"No channel reaches {each!r}." for each in targets if not self.reach(each)]

    def fallback(self, recipient: Recipient) -> Recipient | None:
        """Return the other way to this person, if it is another."""
        person = self.people.get(recipient.to)
        if person is None or person.fallback in (None, recipient.channel):
            return None
        return Recipient(recipient.to, person.fallback or "")

    def name_of(self, target: str) -> str:
        """Return what a person is called, for people."""
        person = self.people.get(target)
        return person.name if person else target


def load_channels(path: Path | None) -> Channels:
    """Read the secret file; Invalid if others may read it or it says what cannot be.

    None means that nothing leaves the house: alerts are shown on the console only.
    """
    if path is None:
        return Channels()
    _require_private(path)
    try:
        document = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _File)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise Invalid(f"The channels file cannot be read: {_harmless(error)}.") from None
    channels = {name: _channel(name, each) for name, each in document.channels.items()}
    for username, person in document.people.items():
        for name in (*person.channels, *([person.fallback] if person.fallback else [])):
            if name not in channels:
                raise Invalid(
                    f"The channels file: {username} is reached by {name!r}, which is no channel."
                )
    return Channels(channels, document.people)


def _channel(name: str, written: _Channel) -> Channel:
    kind = written.url.partition("://")[0].partition("+")[0]
    automatic: Form = "long" if kind in _LONG else "short"
    return Channel(
        name=name,
        url=written.url,
        kind=kind,
        language=written.lang,
        audience=written.audience,
        rate_per_min=written.rate_per_min,
        form=ALERTMANAGER if kind == ALERTMANAGER else written.form or automatic,
    )


def _require_private(path: Path) -> None:
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise Invalid(f"There is no channels file {path}.") from None
    if mode & _OTHERS_MAY:
        raise Invalid(f"The channels file {path} holds secrets; others may read it: chmod 600.")


def _harmless(error: Exception) -> str:
    """Return the error's words, unless they may quote what is in the file."""
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8"
    return str(error)
