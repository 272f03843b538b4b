"""Colours that everybody can tell apart, never without a text and a mark beside them.

Palette: Okabe & Ito, Color Universal Design, 2008. Priorities: ours, after ISA-18.2, which asks for
a second mark besides colour.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from grafana_foundation_sdk.models import dashboard

from grafana.words import DOMAINS, Say, Word

ORANGE: Final = "#E69F00"
SKY: Final = "#56B4E9"
GREEN: Final = "#009E73"
YELLOW: Final = "#F0E442"
BLUE: Final = "#0072B2"
RED: Final = "#D55E00"
PURPLE: Final = "#CC79A7"
GREY: Final = "#999999"


class Shown(NamedTuple):
    """How a code of ours looks: text, mark included, and colour."""

    word: Word
    colour: str


Steps = Sequence[tuple[float | None, str]]
"""Thresholds: the first has no value; each holds from its value on."""


class Series(NamedTuple):
    """How a series or a field looks: its name, and its colour unless thresholds decide."""

    title: str
    colour: str | None = None
    unit: str | None = None
    decimals: int | None = None
    steps: Steps = ()


NEUTRAL: Final[Steps] = ((None, SKY),)
AGE: Final[Steps] = ((None, GREEN), (30, ORANGE), (60, RED))
"""Seconds: the data path takes about one; a minute means that something stands still (ours)."""
NONE_WANTED: Final[Steps] = ((None, GREEN), (1, RED))
PASS_LINE: Final[Steps] = ((None, RED), (0.95, GREEN))
"""数据质量合格率 at least 95 % (work plan of Luozhuang, 2021)."""

PRIORITIES: Final = {
    "critical": Shown(Word("◆ 紧急", "◆ Critical"), RED),
    "high": Shown(Word("▲ 高", "▲ High"), ORANGE),
    "medium": Shown(Word("● 中", "● Medium"), SKY),
    "low": Shown(Word("○ 低", "○ Low"), GREY),
    "none": Shown(Word("✔ 无告警", "✔ No alert"), GREEN),
}
ALERT_STATES: Final = {
    "unacknowledged": Shown(Word("‼ 未确认", "‼ Unacknowledged"), RED),
    "returned_unacknowledged": Shown(Word("! 已恢复未确认", "! Returned, unacknowledged"), ORANGE),
    "acknowledged": Shown(Word("✔ 已确认", "✔ Acknowledged"), BLUE),
    "shelved": Shown(Word("▤ 搁置", "▤ Shelved"), PURPLE),
    "suppressed": Shown(Word("▥ 抑制", "▥ Suppressed"), PURPLE),
    "out_of_service": Shown(Word("▧ 停用", "▧ Out of service"), GREY),
    "normal": Shown(Word("✔ 正常", "✔ Normal"), GREEN),
}
DOMAIN_COLOURS: Final = {
    "fire": RED,
    "lighting": YELLOW,
    "truck": ORANGE,
    "environment": GREEN,
    "utility": SKY,
    "system": PURPLE,
    "unknown": GREY,
}


def mapped(say: Say, shown: Mapping[str, Shown]) -> dashboard.ValueMap:
    """Return the mapping of codes to text and colour."""
    return dashboard.ValueMap(
        {
            code: dashboard.ValueMappingResult(say.word(each.word), each.colour, index=index)
            for index, (code, each) in enumerate(shown.items())
        }
    )


def domain_mapping(say: Say) -> dashboard.ValueMap:
    """Return the mapping of domains to their names, without colour."""
    return dashboard.ValueMap(
        {
            code: dashboard.ValueMappingResult(say.word(word), index=index)
            for index, (code, word) in enumerate(DOMAINS.items())
        }
    )


def domain_series(say: Say) -> dict[str, Series]:
    """Return names and colours for series that are called by their domain."""
    return {code: Series(say.word(word), DOMAIN_COLOURS[code]) for code, word in DOMAINS.items()}


def priority_series(say: Say) -> dict[str, Series]:
    """Return names and colours for series that are called by their priority."""
    return {
        code: Series(say.word(each.word), each.colour)
        for code, each in PRIORITIES.items()
        if code != "none"
    }


def nothing(say: Say) -> dashboard.SpecialValueMap:
    """Return the mapping that makes a missing figure say so, in red."""
    return dashboard.SpecialValueMap(
        dashboard.DashboardSpecialValueMapOptions(
            dashboard.SpecialValueMatch.NULL_AND_NAN,
            dashboard.ValueMappingResult(say("✖ 无数据", "✖ No data"), RED, index=0),
        )
    )


def thresholds(steps: Steps) -> dashboard.ThresholdsConfig:
    """Return absolute thresholds."""
    return dashboard.ThresholdsConfig(
        dashboard.ThresholdsMode.ABSOLUTE,
        [dashboard.Threshold(value, colour) for value, colour in steps],
    )
