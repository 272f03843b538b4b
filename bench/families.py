"""A process and everything below it, taken together."""

from contextlib import suppress

import psutil

Family = list[psutil.Process]


def family_of(pid: int) -> Family:
    """Return a process and those below it; none where it is gone."""
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    return []


def cpu_s(family: Family) -> float:
    """Return the processor time they have used, children they have seen end included."""
    total = 0.0
    for process in family:
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total


def memory(family: Family) -> int:
    """Return the bytes they occupy; what several share counts once."""
    total = 0
    for process in family:
        with suppress(psutil.NoSuchProcess):
            alone = len(family) == 1
            total += process.memory_info().rss if alone else process.memory_full_info().pss
    return total
