"""What the ingester says of itself each second."""

import time

from core.heartbeat import Pulse
from ingest.counting import SPOOLED
from ingest.linking import DatabaseLink
from ingest.outcome import Outcome
from ingest.pipeline import Pipeline


def pulse_of(pipeline: Pipeline, link: DatabaseLink) -> Pulse:
    """Return state, reason and figures; `degraded` as long as messages wait on disk."""
    figures, spooled = pipeline.figures, len(pipeline.spool)
    figures.tick()
    SPOOLED.set(spooled)
    trouble = pipeline.trouble or link.trouble
    newest = figures.newest_observed_us
    return Pulse(
        state="degraded" if trouble or spooled else "running",
        detail=trouble or (f"{spooled} messages wait on disk." if spooled else None),
        facts={
            "received_total": figures.received,
            "stored_total": figures.ended[Outcome.STORED],
            "duplicate_total": figures.ended[Outcome.DUPLICATE],
            "quarantined_total": figures.ended[Outcome.QUARANTINED],
            "in_flight": figures.in_flight,
            "spooled": spooled,
            "rate_per_s": round(figures.rate_per_s, 1),
            "oldest_uncommitted_s": _age_s(pipeline.oldest_us),
            "newest_observed_at": newest and newest // 1000,
            "database": "up" if link.trouble is None else "down",
            "spool_hours_left": round(
                pipeline.spool.room_bytes / max(1.0, figures.bytes_per_hour()), 1
            ),
        },
    )


def _age_s(instant_us: int | None) -> float:
    return 0.0 if instant_us is None else round(max(0.0, time.time() - instant_us / 1e6), 3)
