"""城市照明: who burns, who should, what is broken, and what it costs in energy."""

from grafana_foundation_sdk.models import dashboard

from grafana.colours import GREY, Series, mapped, nothing
from grafana.dashboards.lighting_days import by_day
from grafana.dashboards.lighting_words import (
    CABINET_STATES,
    DOORS,
    INTACT,
    LAMP_STATES,
    LEAKAGE,
    LIT,
    lamp_series,
)
from grafana.freshness import data_age, upstreams
from grafana.layout import Row
from grafana.links import alert_page, site_page
from grafana.panels import Column, Head, Markers, geomap, stat, table
from grafana.query import Queries
from grafana.screen import Screen
from grafana.words import Say


def screen(say: Say) -> Screen:
    """Describe the dashboard."""
    ask = Queries(__file__, say)
    return Screen(
        "yw-lighting",
        say("城市照明", "Lighting"),
        say("亮灯率、设施完好率、能耗、故障灯与控制柜", "Lamps, facilities, energy, cabinets"),
        rows=[
            _vital_signs(say, ask),
            _where(say, ask),
            by_day(say, ask),
            _cabinets(say, ask),
        ],
        since="now-3d",
        refresh="30s",
    )


def _vital_signs(say: Say, ask: Queries) -> Row:
    return Row(
        6,
        [
            (3, data_age(say, "lighting")),
            (3, upstreams(say)),
            (4, _rate_now(say, ask)),
            (4, _last_night(say, ask)),
            (6, _by_state(say, ask)),
            (4, _facilities(say, ask)),
        ],
    )


def _rate_now(say: Say, ask: Queries) -> dashboard.Panel:
    return stat(
        Head(
            say("当前亮灯率 = 亮 ÷（应亮 − 未知）", "Lit now = lit ÷ (should − unknown)"),
            say(
                "此刻应亮且有数据的灯中亮着的比例。应亮：控制柜或路段的计划（登记属性burning_hours），"
                "没有计划的按当地日落至日出；开关灯前后15分钟不计。白天无应亮灯，显示无数据。目标："
                "主干道98%，其他96%（建办城〔2006〕48号，二手资料）；公式为本平台定义。",
                "Of the lamps that should burn now and are heard, those that do. Should: the plan "
                "of cabinet or site (attribute burning_hours), else sunset to sunrise there; 15 "
                "minutes around switching are left out. By day there is none. Targets 98 % on "
                "main roads, 96 % on others; formula ours.",
            ),
        ),
        ask("rate_now"),
        unit="percentunit",
        steps=LIT,
        mappings=[_by_day_none(say)],
        decimals=1,
        filled=True,
    )


def _by_day_none(say: Say) -> dashboard.SpecialValueMap:
    return dashboard.SpecialValueMap(
        dashboard.DashboardSpecialValueMapOptions(
            dashboard.SpecialValueMatch.NULL_AND_NAN,
            dashboard.ValueMappingResult(say("○ 无应亮灯", "○ none should"), GREY, index=0),
        )
    )


def _last_night(say: Say, ask: Queries) -> dashboard.Panel:
    return stat(
        Head(
            say("昨夜亮灯率 · 未知", "Last night · unknown"),
            say(
                "上一个整夜（12时至次日12时）：亮灯时长 ÷（应亮时长 − 未知时长）；"
                "未知 = 无数据的时长 ÷ 应亮时长，绝不算作亮灯。",
                "The last whole night (noon to noon): time lit ÷ (time it should − unknown); "
                "unknown: share of that time without telemetry, which never counts as lit.",
            ),
        ),
        ask("rate_last_night"),
        unit="percentunit",
        steps=LIT,
        mappings=[nothing(say)],
        decimals=1,
        series={
            "rate": Series(say("亮灯率", "lit")),
            "unknown_rate": Series(say("未知", "unknown"), GREY),
        },
    )


def _by_state(say: Say, ask: Queries) -> dashboard.Panel:
    return stat(
        Head(
            say("灯具状态（盏）", "Lamps by state"),
            say(
                "亮：功率不低于额定的5%（至少3瓦，本平台定义），不报功率的看控制器上报；"
                "未知：超过离线时限没有数据。应亮未亮与白天亮灯按计划时段判断。",
                "Lit: drawing 5 % of the rated power (3 W at least, ours), or by the word of a "
                "controller that tells no power. Unknown: not heard for longer than the offline "
                "limit. Dark and day-burning are judged by the schedule.",
            ),
        ),
        ask("lamps_by_state"),
        series=lamp_series(say),
    )


