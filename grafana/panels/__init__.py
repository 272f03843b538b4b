"""The panels our dashboards are made of, with what a wall needs already set.

Each takes the title, a description that gives formula and source, the SQL, and a unit.
"""

from grafana.panels.bars import bars, ranking
from grafana.panels.maps import Markers, geomap
from grafana.panels.parts import Head
from grafana.panels.stats import stat
from grafana.panels.tables import Column, table
from grafana.panels.times import state_timeline, timeseries

__all__ = [
    "Column",
    "Head",
    "Markers",
    "bars",
    "geomap",
    "ranking",
    "stat",
    "state_timeline",
    "table",
    "timeseries",
]
