"""Write small_fire.csv: 15 minutes in a room, one row a second, with a fire in the middle.

Invented, from a seed: no recorded data of anybody else stands in this repository.
"""

import sys
from pathlib import Path

import numpy as np

_ROWS, _FIRE_FROM, _FIRE_UNTIL = 900, 300, 600
HEADER = ",Temperature[C],Humidity[%],eCO2[ppm],Fire Alarm"


def table() -> str:
    """Return the table as text."""
    rng = np.random.default_rng(620171)
    seconds = np.arange(_ROWS)
    burning = (seconds >= _FIRE_FROM) & (seconds < _FIRE_UNTIL)
    heat = np.convolve(burning, np.exp(-np.arange(240) / 60) / 60)[:_ROWS]
    columns = zip(
        seconds,
        21.5 + 48 * heat + rng.normal(0, 0.05, _ROWS),
        52 - 20 * heat + rng.normal(0, 0.2, _ROWS),
        np.round(420 + 9_000 * heat + rng.normal(0, 5, _ROWS)),
        burning.astype(int),
        strict=True,
    )
    rows = [f"{s},{t:.2f},{h:.2f},{c:.0f},{b}" for s, t, h, c, b in columns]
    return "\n".join([HEADER, *rows, ""])


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(table(), encoding="utf-8")
