"""How the truck dashboard names and colours what it shows."""

from typing import Final

from grafana.colours import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    RED,
    SKY,
    Series,
    Shown,
    Steps,
)
from grafana.words import Say, Word

TRUCK_STATES: Final = {
    "violation": Shown(Word("◆ 违规", "◆ Violation"), RED),
    "loaded": Shown(Word("■ 重载行驶", "■ Loaded"), ORANGE),
    "empty": Shown(Word("□ 空载行驶", "□ Empty"), SKY),
    "standing": Shown(Word("‖ 停车", "‖ Standing"), BLUE),
    "unknown": Shown(Word("? 失联", "? Unknown"), PURPLE),
}
"""States of trucks (dash.trucks_now)."""
TRACK: Final = {"track": Shown(Word("· 近15分钟轨迹", "· Last 15 minutes"), GREY)}
PERMITS: Final = {
    "yes": Shown(Word("✔ 是", "✔ Yes"), GREEN),
    "no": Shown(Word("✖ 否", "✖ No"), RED),
    "unsaid": Shown(Word("– 未载明", "– Not said"), GREY),
    "none": Shown(Word("✖ 全天不准", "✖ No hour"), RED),
}
"""What a permit says, and whether a trip kept to it."""
SPEED: Final[Steps] = ((None, SKY), (40, ORANGE), (60, RED))
"""km/h: 40 loaded and 60 empty are configurable defaults (source unverified)."""


def truck_series(say: Say) -> dict[str, Series]:
    """Return names and colours of columns that count trucks by state."""
    return {name: Series(say.word(each.word), each.colour) for name, each in TRUCK_STATES.items()}
