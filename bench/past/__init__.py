"""A month of the default city, written straight into a migrated database.

Nobody speaks and nobody judges here: what the simulators would have reported is computed from the
same signals, the same happenings bend it, and every table is filled by COPY, so that a month takes
seconds. It is made to be looked at (dashboards, reports, the console, their speed), not to prove
the engine or the ingester. Everything follows from the seed and from `until`.

What it holds, with the extents of `extent.py` (CI: `short`; benchmark: `whole`):

- The registry: the shipped catalogue, grid, sites and all 3,210 devices of the default city.
- Rollups by day of every series for the whole month; by hour of every series for the last days
  (`hours`), by minute for the last hours (`minutes`). A day without hours is reckoned from nine
  looks, an hour from three, a minute from one. So minima and maxima are milder than a true
  month's, sums and counts are as expected of the device's interval.
- Raw readings of every series for the last minutes (`raw`), of trucks for the last hours
  (`tracks`), as long as their positions; as long load and mileage of trucks by minute, from which
  trips are counted. Nothing older is raw: a query over raw readings of last week finds nothing.
- Signals (device events), the books by device and hour (`books`), skipped sequence numbers and
  quarantined messages, late readings among the raw ones.
- Alerts with all their transitions, for the whole month. They are told by `lives.py` from what
  happened, by plain rules of thumb, not by the engine: about as many, as urgent and as quickly
  taken as the engine's own benchmark (`python -m bench month`) counts. Of the rest of the journal
  there are shelves, floods and duty checks; no notices, shifts or hand-overs.
- A day of heartbeats; the books by source settled, those of days without hours in the first hour.

Both editions of TimescaleDB are filled alike: rollups go where each edition keeps what is settled,
and are marked as settled up to the last full minute, hour and day.
"""
