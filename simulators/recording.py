"""Recorded tables: a CSV file as columns of numbers, metrics by name, and a label if it has one."""

import csv
import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from core.errors import Invalid, NotFound
from simulators.arrays import Floats, Integers, Mask

_TIME_HEADERS = ("", "t", "time_s", "seconds")
_LABEL_HEADERS = ("fire alarm", "label")
_UNITS = {"%": "pct", "℃": "c", "°c": "c", "ug/m3": "ug_m3"}


class Recording(NamedTuple):
    """A table: seconds from its first row, one column per metric, and where its label says 1."""

    seconds: Floats
    columns: dict[str, Floats]
    label: Mask

    @property
    def length_s(self) -> float:
        """Return how long the recording lasts."""
        return float(self.seconds[-1])


class Layout(NamedTuple):
    """Which column is what; None for a time column means one row a second."""

    time: int | None
    label: int | None
    metrics: dict[int, str]


def read_recording(
    path: Path,
    metrics: Collection[str],
    *,
    renamed: Mapping[str, str] | None = None,
    label: str | None = None,
) -> Recording:
    """Read a whole table; Invalid names the column, or the line, that cannot be understood."""
    if not path.is_file():
        raise NotFound(f"There is no file {path}.")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    if len(rows) < 2:
        raise Invalid(f"{path.name} has no rows below its header.")
    layout = recognise(rows[0], metrics, renamed=renamed or {}, label=label)
    return _recording(_numbers(rows, path.name), layout)


def recognise(
    header: Sequence[str],
    metrics: Collection[str],
    *,
    renamed: Mapping[str, str],
    label: str | None = None,
) -> Layout:
    """Tell time, label and metrics apart by the header: `Temperature[C]` reads temperature_c."""
    time, labels, found = None, [], {}
    for number, column in enumerate(header):
        if column == label or (label is None and column.strip().lower() in _LABEL_HEADERS):
            labels.append(number)
        elif column in renamed or metric_name(column) in metrics:
            found[number] = renamed.get(column, metric_name(column))
        elif column.strip().lower() in _TIME_HEADERS and time is None:
            time = number
        else:
            raise Invalid(_unknown_column(column, metrics))
    if label is not None and not labels:
        raise Invalid(f"There is no column {label!r} to take the labels from.")
    if unknown := set(found.values()) - set(metrics):
        raise Invalid(f"The device reports no metric {min(unknown)!r}.")
    return Layout(time, labels[0] if labels else None, found)


def _unknown_column(column: str, metrics: Collection[str]) -> str:
    return (
        f"The column {column!r} is no metric of the device; say what it is with"
        f" --map {column!r}=METRIC, one of: {', '.join(sorted(metrics))}."
    )


def metric_name(column: str) -> str:
    """Turn a header with its unit in brackets into a metric's name: `eCO2[ppm]`, `eco2_ppm`."""
    match = re.fullmatch(r"\s*(.+?)\s*[\[(](.+?)[\])]\s*", column)
    name, unit = match.groups() if match else (column.strip(), "")
    unit = _UNITS.get(unit.lower(), unit.lower())
    parts = re.split(r"[^a-z0-9]+", f"{name.lower()} {unit}".replace(".", "_"))
    return "_".join(part for part in parts if part)


def _numbers(rows: list[list[str]], file: str) -> Floats:
    width = len(rows[0])
    numbers = np.empty((len(rows) - 1, width))
    for line, row in enumerate(rows[1:], start=2):
        if len(row) != width:
            raise Invalid(f"{file}:{line}: {len(row)} columns, the header has {width}.")
        try:
            numbers[line - 2] = [float(cell) for cell in row]
        except ValueError as error:
            raise Invalid(f"{file}:{line}: {error}.") from None
    if bad := np.argwhere(~np.isfinite(numbers)).tolist():
        raise Invalid(f"{file}:{bad[0][0] + 2}: column {bad[0][1] + 1} is not a finite number.")
    return numbers


def _recording(numbers: Floats, layout: Layout) -> Recording:
    count = len(numbers)
    times = np.arange(count, dtype=np.float64) if layout.time is None else numbers[:, layout.time]
    if (np.diff(times) <= 0).any():
        raise Invalid("The times do not rise from row to row.")
    return Recording(
        times - times[0],
        {metric: numbers[:, column] for column, metric in layout.metrics.items()},
        np.zeros(count, dtype=np.bool_) if layout.label is None else numbers[:, layout.label] > 0,
    )


def stretches(label: Mask) -> list[tuple[int, int]]:
    """Return the runs of labelled rows as (first, last) row numbers."""
    edges: Integers = np.diff(np.concatenate([[0], label.astype(np.int64), [0]]))
    firsts, ends = np.flatnonzero(edges > 0), np.flatnonzero(edges < 0)
    return [(int(first), int(end) - 1) for first, end in zip(firsts, ends, strict=True)]
