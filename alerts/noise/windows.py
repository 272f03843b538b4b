"""The windows there are: who is covered now, and when somebody must look again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal, NamedTuple

import msgspec

from alerts.agenda import Agenda
from alerts.journal.pen import Pen
from alerts.noise.facts import Facts
from alerts.noise.window import Window
from alerts.requests import Command, Handlers, Name, Query, Text
from core.clock import from_us, to_us
from core.errors import Conflict, Invalid, NotFound
from devices.registry import Registry

WINDOW: Final = "window"
"""The kind of line and of record."""

MOST_WINDOWS: Final = 500
"""Ours: every new alert is compared with each of them."""


class PutWindow(Command, frozen=True, tag="put_window"):
    """A supervisor announces a window, or announces it anew."""

    window: Window


class EndWindow(Command, frozen=True, tag="end_window"):
    """A supervisor ends a window early, all its recurrences included."""

    window_id: Name
    reason: Text


class WindowsQuery(Query, frozen=True, tag="windows"):
    """Somebody wants to see what is quiet, and for how long."""


class Covering(NamedTuple):
    """What lies over an alert; it may be both, and then the maintenance keeps it quiet."""

    maintenance: Window | None = None
    drill: Window | None = None


class _Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A window, its present or next occurrence, and when the alerts under it are looked at."""

    window: Window
    begin_us: int
    end_us: int
    sweep_us: int
    over: bool = False

    def is_on(self, now_us: int) -> bool:
        """Say whether it covers anything at this moment."""
        return not self.over and self.begin_us <= now_us < self.end_us


_KEPT: Final = msgspec.json.Decoder(_Kept)


