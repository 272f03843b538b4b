"""一网统管总览: the whole city on one screen."""

from grafana_foundation_sdk.models.dashboard import Panel

from grafana import colours
from grafana.colours import PRIORITIES, Series, mapped, nothing
from grafana.freshness import data_age, upstreams
from grafana.layout import Row
from grafana.links import alert_page
from grafana.panels import Column, Head, Markers, bars, geomap, ranking, stat, table, timeseries
from grafana.query import Queries
from grafana.screen import Screen
from grafana.words import Say


def screen(say: Say) -> Screen:
    """Describe the dashboard."""
    ask = Queries(__file__, say)
    return Screen(
        "yw-overview",
        say("一网统管总览", "The city at a glance"),
        say(
            "一屏观全局：告警、设备在线、数据质量和地图。",
            "One screen for the whole city: alerts, devices online, data quality and the map.",
        ),
        rows=[_signs(say, ask), _middle(say, ask), _trades(say, ask), _bottom(say, ask)],
        refresh="30s",
    )


def _signs(say: Say, ask: Queries) -> Row:
    """Show what must be seen from the door: is the data fresh, what is open, who waits."""
    waiting = stat(
        Head(
            say("待确认", "Unacknowledged"),
            say(
                "无人确认的告警条数和其中最久的等待时间；不含搁置、折叠和演练。",
                "Alerts nobody has taken and how long the oldest has waited; "
                "without held, folded and drill ones.",
            ),
        ),
        ask("unacknowledged"),
        steps=colours.NONE_WANTED,
        series={
            "unacknowledged": Series(say("条", "alerts")),
            "oldest": Series(say("最久", "oldest"), unit="s", decimals=0),
        },
    )
    opened = stat(
        Head(
            say("未消除告警", "Open alerts"),
            say(
                "按优先级（ISA-18.2）；不含搁置、抑制、停用和演练。",
                "By priority (ISA-18.2); without held ones and drills.",
            ),
        ),
        ask("open_by_priority"),
        series=colours.priority_series(say),
    )
    return Row(5, [(4, data_age(say)), (5, upstreams(say)), (6, waiting), (9, opened)])


def _middle(say: Say, ask: Queries) -> Row:
    by_domain = bars(
        Head(
            say("各领域未消除告警", "Open alerts by domain"),
            say("按优先级叠加的条数。", "Their number, stacked by priority."),
        ),
        ask("open_by_domain"),
        category="domain",
        series=colours.priority_series(say),
        mappings=[colours.domain_mapping(say)],
        stacked=True,
        horizontal=True,
    )
    return Row(11, [(12, _map(say, ask)), (6, by_domain), (6, _online(say, ask))])


def _map(say: Say, ask: Queries) -> Panel:
    return geomap(
        Head(
            say("全市态势", "The city"),
            say(
                "点位按最高未消除优先级着色，大点为告警；坐标WGS-84，底图为本市网格轮廓。",
                "Sites by their worst open priority, large dots are alerts; WGS-84, drawn over "
                "the outlines of the city's own grid.",
            ),
        ),
        [
            Markers(say("点位", "Sites"), ask("sites_on_map"), "priority", size=5),
            Markers(
                say("告警", "Alerts"), ask("alerts_on_map"), "priority", size=10, symbol="triangle"
            ),
        ],
        mappings=[mapped(say, PRIORITIES)],
        link=alert_page(say),
    )


def _online(say: Say, ask: Queries) -> Panel:
    return ranking(
        Head(
            say("在线率", "Online rate"),
            say(
                "无离线告警的设备时长÷在用设备总时长（本平台定义，网关离线则其下设备均离线）。",
                "Device-time without an offline alert ÷ device-time in service "
                "(ours; behind an offline gateway all are offline).",
            ),
        ),
        ask("online_by_domain"),
        unit="percentunit",
        steps=colours.PASS_LINE,
        mappings=[colours.domain_mapping(say)],
        bounds=(0, 1),
        decimals=1,
    )


def _trades(say: Say, ask: Queries) -> Row:
    return Row(
        4,
        [
            (6, _devices(say, ask)),
            (6, _units(say, ask)),
            (6, _lamps(say, ask)),
            (6, _trucks(say, ask)),
        ],
    )


def _devices(say: Say, ask: Queries) -> Panel:
    return stat(
        Head(
            say("设备在线", "Devices online"),
            say(
                "在用设备中无离线告警者；离线含网关离线所隐藏的设备。",
                "Devices in service without an offline alert; offline includes those behind an "
                "offline gateway.",
            ),
        ),
        ask("devices_online"),
        series={
            "online": Series(say("✔ 在线", "✔ online"), colours.GREEN),
            "offline": Series(say("✖ 离线", "✖ offline"), colours.ORANGE),
            "rate": Series(say("占比", "share"), colours.SKY, "percentunit", 1),
        },
    )


