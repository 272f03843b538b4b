"""What the engine says of itself each second."""

import time

from alerts.board.states import State
from alerts.duty import Duty
from alerts.engine import Engine
from alerts.history.projecting import Projector
from alerts.journal.journal import Journal
from alerts.metrics import OPEN
from alerts.silence.roll_call import Roll
from core.heartbeat import Facts, Pulse


class Pulses:
    """Makes heartbeats; remembers the previous one, for the rate in between."""

    def __init__(self, duty: Duty, engine: Engine, projector: Projector, journal: Journal) -> None:
        """Look at these parts."""
        self._journal = journal
        self._duty = duty
        self._engine = engine
        self._projector = projector
        self._before = (time.monotonic(), 0)

    def pulse(self) -> Pulse:
        """Return state, reason and figures; `degraded` while anything has to wait."""
        trouble = self._engine.trouble or self._projector.trouble
        facts = {
            **_facts(self._duty),
            "rate_per_s": round(self._rate_per_s(), 1),
            "journal_seq": self._journal.last_seq,  # what is durable, whatever waits for room
            "journal_head": self._journal.head.as_text(),
        }
        return Pulse("degraded" if trouble else "running", trouble, facts)

    def _rate_per_s(self) -> float:
        (before, received), now = self._before, time.monotonic()
        self._before = (now, self._engine.received)
        return (self._engine.received - received) / max(now - before, 0.001)


def _facts(duty: Duty) -> Facts:
    opened = list(duty.book)
    OPEN.set(len(opened))
    return {
        "devices_total": len(duty.registry.speakers),
        **_attendance(duty.listening.call_the_roll()),
        "open_alerts": len(opened),
        "unacknowledged": sum(each.alert.state is not State.ACKNOWLEDGED for each in opened),
        "newest_observed_at": duty.listening.newest_us // 1000 or None,
    }


def _attendance(roll: Roll) -> Facts:
    """Name the figures; devices out of service and replayed ones are not watched for silence."""
    devices, sites, fire_units = roll
    return {
        "devices_watched": devices.total,
        "devices_online": devices.online,
        "devices_unheard": devices.unheard,
        "sites_total": sites.total,
        "sites_online": sites.online,
        "sites_unheard": sites.unheard,
        "fire_units_total": fire_units.total,
        "fire_units_online": fire_units.online,
        "fire_units_unheard": fire_units.unheard,
    }
