import os

from bench.machine import parse_cpu_times

_STAT = """\
cpu  100 10 50 800 40 0 5 20 30 0
cpu0 50 5 25 400 20 0 2 10 15 0
intr 12345
"""


def test_of_the_first_line_guests_count_once_and_waiting_is_idle() -> None:
    tick = 1 / os.sysconf("SC_CLK_TCK")

    times = parse_cpu_times(_STAT)

    assert times == (1025 * tick, 840 * tick, 20 * tick)