def _units(say: Say, ask: Queries) -> Panel:
    return stat(
        Head(
            say("消防联网单位", "Fire units"),
            say(
                "各状态的单位数，定义见智慧消防。", "Units by state; defined on the fire dashboard."
            ),
        ),
        ask("units_by_state"),
        series={
            "alarmed": Series(say("◆ 报警", "◆ alarm"), colours.RED),
            "fault": Series(say("▲ 故障", "▲ fault"), colours.ORANGE),
            "offline": Series(say("○ 离线", "○ offline"), colours.GREY),
            "normal": Series(say("✔ 正常", "✔ normal"), colours.GREEN),
        },
    )


def _lamps(say: Say, ask: Queries) -> Panel:
    return stat(
        Head(
            say("路灯", "Street lamps"),
            say(
                "亮、暗（应亮未亮）、白天亮灯、未知（无有效上报，不算亮）。",
                "Lit, dark (should burn and does not), burning by day, unknown (not counted lit).",
            ),
        ),
        ask("lamps_by_state"),
        series={
            "lit": Series(say("☀ 亮", "☀ lit"), colours.YELLOW),
            "dark": Series(say("▼ 暗", "▼ dark"), colours.RED),
            "day_burning": Series(say("▲ 白天亮", "▲ by day"), colours.ORANGE),
            "unknown": Series(say("? 未知", "? unknown"), colours.GREY),
        },
    )


def _trucks(say: Say, ask: Queries) -> Panel:
    return stat(
        Head(
            say("渣土车", "Muck trucks"),
            say(
                "各状态的车辆数，定义见渣土运输。",
                "Trucks by state; defined on the truck dashboard.",
            ),
        ),
        ask("trucks_by_state"),
        series={
            "driving": Series(say("► 行驶", "► driving"), colours.SKY),
            "standing": Series(say("■ 停车", "■ standing"), colours.BLUE),
            "violation": Series(say("◆ 违规", "◆ violation"), colours.RED),
            "unknown": Series(say("? 未知", "? unknown"), colours.GREY),
        },
    )


def _bottom(say: Say, ask: Queries) -> Row:
    columns = [
        Column("priority", say("级别", "Priority"), width=120, coloured=True,
               mappings=[mapped(say, PRIORITIES)]),
        Column("state", say("状态", "State"), width=170,
               mappings=[mapped(say, colours.ALERT_STATES)]),
        Column("title", say("告警", "Alert"), link=alert_page(say)),
        Column("site_name", say("点位", "Site")),
        Column("raised_at", say("时间", "Since"), "dateTimeFromNow", 130),
        Column("alert_id", "alert_id", hidden=True),
    ]  # fmt: skip
    urgent = table(
        Head(
            say("最紧急的告警", "Most urgent alerts"),
            say("按优先级，再按先后；点击打开处置页。", "By priority, then age; click to open."),
        ),
        ask("most_urgent"),
        columns,
    )
    return Row(9, [(11, urgent), (8, _by_hour(say, ask)), (5, _today(say, ask))])


def _by_hour(say: Say, ask: Queries) -> Panel:
    return timeseries(
        Head(
            say("每小时告警：与前一天对比", "Alerts by hour, against the day before"),
            say("每小时新告警条数，不含演练。", "New alerts in each hour, drills left out."),
        ),
        ask("alerts_by_hour"),
        series={
            "latest": Series(say("最近", "latest"), colours.SKY),
            "earlier": Series(say("前一天", "a day before"), colours.GREY),
        },
    )


def _today(say: Say, ask: Queries) -> Panel:
    return stat(
        Head(
            say("今日与昨日同期", "Today and yesterday until now"),
            say(
                "新告警（不含演练）、收到的报文、数据质量合格率（合格线95%）；日界为北京时间零点。",
                "New alerts (drills left out), messages received, readings passed (line 95 %); "
                "days begin at midnight in Shanghai.",
            ),
        ),
        ask("today"),
        mappings=[nothing(say)],
        series={
            "alerts": Series(say("今日告警", "alerts today"), colours.SKY),
            "alerts_before": Series(say("昨日同期", "yesterday"), colours.GREY),
            "messages": Series(say("今日报文", "messages today"), colours.SKY),
            "messages_before": Series(say("昨日同期 ", "yesterday "), colours.GREY),
            "passed": Series(say("合格率", "pass rate"), None, "percentunit", 2),
        },
    )
