"""When is it a flood? The latest raises of a desk, and no more of them than the question needs."""

from typing import Annotated, Final

import msgspec
from msgspec import Meta


class FloodLimits(msgspec.Struct, frozen=True):
    """More than `over` new alerts in `window_us` begin a flood, less than `under` end it.

    ISA-18.2: more than 10 in 10 minutes for one operator; that it ends under 5 is usual, the
    clause was not seen. `settle_us` is ours: so long a group may be without its first alert
    before the next one takes its place.
    """

    over: Annotated[int, Meta(ge=1, le=1000)] = 10
    under: Annotated[int, Meta(ge=1)] = 5
    window_us: Annotated[int, Meta(ge=1)] = 600_000_000
    settle_us: Annotated[int, Meta(ge=0)] = 10_000_000

    def __post_init__(self) -> None:
        """Refuse a flood that would end before it begins."""
        if self.under > self.over:
            raise ValueError("`under` must not exceed `over`")


USUAL: Final = FloodLimits()


def counted(times: tuple[int, ...], now_us: int, limits: FloodLimits) -> tuple[int, ...]:
    """Return the latest raises with this one added; `over` and one are all that is needed."""
    return (*times, now_us)[-limits.over - 1 :]


def has_begun(times: tuple[int, ...], limits: FloodLimits) -> bool:
    """Say whether the latest raise makes a flood of them."""
    return len(times) > limits.over and times[-1] - times[0] < limits.window_us


def ends_us(times: tuple[int, ...], limits: FloodLimits) -> int:
    """Return the instant from which less than `under` raises are left within the window."""
    return times[-limits.under] + limits.window_us if len(times) >= limits.under else times[-1]
