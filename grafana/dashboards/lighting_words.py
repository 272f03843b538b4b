"""How the lighting dashboard names and colours what it shows."""

from typing import Final

from grafana.colours import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    RED,
    SKY,
    YELLOW,
    Series,
    Shown,
    Steps,
)
from grafana.words import Say, Word

LAMP_STATES: Final = {
    "lit": Shown(Word("☀ 亮灯", "☀ Lit"), YELLOW),
    "off": Shown(Word("○ 熄灯", "○ Off"), BLUE),
    "dark": Shown(Word("✖ 应亮未亮", "✖ Dark"), RED),
    "day_burning": Shown(Word("▲ 白天亮灯", "▲ Day burning"), ORANGE),
    "unknown": Shown(Word("? 未知", "? Unknown"), GREY),
}
"""States of lamps (dash.lamps_now)."""
CABINET_STATES: Final = {
    "offline": Shown(Word("✖ 失联", "✖ Offline"), PURPLE),
    "alarm": Shown(Word("▲ 报警", "▲ Alarm"), ORANGE),
    "fault": Shown(Word("● 异常", "● Fault"), YELLOW),
    "normal": Shown(Word("✔ 正常", "✔ Normal"), GREEN),
}
"""States of cabinets (dash.cabinets_now), worst first."""
DOORS: Final = {
    "open": Shown(Word("▲ 打开", "▲ Open"), ORANGE),
    "closed": Shown(Word("✔ 关闭", "✔ Closed"), GREEN),
}
SCHEDULES: Final = {
    "sun": Shown(Word("日落至日出（按坐标计算）", "Sunset to sunrise (reckoned)"), SKY),
    "cabinet": Shown(Word("控制柜计划", "The cabinet's plan"), SKY),
    "site": Shown(Word("路段计划", "The site's plan"), SKY),
}
LIT: Final[Steps] = ((None, RED), (0.96, ORANGE), (0.98, GREEN))
"""亮灯率 98 % on main roads, 96 % on others (建办城〔2006〕48号, secondary source)."""
INTACT: Final[Steps] = ((None, RED), (0.9, ORANGE), (0.95, GREEN))
"""设施完好率 95 % of road lighting, 90 % of landscape (城建〔2011〕257号, secondary source)."""
LEAKAGE: Final[Steps] = ((None, GREEN), (150, ORANGE), (300, RED))
"""Residual current of a cabinet in mA: alarm as in the delivered rule, half of it ours."""


def lamp_series(say: Say) -> dict[str, Series]:
    """Return names and colours of columns that count lamps by state."""
    return {name: Series(say.word(each.word), each.colour) for name, each in LAMP_STATES.items()}
