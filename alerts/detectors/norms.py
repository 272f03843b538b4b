"""What is usual: median and robust spread of a device's metric, for every hour of the week.

Robust statistics: Rousseeuw and Croux, "Alternatives to the Median Absolute Deviation", JASA 88
(1993): 1.4826 times the median absolute deviation estimates the standard deviation of normal data
and is not moved by the outliers it shall find.
"""

import io
import zipfile
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.errors import Invalid, NotFound
from devices.files import replace_file

HOURS: Final = 168
"""Hours of a week, the first one after midnight on Monday."""

HOUR_US: Final = 3_600_000_000
_DAY: Final = 24
_LOCAL_HOURS: Final = 8  # China has one time zone and no summer time
_MONDAY: Final = 3 * _DAY  # 1970-01-01 was a Thursday

_WEEKS_NEEDED: Final = 3  # samples of one hour of the week come from as many weeks; ours
_DAYS_NEEDED: Final = 5  # or of one hour of the day from as many days; ours
_TO_SIGMA: Final = 1.4826

Floats = NDArray[np.float32]
Hourly = NDArray[np.float64]
"""One row per hour since the first one: average, minimum, maximum; NaN where nothing was said."""


class Norm(NamedTuple):
    """What is usual at one hour, in the unit of the metric."""

    median: float
    sigma: float


class Series(NamedTuple):
    """Whose norm it is: a device and the number of a metric."""

    device_id: str
    metric: int


class Norms:
    """The norms of all series: 168 hours each, NaN where too little is known."""

    def __init__(self, series: list[Series], medians: Floats, sigmas: Floats) -> None:
        """Keep one row of 168 hours per series."""
        self._rows = {each: row for row, each in enumerate(series)}
        self._medians = medians
        self._sigmas = sigmas

    def __len__(self) -> int:
        """Count the series."""
        return len(self._rows)

    def of(self, device_id: str, metric: int, observed_us: int) -> Norm | None:
        """Return what is usual at this instant, None where too little is known."""
        row = self._rows.get(Series(device_id, metric))
        if row is None:
            return None
        hour = hour_of_week(observed_us // HOUR_US)
        median = float(self._medians[row, hour])
        return None if median != median else Norm(median, float(self._sigmas[row, hour]))  # noqa: PLR0124 - NaN

    def save(self, path: Path) -> None:
        """Replace the file in one step."""
        buffer = io.BytesIO()
        np.savez_compressed(
            buffer,
            device=np.array([each.device_id for each in self._rows], dtype=np.str_),
            metric=np.array([each.metric for each in self._rows], dtype=np.int32),
            median=self._medians,
            sigma=self._sigmas,
        )
        replace_file(path, buffer.getvalue())


def load_norms(path: Path) -> Norms:
    """Read what was saved; NotFound if there is nothing yet, Invalid if it cannot be used."""
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as file:
            devices, metrics = file["device"].tolist(), file["metric"].tolist()
            series = [Series(*each) for each in zip(devices, metrics, strict=True)]
            medians, sigmas = file["median"], file["sigma"]
    except FileNotFoundError:
        raise NotFound(f"There are no norms at {path} yet.") from None
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise Invalid(f"The norms at {path} cannot be read: {error}.") from error
    if medians.shape != (len(series), HOURS) or sigmas.shape != medians.shape:
        raise Invalid(f"The norms at {path} are not of {HOURS} hours each.")
    return Norms(series, medians, sigmas)


def hour_of_week(hour: int) -> int:
    """Return which hour of the local week an hour since 1970 UTC is."""
    return (hour + _LOCAL_HOURS + _MONDAY) % HOURS


def norm_of(first_hour: int, hourly: Hourly) -> tuple[Floats, Floats]:
    """Return median and sigma of a series for each of the 168 hours.

    The extremes of an hour count as samples beside its average, so that the spread is that of
    single readings rather than of averages; too wide rather than too narrow.
    """
    start = hour_of_week(first_hour)
    weeks = -(-(start + len(hourly)) // HOURS)
    grid = np.full((weeks * HOURS, 3), np.nan)
    grid[start : start + len(hourly)] = hourly
    by_week = _stats(grid.reshape(weeks, HOURS, 3), needed=_WEEKS_NEEDED)
    by_day = _stats(grid.reshape(weeks * 7, _DAY, 3), needed=_DAYS_NEEDED)
    medians, sigmas = (
        np.where(np.isnan(week), np.tile(day, 7), week).astype(np.float32)
        for week, day in zip(by_week, by_day, strict=True)
    )
    return medians, sigmas


def _stats(grid: Hourly, *, needed: int) -> tuple[Hourly, Hourly]:
    """Return median and sigma per hour of a (rounds, hours, 3) grid, with the hours beside it."""
    enough = (~np.isnan(grid[:, :, 0])).sum(axis=0) >= needed
    near = np.concatenate([np.roll(grid, shift, axis=1) for shift in (-1, 0, 1)], axis=2)
    samples = near.transpose(1, 0, 2).reshape(grid.shape[1], -1)
    medians = np.full(grid.shape[1], np.nan)
    sigmas = np.full(grid.shape[1], np.nan)
    known = samples[enough]
    if known.size:
        medians[enough] = np.nanmedian(known, axis=1)
        away = np.abs(known - medians[enough, None])
        sigmas[enough] = _TO_SIGMA * np.nanmedian(away, axis=1)
    return medians, sigmas


NO_NORMS: Final = Norms([], np.empty((0, HOURS), np.float32), np.empty((0, HOURS), np.float32))
"""Of nobody anything is known yet: every anomaly rule is silent."""
