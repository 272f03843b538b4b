"""The city in one document, each second: what the wall shows large."""

import asyncio
import time
from collections.abc import Callable, Iterable
from datetime import datetime

import msgspec

from api import health
from api.health import Health
from api.metrics import BROKER_UP, DATABASE_UP, OPEN_ALERTS
from api.picture import Heard, Picture, Pulse
from api.stream import Stream, city_frame
from core.clock import from_us

_PERIOD = 1.0  # seconds
_NOBODY = Pulse(program="alerts", instance="", at=0, state="lost")


class Links(msgspec.Struct, frozen=True, kw_only=True):
    """The api's own connections."""

    broker: bool
    database: bool


class City(msgspec.Struct, frozen=True, kw_only=True):
    """The second's summary; a figure whose source is silent is null, never an old one.

    `open_alerts` leaves out what is put aside (`held`: shelved, suppressed, out of service), so
    that the wall shows what waits for somebody; those of a drill and folded ones are in it.
    `units` are the networked fire units, `devices` those in service whose silence matters; of the
    `unheard` nothing is known yet, those that are neither online nor unheard are missed.
    """

    at: datetime
    units_total: int | None
    units_online: int | None
    units_unheard: int | None
    devices_total: int | None
    devices_online: int | None
    devices_unheard: int | None
    open_alerts: dict[str, int]
    unacknowledged: int
    held: int
    drill: int
    folded: int
    messages_per_second: float | None
    newest_data_age_s: float | None
    in_flight: int | None
    spooled: int | None
    spool_hours_left: float | None
    oldest_uncommitted_s: float | None
    parts: dict[str, Health]


def judge_parts(picture: Picture, links: Links, *, now_us: int) -> dict[str, Health]:
    """Return the state of every part the city depends on."""
    ingest = picture.heard_of("ingest")
    fresh = [one for one in ingest if health.is_fresh(one, now_us=now_us)]
    return {
        "broker": health.judge_broker(connected=links.broker),
        "ingest": health.judge_program(health.INGEST, ingest, now_us=now_us),
        "alerts": health.judge_program(health.ALERTS, picture.heard_of("alerts"), now_us=now_us),
        "database": health.judge_database(up=links.database, ingest=fresh),
    }


def summarise(picture: Picture, links: Links, *, now_us: int) -> City:
    """Draw the second's summary."""
    ingest = _fresh_pulses(picture.heard_of("ingest"), links, now_us)
    alerts = _fresh_pulses(picture.heard_of("alerts"), links, now_us)
    engine = alerts[0] if alerts else _NOBODY
    aside = picture.count_aside()
    return City(
        at=from_us(now_us),
        units_total=engine.fire_units_total,
        units_online=engine.fire_units_online,
        units_unheard=engine.fire_units_unheard,
        devices_total=engine.devices_watched,
        devices_online=engine.devices_online,
        devices_unheard=engine.devices_unheard,
        open_alerts=picture.count_by_priority(),
        unacknowledged=picture.count_unacknowledged(),
        held=aside.held,
        drill=aside.drill,
        folded=aside.folded,
        messages_per_second=_total(pulse.rate_per_s for pulse in ingest),
        newest_data_age_s=_newest_age_s([*ingest, *alerts], now_us),
        in_flight=_whole(_total(pulse.in_flight for pulse in ingest)),
        spooled=_whole(_total(pulse.spooled for pulse in ingest)),
        spool_hours_left=min(_known(pulse.spool_hours_left for pulse in ingest), default=None),
        oldest_uncommitted_s=max(
            _known(pulse.oldest_uncommitted_s for pulse in ingest), default=None
        ),
        parts=judge_parts(picture, links, now_us=now_us),
    )


async def tell_forever(picture: Picture, stream: Stream, links: Callable[[], Links]) -> None:
    """Send the summary to every listener each second, and keep the last for those who join."""
    while True:
        city = summarise(picture, links(), now_us=time.time_ns() // 1000)
        _measure(city)
        stream.last_city = city_frame(msgspec.json.encode(city))
        stream.send(stream.last_city)
        await asyncio.sleep(_PERIOD)


def _measure(city: City) -> None:
    for priority, count in city.open_alerts.items():
        OPEN_ALERTS.labels(priority).set(count)
    BROKER_UP.set(city.parts["broker"].state == "up")
    DATABASE_UP.set(city.parts["database"].state != "down")


def _fresh_pulses(heard: Iterable[Heard], links: Links, now_us: int) -> list[Pulse]:
    """Return the heartbeats that speak of now; without the broker nothing does."""
    if not links.broker:
        return []
    return [one.pulse for one in heard if health.is_fresh(one, now_us=now_us)]


def _newest_age_s(pulses: list[Pulse], now_us: int) -> float | None:
    newest = max(_known(pulse.newest_observed_at for pulse in pulses), default=None)
    return None if newest is None else max(0.0, round(now_us / 1e6 - newest / 1e3, 1))


def _known(figures: Iterable[float | None]) -> list[float]:
    return [figure for figure in figures if figure is not None]


def _total(figures: Iterable[float | None]) -> float | None:
    known = _known(figures)
    return round(sum(known), 1) if known else None


def _whole(figure: float | None) -> int | None:
    return None if figure is None else round(figure)