def _facilities(say: Say, ask: Queries) -> dashboard.Panel:
    return stat(
        Head(
            say("设施完好率 = 完好 ÷ 检查", "Intact = intact ÷ inspected"),
            say(
                "灯具与控制柜。检查：离线时限内有数据；完好：没有应亮未亮、白天亮灯，也没有未恢复"
                "的故障告警；未检查到的为未知，另计。目标：道路照明95%（城建〔2011〕257号，二手资"
                "料）；公式为本平台定义。",
                "Lamps and cabinets. Inspected: heard within the offline limit; intact: neither "
                "dark nor burning by day, and no fault alert active; the others are unknown. "
                "Target 95 % for road lighting (secondary source); formula ours.",
            ),
        ),
        ask("facilities_now"),
        unit="percentunit",
        steps=INTACT,
        mappings=[nothing(say)],
        decimals=1,
        series={
            "rate": Series(say("完好", "intact")),
            "unknown_rate": Series(say("未知", "unknown"), GREY),
        },
    )


def _where(say: Say, ask: Queries) -> Row:
    return Row(12, [(12, _map(say, ask)), (12, _in_trouble(say, ask))])


def _map(say: Say, ask: Queries) -> dashboard.Panel:
    layers = [
        Markers(say("控制柜", "Cabinets"), ask("cabinets_on_the_map"), "state", size=9,
                symbol="square"),
        Markers(say("异常灯", "Lamps in trouble"), ask("lamps_on_the_map"), "state", size=5),
    ]  # fmt: skip
    return geomap(
        Head(
            say("控制柜与异常灯分布", "Cabinets and lamps in trouble"),
            say(
                "方块为控制柜，圆点为应亮未亮、白天亮灯或未知的灯；坐标WGS-84。",
                "Squares are cabinets, dots are lamps that are dark, burn by day or are unknown; "
                "WGS-84.",
            ),
        ),
        layers,
        mappings=[mapped(say, CABINET_STATES | LAMP_STATES)],
        link=site_page(say),
        linked="site_id",
    )


def _in_trouble(say: Say, ask: Queries) -> dashboard.Panel:
    return table(
        Head(
            say("应亮未亮与白天亮灯", "Dark and day-burning lamps"),
            say("按路段排列；有告警的点开去处置。", "By street; an alert opens its page."),
        ),
        ask("lamps_in_trouble"),
        [
            Column("state", say("状态", "State"), width=140, coloured=True,
                   mappings=[mapped(say, LAMP_STATES)]),
            Column("name", say("灯", "Lamp")),
            Column("site_name", say("控制柜", "Cabinet"), link=site_page(say)),
            Column("site_id", "site_id", hidden=True),
            Column("observed_at", say("最近上传", "Heard"), unit="dateTimeFromNow", width=130),
            Column("title", say("告警", "Alert"), link=alert_page(say)),
            Column("alert_id", "alert_id", hidden=True),
        ],
    )  # fmt: skip


def _cabinets(say: Say, ask: Queries) -> Row:
    return Row(11, [(24, _cabinet_table(say, ask))])


def _cabinet_table(say: Say, ask: Queries) -> dashboard.Panel:
    return table(
        Head(
            say("控制柜", "Cabinets"),
            say(
                "失联、报警、异常在前；剩余电流300 mA报警（出厂规则）。",
                "Those in trouble first; residual current: alarm at 300 mA (rule as delivered).",
            ),
        ),
        ask("cabinets"),
        [
            Column("state", say("状态", "State"), width=110, coloured=True,
                   mappings=[mapped(say, CABINET_STATES)]),
            Column("site_name", say("控制柜", "Cabinet"), link=site_page(say)),
            Column("site_id", "site_id", hidden=True),
            Column("lamps", say("灯", "Lamps"), width=80),
            *(Column(name, series.title, width=120) for name, series in lamp_series(say).items()
              if name != "off"),
            Column("power_w", say("功率", "Power"), unit="watt", decimals=1, width=110),
            Column("residual_current_ma", say("剩余电流", "Leakage"), unit="mamp", decimals=0,
                   width=110, steps=LEAKAGE, coloured=True),
            Column("temperature_c", say("柜温", "Inside"), unit="celsius", decimals=0, width=90),
            Column("door", say("柜门", "Door"), width=100, mappings=[mapped(say, DOORS)]),
            Column("heard_at", say("最近上传", "Heard"), unit="dateTimeFromNow", width=130),
            Column("open_alerts", say("告警", "Alerts"), width=80),
        ],
    )  # fmt: skip
