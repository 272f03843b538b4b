"""Repeatable noise: a pure function of seed and time, so that any second can be asked for again."""

import numpy as np

from simulators.arrays import Floats, Seeds

# Steele, Lea, Flood: "Fast splittable pseudorandom number generators" (splitmix64), OOPSLA 2014.
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_TO_UNIT = 2.0**-53


def mix(seeds: Seeds, salt: int) -> Seeds:
    """Return new well-mixed seeds from seeds and a whole number."""
    with np.errstate(over="ignore"):
        state = seeds + _GOLDEN * np.uint64(salt % 2**64 + 1)
        state = (state ^ (state >> np.uint64(30))) * _MIX_1
        state = (state ^ (state >> np.uint64(27))) * _MIX_2
    return state ^ (state >> np.uint64(31))


def uniform(seeds: Seeds, salt: int) -> Floats:
    """Return one number in [0, 1) per seed."""
    return (mix(seeds, salt) >> np.uint64(11)).astype(np.float64) * _TO_UNIT


def drift(seeds: Seeds, t_s: float, period_s: float) -> Floats:
    """Return a smooth wander in [-1, 1] that changes its mind every `period_s` seconds."""
    whole, part = divmod(t_s / period_s, 1.0)
    before, after = uniform(seeds, int(whole)), uniform(seeds, int(whole) + 1)
    eased = part * part * (3 - 2 * part)
    return 2 * (before + (after - before) * eased) - 1
