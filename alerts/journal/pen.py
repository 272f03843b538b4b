"""What one turn of the engine wrote: lines for ever, records as they are now. No disk here."""

from typing import Final, NamedTuple

import msgspec

_ENCODER: Final = msgspec.json.Encoder()


class Line(NamedTuple):
    """One thing that happened: what kind, about whom, when, by whom; never changed afterwards.

    Only the transitions of alerts (`kind` "alert") carry a `seq`; theirs run without holes.
    """

    kind: str
    subject: str
    at_us: int
    document: bytes
    actor: str | None = None
    seq: int | None = None


class Pen:
    """Shared by every part that has something to remember; the engine commits it turn by turn.

    Parts change their own memory first and write down here what they changed. What is written in
    one turn becomes durable together or not at all.
    """

    def __init__(self) -> None:
        """Begin with an empty page."""
        self.lines: list[Line] = []
        self.records: dict[tuple[str, str], bytes | None] = {}

    def write(
        self,
        kind: str,
        subject: str,
        document: object,
        *,
        at_us: int,
        actor: str | None = None,
        seq: int | None = None,
    ) -> None:
        """Add a line to the journal; `document` is JSON already, or becomes it."""
        self.lines.append(Line(kind, subject, at_us, _json(document), actor, seq))

    def keep(self, kind: str, key: str, value: object) -> None:
        """Remember `value` under (kind, key) from now on; a restart finds it there."""
        self.records[kind, key] = _json(value)

    def drop(self, kind: str, key: str) -> None:
        """Forget what stands under (kind, key)."""
        self.records[kind, key] = None

    def take(self) -> tuple[list[Line], dict[tuple[str, str], bytes | None]]:
        """Hand over the page and begin a new one."""
        taken = self.lines, self.records
        self.lines, self.records = [], {}
        return taken


def _json(value: object) -> bytes:
    return value if isinstance(value, bytes) else _ENCODER.encode(value)
