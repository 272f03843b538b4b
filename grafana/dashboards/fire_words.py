"""How the fire dashboard names and colours what it shows."""

from typing import Final

from grafana_foundation_sdk.models import dashboard

from grafana.colours import GREEN, ORANGE, PURPLE, RED, YELLOW, Series, Shown, Steps
from grafana.words import Say, Word

UNIT_STATES: Final = {
    "fire": Shown(Word("◆ 火警", "◆ Fire"), RED),
    "alarm": Shown(Word("▲ 报警", "▲ Alarm"), ORANGE),
    "offline": Shown(Word("✖ 失联", "✖ Offline"), PURPLE),
    "fault": Shown(Word("● 异常", "● Fault"), YELLOW),
    "normal": Shown(Word("✔ 正常", "✔ Normal"), GREEN),
}
"""States of units, systems and fire devices (dash.units_now), worst first."""

SYSTEMS: Final = {
    "transmission": Word("传输", "Transmission"),
    "alarm": Word("火灾报警", "Fire alarm"),
    "gas": Word("可燃气体", "Gas"),
    "electrical": Word("电气火灾", "Electrical"),
    "water": Word("消防给水", "Water"),
    "hydrant": Word("消火栓", "Hydrants"),
    "door": Word("防火门", "Doors"),
    "power": Word("消防电源", "Power"),
}
TRANSMITTED: Final[Steps] = ((None, RED), (0.95, ORANGE), (1, GREEN))
ANSWERED: Final[Steps] = ((None, RED), (0.9, ORANGE), (1, GREEN))
WATER: Final[Steps] = ((None, RED), (1, ORANGE), (1.15, GREEN))
LEAKAGE: Final[Steps] = ((None, GREEN), (300, ORANGE), (500, RED))
CABLE: Final[Steps] = ((None, GREEN), (60, ORANGE), (70, RED))


def by_state(say: Say) -> dict[str, Series]:
    """Return names and colours of columns that count by state."""
    return {name: Series(say.word(each.word), each.colour) for name, each in UNIT_STATES.items()}


def no_figure() -> dashboard.SpecialValueMap:
    """Return the mapping that shows a dash where no standard gives a figure."""
    return dashboard.SpecialValueMap(
        dashboard.DashboardSpecialValueMapOptions(
            dashboard.SpecialValueMatch.NULL_AND_NAN,
            dashboard.ValueMappingResult("–", "transparent", index=0),
        )
    )