class Windows:
    """Whoever is due must be swept: what was held by a window and lies under none comes back.

    The sweep is remembered until it has been carried out, also over a restart.
    """

    def __init__(self, pen: Pen, records: Mapping[str, bytes]) -> None:
        """Go on with the windows of the journal."""
        self._pen = pen
        self._registry: Registry | None = None
        self._kept = {window_id: _KEPT.decode(text) for window_id, text in records.items()}
        self._agenda: Agenda[str] = Agenda()
        for window_id, kept in self._kept.items():
            self._agenda.set(window_id, kept.sweep_us)

    def adopt(self, registry: Registry) -> None:
        """Refuse from now on what names devices, sites or domains that this does not know."""
        self._registry = registry

    def handlers(self) -> Handlers:
        """Return what is done for each kind of request."""
        return {PutWindow: self.put_window, EndWindow: self.end_window, WindowsQuery: self.show}

    def covering(self, facts: Facts, now_us: int) -> Covering:
        """Return what lies over an alert about this; of several, the one that lasts longest."""
        on = (kept for kept in self._kept.values() if kept.is_on(now_us))
        over_it = [kept for kept in on if kept.window.scope.covers(facts)]
        over_it.sort(key=lambda kept: kept.end_us)
        lasting = {kept.window.kind: kept.window for kept in over_it}
        return Covering(lasting.get("maintenance"), lasting.get("drill"))

    def until_us(self, window_id: str) -> int | None:
        """Return when the present or next occurrence ends, None if there is no such window."""
        kept = self._kept.get(window_id)
        return None if kept is None else kept.end_us

    def next_us(self) -> int | None:
        """Return when `due` is worth asking again."""
        return self._agenda.next_us()

    def due(self, now_us: int) -> list[Window]:
        """Return the windows that have ended or changed since the last time: sweep them."""
        swept = [self._kept[window_id] for window_id in self._agenda.due(now_us)]
        for kept in swept:
            self._go_on(kept, now_us)
        return [kept.window for kept in swept]

    def put_window(self, asked: PutWindow, now: datetime) -> dict[str, object]:
        """Take a window in; Invalid where it could cover nothing."""
        now_us = to_us(now)
        window = msgspec.structs.replace(asked.window, by=asked.officer)
        known = self._kept.get(window.window_id)
        span = window.span(now_us)
        if span is None:
            raise Invalid(f"Window {window.window_id!r} would be over already.")
        self._require_known(window)
        if known is None and len(self._kept) >= MOST_WINDOWS:
            raise Conflict(f"There are {MOST_WINDOWS} windows already. End one first.")
        sweep_us = span.end_us if known is None else now_us
        kept = _Kept(window=window, begin_us=span[0], end_us=span[1], sweep_us=sweep_us)
        self._keep(kept)
        self._write("announced" if known is None else "changed", window, now_us)
        return {"window": _shown(kept, now_us)}

    def end_window(self, asked: EndWindow, now: datetime) -> dict[str, object]:
        """End a window for good; Conflict says that it is over, NotFound that it never was."""
        kept = self._kept.get(asked.window_id)
        if kept is None:
            raise NotFound(f"There is no window {asked.window_id[:64]!r} any more.")
        if kept.over:
            raise Conflict(f"Window {asked.window_id!r} has just been ended.")
        now_us = to_us(now)
        self._keep(msgspec.structs.replace(kept, sweep_us=now_us, over=True))
        self._write("ended", kept.window, now_us, actor=asked.officer, reason=asked.reason)
        return {"window": _shown(self._kept[asked.window_id], now_us)}

    def show(self, _asked: WindowsQuery, now: datetime) -> dict[str, object]:
        """Answer with what `shown` returns."""
        return {"windows": self.shown(now)}

    def shown(self, now: datetime) -> list[dict[str, object]]:
        """Return all windows that are on or to come, the next to end first."""
        kept = sorted(self._kept.values(), key=lambda each: (each.end_us, each.window.window_id))
        return [_shown(each, to_us(now)) for each in kept if not each.over]

    def _require_known(self, window: Window) -> None:
        strangers = window.scope.strangers(self._registry) if self._registry else []
        if strangers:
            named = ", ".join(strangers[:5])
            raise Invalid(f"The scope names what the registry does not know: {named}.")

    def _go_on(self, kept: _Kept, now_us: int) -> None:
        """Wait for the end if the sweep was for a change, for the next time, or for nothing."""
        window = kept.window
        if kept.over:
            self._forget(window.window_id)
        elif kept.end_us > now_us:
            self._keep(msgspec.structs.replace(kept, sweep_us=kept.end_us))
        elif span := window.span(now_us):
            begin_us, end_us = span
            self._keep(_Kept(window=window, begin_us=begin_us, end_us=end_us, sweep_us=end_us))
            self._write("paused", window, now_us)
        else:
            self._forget(window.window_id)
            self._write("ended", window, now_us)

    def _keep(self, kept: _Kept) -> None:
        window_id = kept.window.window_id
        self._kept[window_id] = kept
        self._agenda.set(window_id, kept.sweep_us)
        self._pen.keep(WINDOW, window_id, kept)

    def _forget(self, window_id: str) -> None:
        del self._kept[window_id]
        self._pen.drop(WINDOW, window_id)

    def _write(
        self,
        what: Literal["announced", "changed", "paused", "ended"],
        window: Window,
        at_us: int,
        *,
        actor: str | None = None,
        reason: str | None = None,
    ) -> None:
        """Note a change for ever; what ends by itself has no actor."""
        document = {"what": what, "window": window, "reason": reason}
        by_hand = what in {"announced", "changed"}
        actor = window.by if by_hand else actor
        self._pen.write(WINDOW, window.window_id, document, at_us=at_us, actor=actor)


def _shown(kept: _Kept, now_us: int) -> dict[str, object]:
    return {
        **msgspec.to_builtins(kept.window, builtin_types=(datetime,)),
        "active": kept.is_on(now_us),
        "begins": from_us(kept.begin_us),
        "ends": from_us(kept.end_us),
    }


def cause_of_silence(covering: Covering, cause: str) -> str:
    """Return why a device is silent: a window over it explains the silence better than a fault."""
    return cause if covering.maintenance is None else "maintenance"
