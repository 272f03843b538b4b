"""What a list of measurements comes to."""

import math
from collections.abc import Sequence


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the smallest value that at least `percent` of a hundred values do not exceed."""
    rank = math.ceil(percent * len(values) / 100)
    return sorted(values)[max(rank, 1) - 1]


def slope(points: Sequence[tuple[float, float]]) -> float:
    """Return the slope of the straight line that fits the points best (least squares)."""
    middle_x = math.fsum(x for x, _ in points) / len(points)
    middle_y = math.fsum(y for _, y in points) / len(points)
    spread = math.fsum((x - middle_x) ** 2 for x, _ in points)
    rise = math.fsum((x - middle_x) * (y - middle_y) for x, y in points)
    return rise / spread if spread else 0.0
