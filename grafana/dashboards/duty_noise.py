"""告警与值守: whether the desk is told what matters, and no more."""

from grafana_foundation_sdk.models.dashboard import Panel, ValueMap

from grafana.colours import GREEN, GREY, ORANGE, RED, SKY, Shown, mapped
from grafana.layout import Row
from grafana.panels import Column, Head, table
from grafana.query import Queries
from grafana.words import DESKS, Say, Word

_VERDICTS = {
    "good": Shown(Word("✔ 达标", "✔ good"), GREEN),
    "manageable": Shown(Word("▲ 尚可", "▲ manageable"), ORANGE),
    "bad": Shown(Word("✖ 不达标", "✖ bad"), RED),
    "none": Shown(Word("– 仅供参考", "– for information"), GREY),
}


def noise(say: Say, ask: Queries) -> Row:
    """Return who makes the noise, and the figures of alarm management."""
    return Row(10, [(10, _worst(say, ask)), (5, _never_acted_on(say, ask)), (9, _kpis(say, ask))])


def floods(say: Say, ask: Queries) -> Panel:
    """Return the floods of the period."""
    return table(
        Head(
            say("报警洪水记录", "Floods"),
            say(
                "各席位报警洪水的起止、持续、呈现与折叠条数；无结束时间表示仍在持续。",
                "Beginning and end, duration, alerts shown and folded; without an end it goes on.",
            ),
        ),
        ask("floods"),
        [
            Column("desk_id", say("席位", "Desk"), mappings=[_desks(say)]),
            Column("began_at", say("开始", "Began"), "dateTimeAsLocal"),
            Column("ended_at", say("结束", "Ended"), "dateTimeAsLocal"),
            Column("lasted", say("持续", "Lasted"), "s", decimals=0),
            Column("shown", say("呈现", "Shown")),
            Column("folded", say("折叠", "Folded")),
        ],
    )


def _worst(say: Say, ask: Queries) -> Panel:
    return table(
        Head(
            say("最吵的来源", "Worst actors"),
            say(
                "呈现最多的十个来源（规则与设备）及其占比；前十名合计以不超过5%为宜（ISA-18.2）。全部席位。",
                "The ten conditions (rule and source) shown most often, with their share; the ten "
                "together should stay within 5 % (ISA-18.2). All desks.",
            ),
        ),
        ask("worst_actors"),
        [
            Column("title", say("告警", "Alert")),
            Column("name", say("来源", "Source")),
            Column("shown", say("次数", "Shown"), width=70),
            Column("share", say("占比", "Share"), "percentunit", 80, 1),
            Column("acted", say("有人处置", "Acted on"), width=90),
            Column("chattering", say("抖动", "Chatter"), width=80),
            Column("fleeting", say("瞬时", "Fleeting"), width=80),
        ],
    )


def _never_acted_on(say: Say, ask: Queries) -> Panel:
    return table(
        Head(
            say("从未有人处置", "Never acted on"),
            say(
                "呈现3次以上而从未有人动作的规则：是否真该报警？",
                "Rules shown three times or more on which nobody ever acted: why are they alarms?",
            ),
        ),
        ask("never_acted_on"),
        [
            Column("title", say("规则", "Rule")),
            Column("shown", say("次数", "Shown"), width=70),
            Column("sources", say("来源数", "Sources"), width=80),
        ],
    )


def _kpis(say: Say, ask: Queries) -> Panel:
    return table(
        Head(
            say("报警管理指标", "Alarm management KPIs"),
            say(
                "所选时段内的值与目标（ISA-18.2-2016、IEC 62682、EEMUA 191）。全部席位。",
                "Figures of the chosen period beside their targets (ISA-18.2-2016, IEC 62682, "
                "EEMUA 191). All desks.",
            ),
        ),
        ask("kpis"),
        [
            Column("title", say("指标", "Figure")),
            Column("value", say("值", "Value"), width=80, decimals=1),
            Column("unit", say("单位", "Unit"), width=60),
            Column("target", say("目标", "Target"), width=70),
            Column("verdict", say("评价", "Verdict"), width=120, coloured=True,
                   mappings=[mapped(say, _VERDICTS)]),
            Column("source", say("出处", "Source"), width=150),
        ],
    )  # fmt: skip


def _desks(say: Say) -> ValueMap:
    return mapped(say, {desk: Shown(word, SKY) for desk, word in DESKS.items()})
