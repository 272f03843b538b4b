"""The alert engine in this process, on a clock of its own, with people who answer it.

Everything between the broker's messages and the journal's lines is the engine's own code. People
are ours: how soon somebody takes an alert depends on its priority, and a third of the low ones
nobody takes before they are gone.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np

from alerts.agenda import Agenda
from alerts.board.alert import Alert
from alerts.board.states import State
from alerts.duty import Duty
from alerts.journal.journal import Journal
from alerts.judging.rulebook import SHIPPED, load_rulebook
from alerts.notices.notice import Result
from alerts.settings import Limits
from core.broker import Delivery
from core.clock import from_us
from core.errors import Invalid
from devices.registry import Registry
from simulators.message import Message

LOOK_US: Final = 5_000_000
"""The engine looks around ten times a second; here as seldom as one may that is awake."""

_S: Final = 1_000_000
_TAKES_S: Final = {
    "critical": (15, 90),
    "high": (60, 360),
    "medium": (120, 1200),
    "low": (300, 7200),
}
_VERIFIES_S: Final = 240
_FALSE_SHARE: Final = 0.9  # of fire alarms, as every fire service reports; ours


class Deed(NamedTuple):
    """Something an officer is about to do with an alert."""

    what: str
    alert_id: str


class Room:
    """One duty, its journal and the people at its desks."""

    def __init__(self, folder: Path, registry: Registry, *, start_us: int, seed: int) -> None:
        """Begin with an empty board."""
        self.journal = Journal(folder, now_us=start_us)
        self.duty = Duty(load_rulebook(SHIPPED), self.journal, Limits(), now_us=start_us)
        self.duty.adopt(registry, start_us)
        self.duty.regain_hearing(start_us)
        self._deeds: Agenda[Deed] = Agenda()
        self._rng = np.random.default_rng(seed)
        self._requests = 0
        self.heard = 0
        self.unread = 0

    def live(self, start_us: int, end_us: int, said: Iterable[Message]) -> None:
        """Let the time from `start_us` to `end_us` pass; `said` is what devices say in it."""
        waiting = sorted(
            ((_stamp_us(each.payload), each) for each in said), key=lambda each: each[0]
        )
        place = 0
        for now_us in range(start_us + LOOK_US, end_us + 1, LOOK_US):
            while place < len(waiting) and waiting[place][0] <= now_us:
                self._hear(waiting[place][1], min(max(waiting[place][0], start_us), now_us))
                place += 1
            self._look(now_us)
        for _, message in waiting[place:]:  # a clock that is ahead
            self._hear(message, end_us)

    def announce(self, now_us: int, window: Mapping[str, object]) -> None:
        """Have a window announced; Invalid if the engine does not want it."""
        answer = self._ask(now_us, do="put_window", window=window)
        if not answer["ok"]:
            raise Invalid(answer["error"]["message"])

    def _ask(self, now_us: int, **request: object) -> Any:  # noqa: ANN401 - JSON
        """Put a request to the engine as the api would; a refusal is an answer like others."""
        self._requests += 1
        asked = {"request_id": f"month-{self._requests}", "officer": "officer", **request}
        return json.loads(self.duty.requests.answer(json.dumps(asked).encode(), from_us(now_us)))

    def _hear(self, message: Message, now_us: int) -> None:
        self.heard += 1
        try:
            self.duty.hear(Delivery(message.topic, message.payload, received_us=now_us), now_us)
        except Invalid:
            self.unread += 1

    def _look(self, now_us: int) -> None:
        self.duty.look_around(now_us, connected=True)
        for deed in self._deeds.due(now_us):
            self._do(deed, now_us)
        turn = self.duty.take_turn(now_us)
        if any(turn.draft):
            self.journal.commit(turn.draft)
        for notice in turn.notices:
            self.duty.settle(Result(notice.notice_id, sent=True, sentence=""), now_us)
        for alert in turn.moved:
            self._see(alert, now_us)

    def _see(self, alert: Alert, now_us: int) -> None:
        """Plan what somebody will do about an alert that is shown."""
        deed = Deed("acknowledge", alert.alert_id)
        if alert.state is State.NORMAL or alert.hold is not None or alert.folded_under:
            self._deeds.drop(deed)
        elif alert.acknowledged_at is None and deed not in self._deeds:
            if alert.priority == "low" and self._rng.random() < 1 / 3:
                return
            soonest, latest = _TAKES_S[alert.priority]
            self._deeds.set(deed, now_us + int(self._rng.integers(soonest, latest)) * _S)
        elif alert.life_safety and alert.verdict is None:
            self._deeds.set(Deed("verify", alert.alert_id), now_us + _VERIFIES_S * _S)

    def _do(self, deed: Deed, now_us: int) -> None:
        more: dict[str, object] = {}
        if deed.what == "verify":
            false = self._rng.random() < _FALSE_SHARE
            more = {"verdict": "false" if false else "real", "text": "现场查看"}
        self._ask(now_us, do=deed.what, alert_id=deed.alert_id, **more)


class _Stamped(msgspec.Struct):
    ts: int = 0


_STAMPS: Final = msgspec.json.Decoder(_Stamped)


def _stamp_us(payload: bytes) -> int:
    """Return when the device says it spoke, 0 where that cannot be read."""
    try:
        return _STAMPS.decode(payload).ts * 1000
    except (msgspec.DecodeError, UnicodeDecodeError):
        return 0
