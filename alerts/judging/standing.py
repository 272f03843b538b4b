"""Which level does an open alert stand at? A change of level waits for its delay, as any other."""

from typing import Final, NamedTuple

from alerts.judging.lasting import Delays

UNTOLD: Final = -1


class Standing(NamedTuple):
    """The rank of the priority that was told, and the one the values lean to since `leaned_us`."""

    told: int = UNTOLD
    leaning: int = UNTOLD
    leaned_us: int = 0


def stand(standing: Standing, reached: int, observed_us: int, delays: Delays) -> Standing:
    """Take in the rank the newest value has reached.

    A worse one counts once it has lasted the on-delay, a milder one after the off-delay. What is
    told first is told at once: its delay lies behind it.
    """
    if standing.told in (UNTOLD, reached):
        return Standing(reached)
    is_worse = reached > standing.told
    leans_already = standing.leaning != UNTOLD and is_worse == (standing.leaning > standing.told)
    leaned_us = standing.leaned_us if leans_already else observed_us
    if observed_us - leaned_us >= (delays.on_us if is_worse else delays.off_us):
        return Standing(reached)
    return Standing(standing.told, reached, leaned_us)
