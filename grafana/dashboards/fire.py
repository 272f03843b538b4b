"""智慧消防: networked units, whether their systems watch, and how fast everybody is."""

from grafana_foundation_sdk.models import dashboard

from grafana.colours import Series, mapped, nothing
from grafana.dashboards.fire_systems import systems, water_and_electricity
from grafana.dashboards.fire_unit import one_unit
from grafana.dashboards.fire_words import ANSWERED, TRANSMITTED, UNIT_STATES, by_state, no_figure
from grafana.freshness import data_age, upstreams
from grafana.layout import Row
from grafana.links import alert_page, dashboard_link
from grafana.panels import Column, Head, Markers, geomap, stat, table
from grafana.query import Queries
from grafana.screen import Screen, choice
from grafana.words import Say


def screen(say: Say) -> Screen:
    """Describe the dashboard."""
    ask = Queries(__file__, say)
    return Screen(
        "yw-fire",
        say("智慧消防", "Fire"),
        say("联网单位、消防系统、水、电与响应时间", "Units, systems, water, electricity, clocks"),
        rows=[
            _vital_signs(say, ask),
            _where(say, ask),
            systems(say, ask),
            water_and_electricity(say, ask),
            _clocks(say, ask),
            *one_unit(say, ask),
        ],
        refresh="30s",
        variables=_variables(say, ask),
    )


def _variables(say: Say, ask: Queries) -> list[dashboard.VariableModel]:
    return [
        choice("unit", say("联网单位", "Unit"), ask("units"), multi=False),
        choice("metric", say("测量项", "Quantity"), ask("metrics_of_unit"), multi=False),
    ]


def _vital_signs(say: Say, ask: Queries) -> Row:
    return Row(
        5,
        [
            (3, data_age(say, "fire")),
            (4, upstreams(say)),
            (10, _units_by_state(say, ask)),
            (4, _transmitted(say, ask)),
            (3, _answered(say, ask)),
        ],
    )


def _units_by_state(say: Say, ask: Queries) -> dashboard.Panel:
    return stat(
        Head(
            say("联网单位状态", "Units by state"),
            say(
                "按最严重情况计数。火警：有未结束的生命安全告警；报警：有紧急或高级告警；"
                "失联：用户信息传输装置或全部设备无数据；异常：任一系统不正常。"
                "演练、误报、搁置不计。",
                "Units by the worst of each. Fire: an open life-safety alert; alarm: an open "
                "critical or high one; offline: its transmission device or everything is silent; "
                "fault: some system is not normal. Without drills, false and held alerts.",
            ),
        ),
        ask("units_by_state"),
        series=by_state(say),
        filled=True,
    )


def _transmitted(say: Say, ask: Queries) -> dashboard.Panel:
    return stat(
        Head(
            say("报警上传及时率", "Signals in time"),
            say(
                "时段内消防信号从设备发出到中心知晓：10秒内（GB 26875.1-2011 第4.1.2.1条）"
                "与20秒内（GB 50440-2007）所占比例；两标准引自二手资料。",
                "Fire signals of the period, from the device to the centre: shares within 10 s "
                "(GB 26875.1-2011 cl. 4.1.2.1) and within 20 s (GB 50440-2007); secondary sources.",
            ),
        ),
        ask("transmitted_in_time"),
        unit="percentunit",
        steps=TRANSMITTED,
        mappings=[nothing(say)],
        decimals=1,
        series={
            "within_target": Series(say("≤10秒", "≤ 10 s")),
            "within_limit": Series(say("≤20秒", "≤ 20 s")),
        },
    )


def _answered(say: Say, ask: Queries) -> dashboard.Panel:
    return stat(
        Head(
            say("查岗应答率", "Duty checks answered"),
            say(
                "时段内已结束的查岗：按时应答人次 ÷ 可送达人次（本平台定义）。",
                "Duty checks closed in the period: answered in time ÷ asked and reachable (ours).",
            ),
        ),
        ask("duty_answers"),
        unit="percentunit",
        steps=ANSWERED,
        mappings=[nothing(say)],
        decimals=0,
    )


def _where(say: Say, ask: Queries) -> Row:
    return Row(12, [(11, _map(say, ask)), (13, _in_trouble(say, ask))])


