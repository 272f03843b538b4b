"""Each line of the journal carries a fingerprint of itself and of everything before it."""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Final, NamedTuple, Self

import msgspec

from alerts.journal.pen import Line
from core.errors import Invalid

GENESIS: Final = bytes(32)
"""Stands before the first line."""

_HEADS: Final = msgspec.json.Encoder()


class Head(NamedTuple):
    """The latest line: its number and its fingerprint, which stands for all before it."""

    no: int
    hash: bytes

    def as_text(self) -> str:
        """Return `NO:HEX`, short enough to be kept on paper: an anchor for `verify`."""
        return f"{self.no}:{self.hash.hex()}"

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read `NO:HEX`; Invalid if it is anything else."""
        no, _, digits = text.strip().partition(":")
        try:
            head = cls(int(no), bytes.fromhex(digits))
        except ValueError:
            head = cls(0, b"")
        if len(head.hash) != len(GENESIS):
            raise Invalid(f"{text!r} is no head of a journal: NO:HASH with 64 hexadecimal digits.")
        return head


class Entry(NamedTuple):
    """A line where it stands in the journal."""

    no: int
    line: Line
    hash: bytes


def digest(no: int, line: Line) -> bytes:
    """Return 32 bytes for what line `no` says, which give away nothing of it.

    A JSON array says where each field ends, so no two lines look alike to the hash.
    """
    head = _HEADS.encode((no, line.seq, line.at_us, line.kind, line.subject, line.actor))
    return sha256(head + line.document).digest()


def fingerprint(before: bytes, no: int, line: Line) -> bytes:
    """Return the 32 bytes that tie line `no` to the one `before` it.

    They can be computed from the line's digest alone: so the place of one line in the chain can
    be proved to somebody who must not read the others.
    """
    return sha256(before + digest(no, line)).digest()


def linked(head: Head, lines: Iterable[Line]) -> Iterator[Entry]:
    """Yield the lines as they stand behind `head`, each tied to the one before."""
    no, before = head
    for line in lines:
        no += 1
        before = fingerprint(before, no, line)
        yield Entry(no, line, before)
