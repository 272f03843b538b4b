"""One networked unit: its devices, their values over time, its open alerts."""

from grafana_foundation_sdk.models import dashboard

from grafana.colours import ALERT_STATES, PRIORITIES, Series, mapped
from grafana.dashboards.fire_words import UNIT_STATES
from grafana.layout import Row
from grafana.links import alert_page
from grafana.panels import Column, Head, stat, table, timeseries
from grafana.query import Queries
from grafana.words import Say


def one_unit(say: Say, ask: Queries) -> list[Row]:
    """Return the rows about the unit chosen above."""
    return [
        Row(
            9,
            [(4, _unit_state(say, ask)), (20, _unit_devices(say, ask))],
            title=say("单位明细：$unit", "One unit: $unit"),
        ),
        Row(9, [(12, _unit_readings(say, ask)), (12, _unit_alerts(say, ask))]),
    ]


def _unit_state(say: Say, ask: Queries) -> dashboard.Panel:
    return stat(
        Head(
            say("单位状态", "The unit"),
            say(
                "状态、未结束告警、设备数与失联设备数。",
                "State, open alerts, devices, silent ones.",
            ),
        ),
        ask("unit_state"),
        mappings=[mapped(say, UNIT_STATES)],
        series={
            "state": Series(say("状态", "State")),
            "open_alerts": Series(say("告警", "Alerts")),
            "devices": Series(say("设备", "Devices")),
            "silent": Series(say("失联", "Silent")),
        },
        text=True,
    )


def _unit_devices(say: Say, ask: Queries) -> dashboard.Panel:
    return table(
        Head(
            say("设备", "Devices"),
            say("每台设备的状态与最新主测量值。", "Each device, its state, its newest main value."),
        ),
        ask("unit_devices"),
        [
            Column("system", say("系统", "System"), width=150),
            Column("name", say("设备", "Device")),
            Column("state", say("状态", "State"), width=110, coloured=True,
                   mappings=[mapped(say, UNIT_STATES)]),
            Column("metric", say("测量项", "Quantity"), width=140),
            Column("value", say("最新值", "Value"), decimals=3, width=90),
            Column("measured_in", say("单位", "Unit"), width=80),
            Column("heard_at", say("最近上传", "Heard"), unit="dateTimeFromNow", width=140),
            Column("open_alerts", say("告警", "Alerts"), width=80),
        ],
    )  # fmt: skip


def _unit_readings(say: Say, ask: Queries) -> dashboard.Panel:
    return timeseries(
        Head(
            say("曲线：$metric", "Over time: $metric"),
            say(
                "所选测量项，单位见设备表；12小时内按分钟、31天内按小时、更长按天取均值，"
                "只取有效值。",
                "The chosen quantity, its unit as in the table: means per minute up to 12 hours, "
                "per hour up to 31 days, per day beyond; good values only.",
            ),
        ),
        ask("unit_readings"),
    )


def _unit_alerts(say: Say, ask: Queries) -> dashboard.Panel:
    return table(
        Head(
            say("未结束告警", "Open alerts"),
            say("该单位尚未结束的告警。", "Alerts of this unit that are not over."),
        ),
        ask("unit_alerts"),
        [
            Column("raised_at", say("发生", "Raised"), unit="dateTimeFromNow", width=130),
            Column("priority", say("级别", "Priority"), width=110, coloured=True,
                   mappings=[mapped(say, PRIORITIES)]),
            Column("state", say("状态", "State"), width=160, mappings=[mapped(say, ALERT_STATES)]),
            Column("title", say("告警", "Alert"), link=alert_page(say)),
            Column("device_name", say("设备", "Device")),
            Column("alert_id", "alert_id", hidden=True),
        ],
    )  # fmt: skip