def _map(say: Say, ask: Queries) -> dashboard.Panel:
    layer = Markers(say("联网单位", "Units"), ask("units_on_the_map"), "state", size=9)
    return geomap(
        Head(
            say("联网单位分布", "Units on the map"),
            say("颜色为单位状态；坐标WGS-84。", "Colour: state of the unit; WGS-84."),
        ),
        [layer],
        mappings=[mapped(say, UNIT_STATES)],
        link=alert_page(say),
    )


def _in_trouble(say: Say, ask: Queries) -> dashboard.Panel:
    unit = dashboard_link(
        say, "yw-fire", say("查看单位", "Look at the unit"), "?var-unit=${__data.fields.unit}"
    )
    return table(
        Head(
            say("需关注单位", "Units that need attention"),
            say(
                "状态不正常的单位，最严重的在前；点单位名看明细，点告警去处置。",
                "Units that are not normal, the worst first. A name opens the unit, an alert "
                "its page.",
            ),
        ),
        ask("units_in_trouble"),
        [
            Column("state", say("状态", "State"), width=110, coloured=True,
                   mappings=[mapped(say, UNIT_STATES)]),
            Column("name", say("单位", "Unit"), link=unit),
            Column("worst", say("最严重告警", "Worst alert"), link=alert_page(say)),
            Column("raised_at", say("发生", "Raised"), unit="dateTimeFromNow", width=130),
            Column("open_alerts", say("告警数", "Alerts"), width=80),
            Column("silent", say("失联设备", "Silent"), width=90),
            Column("alert_id", "alert_id", hidden=True),
            Column("unit", "unit", hidden=True),
        ],
    )  # fmt: skip


def _clocks(say: Say, ask: Queries) -> Row:
    return Row(9, [(15, _response_clocks(say, ask)), (9, _duty_checks(say, ask))])


def _response_clocks(say: Say, ask: Queries) -> dashboard.Panel:
    return table(
        Head(
            say("响应时间", "Response clocks"),
            say(
                "时段内发生的消防告警。上传：从设备发出信号到平台知晓；转119：从核实到移交；"
                "其余从平台知晓算起。只统计已完成的步骤；达标率仅在标准有数值时给出。",
                "Fire alerts raised in the period. Device to centre: from the signal until the "
                "system knew; 119: from the verdict; all others from when the system knew. Only "
                "steps that were taken; shares only where a standard gives a figure.",
            ),
        ),
        ask("clocks"),
        [
            Column("clock", say("环节", "Step"), width=150),
            Column("alerts", say("次数", "Alerts"), width=80),
            Column("median_s", say("中位", "Median"), unit="s", decimals=1),
            Column("p95_s", say("95%分位", "95 %"), unit="s", decimals=1),
            Column("worst_s", say("最长", "Worst"), unit="s", decimals=1),
            Column("target_s", say("目标", "Target"), unit="s"),
            Column("limit_s", say("上限", "Limit"), unit="s"),
            Column("within_target", say("达目标", "In target"), unit="percentunit", decimals=1,
                   steps=TRANSMITTED, coloured=True, mappings=[no_figure()]),
            Column("within_limit", say("不超限", "In limit"), unit="percentunit", decimals=1,
                   steps=TRANSMITTED, coloured=True, mappings=[no_figure()]),
        ],
    )  # fmt: skip


def _duty_checks(say: Say, ask: Queries) -> dashboard.Panel:
    return table(
        Head(
            say("查岗", "Duty checks"),
            say(
                "时段内结束的查岗，按席位；应答率 = 应答 ÷ 可送达，未送达另计。",
                "Checks closed in the period by desk; rate = answered ÷ reachable, others told "
                "apart.",
            ),
        ),
        ask("duty_checks"),
        [
            Column("desk_id", say("席位", "Desk")),
            Column("checks", say("次数", "Checks"), width=80),
            Column("asked", say("可送达", "Asked"), width=90),
            Column("answered", say("应答", "Answered"), width=100),
            Column("missed", say("未应答", "Missed"), width=90),
            Column("unreachable", say("未送达", "Unreachable"), width=110),
            Column("rate", say("应答率", "Rate"), unit="percentunit", decimals=0, width=100,
                   steps=ANSWERED, coloured=True),
        ],
    )  # fmt: skip
