"""The figures of lighting day by day, and where the schedule is known from."""

from grafana_foundation_sdk.models import dashboard

from grafana.colours import GREEN, GREY, SKY, YELLOW, Series, mapped
from grafana.dashboards.lighting_words import INTACT, LIT, SCHEDULES
from grafana.layout import Row
from grafana.panels import Column, Head, table, timeseries
from grafana.query import Queries
from grafana.words import Say


def by_day(say: Say, ask: Queries) -> Row:
    """Return the row of figures by local day."""
    return Row(
        10,
        [
            (8, _rate_by_day(say, ask)),
            (5, _facilities_by_day(say, ask)),
            (6, _energy(say, ask)),
            (5, _schedules(say, ask)),
        ],
    )


def _rate_by_day(say: Say, ask: Queries) -> dashboard.Panel:
    return timeseries(
        Head(
            say("每日亮灯率", "Lit by day"),
            say(
                "按北京时间的日：亮灯时长 ÷（应亮时长 − 未知时长）。下限：把未知全部当作不亮。"
                "只计完全落在计划内的整点小时。目标98%与96%。",
                "By local day: time lit ÷ (time it should − unknown). At least: all unknown taken "
                "as dark. Over the whole hours inside the schedule. Targets 98 % and 96 %.",
            ),
        ),
        ask("rate_by_day"),
        unit="percentunit",
        decimals=1,
        bounds=(0, 1),
        style="bars",
        limits=LIT,
        series={
            "rate": Series(say("亮灯率", "Lit"), YELLOW),
            "rate_at_least": Series(say("亮灯率下限", "At least"), SKY),
            "unknown_rate": Series(say("未知", "Unknown"), GREY),
        },
    )


def _facilities_by_day(say: Say, ask: Queries) -> dashboard.Panel:
    return timeseries(
        Head(
            say("每日设施完好率", "Intact by day"),
            say(
                "按北京时间的日：完好 ÷ 检查；当日有数据为检查，日终无故障告警且当日亮灭有变化为完"
                "好。",
                "By local day: intact ÷ inspected. Inspected: heard that day; intact: no fault "
                "alert at its end, and neither lit nor dark all day.",
            ),
        ),
        ask("facilities_by_day"),
        unit="percentunit",
        decimals=1,
        bounds=(0, 1),
        style="bars",
        limits=INTACT,
        series={
            "rate": Series(say("完好", "Intact"), GREEN),
            "unknown_rate": Series(say("未知", "Unknown"), GREY),
        },
    )


def _energy(say: Say, ask: Queries) -> dashboard.Panel:
    return timeseries(
        Head(
            say("每日用电量（近30天）", "Energy by day (30 days)"),
            say(
                "千瓦时，控制柜电表读数之差，按北京时间的日；今日尚未结束。",
                "kWh, differences of the cabinets' meters by local day; today is not over.",
            ),
        ),
        ask("energy_by_day"),
        unit="kwatth",
        decimals=0,
        style="bars",
        series={"kwh": Series(say("用电量", "Energy"), YELLOW)},
        time_from="30d",
    )


def _schedules(say: Say, ask: Queries) -> dashboard.Panel:
    return table(
        Head(
            say("今夜亮灯计划", "Tonight's schedule"),
            say(
                "计划从何而来：控制柜或路段的登记属性burning_hours，没有则按坐标计算日落至日出。",
                "Where the schedule is known from: attribute burning_hours of cabinet or site, "
                "else sunset to sunrise at the place.",
            ),
        ),
        ask("schedules"),
        [
            Column("schedule", say("依据", "By"), mappings=[mapped(say, SCHEDULES)]),
            Column("sites", say("路段", "Sites"), width=70),
            Column("lit_from", say("最早开", "On"), unit="dateTimeAsLocal", width=150),
            Column("lit_until", say("最晚关", "Off"), unit="dateTimeAsLocal", width=150),
        ],
    )
