"""What is asked of the engine over the broker: commands change something, queries only look.

Every part brings its own kinds of request and the handlers for them; here they are read, carried
out once, and answered.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from alerts.journal.journal import Answer
from core.clock import to_us
from core.errors import Conflict, Invalid, NotFound

ANSWER_BYTES: Final = 1_000_000
"""The broker refuses messages of two megabytes, and the connection with them."""

Name = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")]
Text = Annotated[str, Meta(min_length=1, max_length=2000)]
"""What an officer writes: reasons, comments, references."""


class Command(msgspec.Struct, frozen=True, kw_only=True, tag_field="do"):
    """Something an officer does; the same `request_id` again is the same command."""

    request_id: Name
    officer: Name


class Query(msgspec.Struct, frozen=True, kw_only=True, tag_field="do"):
    """Something somebody wants to see."""


Handler = Callable[[Any, datetime], Mapping[str, object]]
"""Carries out one kind of request and returns what the answer says; Conflict, Invalid, NotFound."""

Handlers = Mapping[type[msgspec.Struct], Handler]


class Requests:
    """Answers requests; `answers` collects those that must be on disk before they go out."""

    def __init__(self, handlers: Handlers, recall: Callable[[str], bytes | None]) -> None:
        """Answer by `handlers`; `recall` finds the answer a command was given before."""
        self._handlers = handlers
        self._decoder = msgspec.json.Decoder(reduce(or_, handlers))
        self._recall = recall
        self.answers: dict[str, Answer] = {}

    def answer(self, payload: bytes, now: datetime) -> bytes:
        """Do what is asked and return the reply."""
        try:
            request = self._decoder.decode(payload)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            return _refusal("invalid", f"The request cannot be read: {error}.")
        if isinstance(request, Command):
            return self._once(request, now)
        return self._carry_out(request, now)

    def take_answers(self) -> tuple[Answer, ...]:
        """Hand over what is not on disk yet."""
        answers, self.answers = tuple(self.answers.values()), {}
        return answers

    def _once(self, command: Command, now: datetime) -> bytes:
        """Carry out the command, unless this very request was answered before."""
        if new := self.answers.get(command.request_id):
            return new.text
        if (text := self._recall(command.request_id)) is not None:
            return text
        text = self._carry_out(command, now)
        self.answers[command.request_id] = Answer(command.request_id, to_us(now), text)
        return text

    def _carry_out(self, request: msgspec.Struct, now: datetime) -> bytes:
        try:
            content = self._handlers[type(request)](request, now)
        except (Conflict, Invalid, NotFound) as error:
            return _refusal(error.code, error.message)
        return msgspec.json.encode({"ok": True, **content})


def fitting(documents: Iterable[bytes]) -> list[msgspec.Raw]:
    """Take as many as one answer can carry, in order; whoever asked asks again from the last."""
    taken, room = [], ANSWER_BYTES
    for document in documents:
        room -= len(document)
        if room < 0:
            break
        taken.append(msgspec.Raw(document))
    return taken


def _refusal(code: str, message: str) -> bytes:
    return msgspec.json.encode({"ok": False, "error": {"code": code, "message": message}})
