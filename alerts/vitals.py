"""What the engine says of itself each second."""

import time

from alerts.board.states import State
from alerts.duty import Duty
from alerts.engine import Engine
from alerts.history.projecting import Projector
from alerts.journal.journal import Journal
from alerts.metrics import OPEN
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
    speakers = duty.registry.speakers
    online = duty.listening.liveness.online()
    opened = list(duty.book)
    OPEN.set(len(opened))
    return {
        "devices_total": len(speakers),
        "devices_online": len(online),
        "open_alerts": len(opened),
        "unacknowledged": sum(each.alert.state is not State.ACKNOWLEDGED for each in opened),
        "newest_observed_at": duty.listening.newest_us // 1000 or None,
        "sites_total": len(duty.registry.equipped_sites),
        "sites_online": len({speakers[each].device.site_id for each in online}),
    }
