"""The trucks' last hours, all instants of all trucks at once: where they were and what they said.

Looking 2,880 times a day at ten signals that each place all trucks anew would take longer than all
the rest. The signals are functions of arrays; here time is one of them.
"""

from typing import Final, NamedTuple, cast

import numpy as np
import psycopg
from psycopg.sql import Identifier

from bench.past.extent import MINUTE_US
from bench.past.looking import Observer
from bench.past.rollups import Buckets
from bench.past.rows import Columns, copy_rows, joined
from bench.past.saying import Said
from simulators.arrays import Floats, Integers, Mask
from simulators.behaviour.happenings import HAPPENINGS
from simulators.behaviour.moment import moment_at, take
from simulators.fleet import Values
from simulators.influence import SILENT

_WAY_US: Final = 350_000
_ALTITUDE_M: Final = 1940.0
"""The plain north of Lanzhou lies about so high; ours."""
_COUNTED: Final = ("load_state", "mileage_km")
"""What trips are counted by."""
_LONG_AGO_S: Final = 3600.0  # what happens to trucks is complete within seconds


class Tour(NamedTuple):
    """Reports of trucks: when, which row of the kind, what was read."""

    observed_us: Integers
    rows: Integers
    values: Values


def tour(trucks: Observer, first_us: int, until_us: int) -> Tour:
    """Return every report of every truck between two instants; who is silent sends none."""
    interval_us = round(trucks.interval_s * 1e6)
    phases_us = (trucks.kind.group.phases_s * 1e6).astype(np.int64) % interval_us
    turns = np.arange(first_us // interval_us * interval_us, until_us, interval_us)
    observed_us = (turns[:, None] + phases_us).ravel()
    rows = np.tile(np.arange(len(phases_us)), len(turns))
    within = (observed_us >= first_us) & (observed_us < until_us)
    return _bent(trucks, _driven(trucks, observed_us[within], rows[within]))


def _driven(trucks: Observer, observed_us: Integers, rows: Integers) -> Tour:
    group = trucks.kind.group
    seconds = cast("float", observed_us / 1e6)  # an array: the trucks' signals do not mind
    moment = moment_at(float(observed_us[0] / 1e6))._replace(t_s=seconds)
    traits = take(group.traits, rows)
    return Tour(
        observed_us, rows, {name: read(moment, traits) for name, read in group.signals.items()}
    )


def _bent(trucks: Observer, driven: Tour) -> Tour:
    """Let happen to the trucks what happened to them."""
    places = trucks.kind.group.places[driven.rows]
    heard = np.ones(len(places), dtype=np.bool_)
    for episode in trucks.episodes:
        during = (driven.observed_us >= episode.start_us) & (driven.observed_us < episode.end_us)
        during &= np.isin(places, episode.places)
        if episode.what in SILENT:
            heard &= ~during
        elif episode.what in HAPPENINGS and during.any():
            _happen(driven.values, episode.what, during)
    values = {name: column[heard] for name, column in driven.values.items()}
    return Tour(driven.observed_us[heard], driven.rows[heard], values)


def _happen(values: Values, what: str, during: Mask) -> None:
    for change in HAPPENINGS[what].changes:
        if change.metric in values:
            column = values[change.metric]
            column[during] = change.moved(column[during], _LONG_AGO_S)


def said(trucks: Observer, driven: Tour) -> Said:
    """Return the readings of a tour."""
    kind, times = trucks.kind, len(trucks.kind.metrics)
    return Said(
        np.repeat(driven.observed_us, times),
        np.repeat(driven.observed_us + _WAY_US, times),
        np.repeat(kind.devices[driven.rows], times),
        np.tile(kind.metric_numbers, len(driven.rows)),
        np.stack([driven.values[name] for name in kind.metrics], axis=-1).ravel(),
        np.zeros(len(driven.rows) * times, dtype=np.int64),
    )


def minutes(trucks: Observer, driven: Tour, end_us: int) -> Buckets:
    """Return the minutes before `end_us` of what trips are counted by."""
    minute_us = driven.observed_us // MINUTE_US * MINUTE_US
    order = np.lexsort((driven.observed_us, driven.rows, minute_us))
    order = order[minute_us[order] < end_us]
    when, who = minute_us[order], driven.rows[order]
    first = np.flatnonzero(
        np.diff(when, prepend=-1).astype(bool) | np.diff(who, prepend=-1).astype(bool)
    )
    readings = np.diff(first, append=len(order))
    parts = [
        _minutes(trucks, name, driven.values[name][order], (when, who, first, readings))
        for name in _COUNTED
    ]
    return Buckets(*joined(parts))


def _minutes(
    trucks: Observer, name: str, value: Floats, spans: tuple[Integers, Integers, Integers, Integers]
) -> Buckets:
    when, who, first, readings = spans
    metric = trucks.kind.metric_numbers[trucks.kind.metrics.index(name)]
    return Buckets(
        when[first],
        trucks.kind.devices[who[first]],
        np.full(len(first), metric),
        readings,
        np.add.reduceat(value, first),
        np.minimum.reduceat(value, first),
        np.maximum.reduceat(value, first),
        value[first + readings - 1],
    )


def newest(driven: Tour) -> Tour:
    """Return the latest report of each truck."""
    order = np.lexsort((driven.observed_us, driven.rows))
    rows = driven.rows[order]
    chosen = order[np.append(rows[1:] != rows[:-1], True)]
    values = {name: column[chosen] for name, column in driven.values.items()}
    return Tour(driven.observed_us[chosen], driven.rows[chosen], values)


def append(conn: psycopg.Connection, relation: str, trucks: Observer, driven: Tour) -> int:
    """Copy the positions of a tour; returns how many."""
    columns: Columns = {
        "observed_at": ("instant", driven.observed_us),
        "received_at": ("instant", driven.observed_us + _WAY_US),
        "device_id": ("int4", trucks.kind.devices[driven.rows]),
        "lon": ("float8", driven.values["lon"]),
        "lat": ("float8", driven.values["lat"]),
        "speed_kmh": ("float4", driven.values["speed_kmh"]),
        "direction_deg": ("float4", driven.values["direction_deg"]),
        "altitude_m": ("float4", np.full(len(driven.rows), _ALTITUDE_M)),
        "quality": ("int2", np.zeros(len(driven.rows), dtype=np.int64)),
    }
    return copy_rows(conn, Identifier("public", relation), columns)
