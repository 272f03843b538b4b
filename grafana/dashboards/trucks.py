"""渣土运输: where the trucks are, their trips, their violations, and what their permits say."""

from grafana_foundation_sdk.models import dashboard

from grafana.colours import (
    NONE_WANTED,
    PRIORITIES,
    RED,
    SKY,
    Series,
    mapped,
)
from grafana.dashboards.trucks_permits import one_truck, permits, trips
from grafana.dashboards.trucks_words import TRACK, TRUCK_STATES, truck_series
from grafana.freshness import data_age, upstreams
from grafana.layout import Row
from grafana.links import alert_page
from grafana.panels import Column, Head, Markers, bars, geomap, ranking, stat, table
from grafana.query import Queries
from grafana.screen import Screen, choice
from grafana.words import Say


def screen(say: Say) -> Screen:
    """Describe the dashboard."""
    ask = Queries(__file__, say)
    return Screen(
        "yw-trucks",
        say("渣土运输", "Muck trucks"),
        say("车辆位置与轨迹、车次、违规、核准时段", "Positions, tracks, trips, violations, hours"),
        rows=[
            _vital_signs(say, ask),
            _where(say, ask),
            _violations(say, ask),
            permits(say, ask),
            trips(say, ask),
            one_truck(say, ask),
        ],
        since="now-12h",
        refresh="30s",
        variables=[choice("truck", say("车辆", "Truck"), ask("trucks"), multi=False)],
    )


def _vital_signs(say: Say, ask: Queries) -> Row:
    return Row(
        5,
        [
            (3, data_age(say, "truck")),
            (4, upstreams(say)),
            (8, _by_state(say, ask)),
            (4, _trip_count(say, ask)),
            (2, _violation_count(say, ask)),
            (3, _outside(say, ask)),
        ],
    )


def _by_state(say: Say, ask: Queries) -> dashboard.Panel:
    return stat(
        Head(
            say("车辆状态（辆）", "Trucks by state"),
            say(
                "违规：有未结束的违规告警；行驶：不低于5 km/h；失联：超过离线时限没有有效定位。",
                "Violation: one is open; driving: 5 km/h and more; unknown: no good position for "
                "longer than the offline limit.",
            ),
        ),
        ask("trucks_by_state"),
        series=truck_series(say),
        filled=True,
    )


def _trip_count(say: Say, ask: Queries) -> dashboard.Panel:
    return stat(
        Head(
            say("车次 · 出车数", "Trips · trucks"),
            say(
                "时段内完成的车次（空载→装载→卸空，按卸空时刻计）与完成车次的车辆数；半载算装载。",
                "Trips that ended in the period (empty, loaded, emptied) and the trucks that made "
                "them; half full counts as loaded.",
            ),
        ),
        ask("trips"),
        series={
            "trips": Series(say("车次", "trips"), SKY),
            "trucks": Series(say("车辆", "trucks"), SKY),
        },
    )


def _violation_count(say: Say, ask: Queries) -> dashboard.Panel:
    return stat(
        Head(
            say("违规", "Violations"),
            say(
                "时段内发生的违规告警，误报与演练除外；核实前均为疑似。",
                "Violations raised in the period, without false ones and drills; suspicions until "
                "somebody has verified them.",
            ),
        ),
        ask("violations"),
        steps=NONE_WANTED,
        filled=True,
    )


def _outside(say: Say, ask: Queries) -> dashboard.Panel:
    return stat(
        Head(
            say("非核准时段里程", "Outside hours"),
            say(
                "时段内在核准时段之外行驶的公里数；核准文件未载明时段的车辆不计。",
                "Kilometres driven outside the approved hours; trucks whose permit names no hours "
                "are not counted.",
            ),
        ),
        ask("outside_hours"),
        unit="lengthkm",
        steps=NONE_WANTED,
        decimals=0,
        filled=True,
    )


def _where(say: Say, ask: Queries) -> Row:
    return Row(13, [(13, _map(say, ask)), (11, _latest(say, ask))])


def _map(say: Say, ask: Queries) -> dashboard.Panel:
    layers = [
        Markers(say("轨迹", "Tracks"), ask("tracks_on_the_map"), "state", size=4),
        Markers(say("车辆", "Trucks"), ask("trucks_on_the_map"), "state", text="plate", size=9),
    ]
    return geomap(
        Head(
            say("车辆位置与近15分钟轨迹", "Positions and the last 15 minutes"),
            say("颜色为车辆状态；坐标WGS-84。", "Colour: state of the truck; WGS-84."),
        ),
        layers,
        mappings=[mapped(say, TRUCK_STATES | TRACK)],
        link=alert_page(say),
    )


def _latest(say: Say, ask: Queries) -> dashboard.Panel:
    return table(
        Head(
            say("最近违规", "Latest violations"),
            say("点开告警核实处置。", "An alert opens its page, where it is verified."),
        ),
        ask("latest_violations"),
        [
            Column("at", say("时间", "When"), unit="dateTimeFromNow", width=130),
            Column("kind", say("违规", "Violation"), link=alert_page(say)),
            Column("priority", say("级别", "Priority"), width=110, coloured=True,
                   mappings=[mapped(say, PRIORITIES)]),
            Column("plate", say("车牌", "Plate"), width=110),
            Column("company", say("运输企业", "Company")),
            Column("state", "state", hidden=True),
            Column("alert_id", "alert_id", hidden=True),
        ],
    )  # fmt: skip


def _violations(say: Say, ask: Queries) -> Row:
    return Row(10, [(8, _by_kind(say, ask)), (16, _by_company(say, ask))])


def _by_kind(say: Say, ask: Queries) -> dashboard.Panel:
    return ranking(
        Head(
            say("违规类型", "Violations by kind"),
            say(
                "时段内的次数；类型参照已运行系统的告警目录，分组为本平台定义。",
                "In the period; kinds after catalogues of deployed systems, grouping ours.",
            ),
        ),
        ask("violations_by_kind"),
        steps=NONE_WANTED,
        decimals=0,
    )


def _by_company(say: Say, ask: Queries) -> dashboard.Panel:
    return bars(
        Head(
            say("运输企业：车次与违规", "Companies: trips and violations"),
            say(
                "时段内，按车辆登记的运输企业；违规多的在前。",
                "In the period, by the firm where the truck is registered; most violations first.",
            ),
        ),
        ask("by_company"),
        category="company",
        series={
            "trips": Series(say("■ 车次", "■ Trips"), SKY),
            "violations": Series(say("◆ 违规", "◆ Violations"), RED),
        },
    )
