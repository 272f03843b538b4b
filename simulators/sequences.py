"""Sequence numbers that outlive the program: a restart, even a kill, goes on where it stopped.

A file of ids (one a line, the line is the slot) and a memory-mapped file of 64-bit counters: the
pages belong to the kernel, so nothing is lost when the process dies.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from simulators.arrays import Integers


class Sequences:
    """The next sequence number of every device, by the place the device has in `device_ids`."""

    def __init__(self, folder: Path, device_ids: Sequence[str]) -> None:
        """Open the counters in `folder`; devices not seen before start at 0."""
        folder.mkdir(parents=True, exist_ok=True)
        slots = _slots(folder / "sequences.ids", device_ids)
        self._slot = np.array([slots[device_id] for device_id in device_ids], dtype=np.int64)
        self._next = _counters(folder / "sequences.i64", len(slots))

    def take(self, places: Integers) -> Integers:
        """Hand out one number to each of the (distinct) places and remember it."""
        slots = self._slot[places]
        taken = np.array(self._next[slots])
        self._next[slots] = taken + 1
        return taken


def _slots(path: Path, device_ids: Sequence[str]) -> dict[str, int]:
    known = path.read_text(encoding="utf-8").split() if path.exists() else []
    slots = {device_id: slot for slot, device_id in enumerate(known)}
    new = [device_id for device_id in device_ids if device_id not in slots]
    with path.open("a", encoding="utf-8") as file:
        file.writelines(f"{device_id}\n" for device_id in new)
    return slots | {device_id: slot for slot, device_id in enumerate(new, start=len(known))}


def _counters(path: Path, count: int) -> "np.memmap[tuple[int], np.dtype[np.int64]]":
    with path.open("ab") as file:
        file.truncate(max(file.tell(), 8 * count))
    return np.memmap(path, dtype=np.int64, mode="r+")
