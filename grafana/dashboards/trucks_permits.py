"""What the permits of trucks say, and how their driving and their trips compare."""

from grafana_foundation_sdk.models import dashboard

from grafana.colours import GREEN, GREY, RED, SKY, Series, mapped
from grafana.dashboards.trucks_words import PERMITS, SPEED
from grafana.layout import Row
from grafana.panels import Column, Head, Markers, geomap, table, timeseries
from grafana.query import Queries
from grafana.words import Say


def permits(say: Say, ask: Queries) -> Row:
    """Return the row about what trucks may do, and when they drove."""
    return Row(10, [(10, _hours(say, ask)), (14, _permit_table(say, ask))])


def _hours(say: Say, ask: Queries) -> dashboard.Panel:
    return timeseries(
        Head(
            say("每小时行驶里程与核准时段", "Driving per hour, by permit"),
            say(
                "公里，里程表读数之差；按每小时开始时是否在该车核准时段内分类，未载明时段的另计。",
                "Kilometres by the counters, sorted by whether the hour begins inside the truck's "
                "approved hours; permits that name none are told apart.",
            ),
        ),
        ask("driving_by_hour"),
        unit="lengthkm",
        decimals=0,
        style="bars",
        stacked=True,
        series={
            "permitted": Series(say("✔ 核准时段内", "✔ inside"), GREEN),
            "outside": Series(say("✖ 核准时段外", "✖ outside"), RED),
            "not_said": Series(say("– 未载明", "– not said"), GREY),
        },
        interval="1h",
    )


def _permit_table(say: Say, ask: Queries) -> dashboard.Panel:
    said = [mapped(say, PERMITS)]
    return table(
        Head(
            say("核准文件", "Permits"),
            say(
                "核准的工地、消纳场、线路与时段（建设部令第139号），取自车辆登记属性。",
                "Approved site, dump, route and hours (Ministry Order 139 of 2005), as registered.",
            ),
        ),
        ask("permits"),
        [
            Column("plate", say("车牌", "Plate"), width=110),
            Column("company", say("运输企业", "Company")),
            Column("construction_site", say("工地", "Site")),
            Column("dump_site", say("消纳场", "Dump")),
            Column("route", say("线路", "Route"), width=80, mappings=said),
            Column("hours", say("时段", "Hours"), width=130, mappings=said),
            Column("permitted_now", say("现在可行", "Now"), width=110, mappings=said,
                   coloured=True),
            Column("truck", "truck", hidden=True),
        ],
    )  # fmt: skip


def trips(say: Say, ask: Queries) -> Row:
    """Return the row of the latest trips, beside what the permit says."""
    return Row(10, [(24, _trip_table(say, ask))])


def _trip_table(say: Say, ask: Queries) -> dashboard.Panel:
    said = [mapped(say, PERMITS)]
    return table(
        Head(
            say("最近两小时的车次", "Trips of the last two hours"),
            say(
                "起讫地点按工地、消纳场围栏外接矩形加50米判断；是否与核准文件一致。",
                "Ends by the bounding box of the sites' fences and 50 m around; whether each is "
                "the one in the permit.",
            ),
        ),
        ask("latest_trips"),
        [
            Column("emptied_at", say("卸空", "Emptied"), unit="dateTimeFromNow", width=140),
            Column("plate", say("车牌", "Plate"), width=110),
            Column("company", say("运输企业", "Company")),
            Column("loaded_s", say("载运时长", "Loaded for"), unit="s", width=110),
            Column("distance_km", say("载运里程", "Driven"), unit="lengthkm", decimals=1, width=99),
            Column("loaded_site", say("装载地", "Loaded at")),
            Column("from_as", say("核准工地", "Approved"), width=110, mappings=said, coloured=True),
            Column("emptied_site", say("卸载地", "Emptied at")),
            Column("to_as", say("核准消纳场", "Approved"), width=110, mappings=said, coloured=True),
        ],
    )  # fmt: skip


def one_truck(say: Say, ask: Queries) -> Row:
    """Return the row about the truck chosen above."""
    return Row(
        12,
        [(13, _track(say, ask)), (11, _speed(say, ask))],
        title=say("单车轨迹：$truck", "One truck: $truck"),
    )


def _track(say: Say, ask: Queries) -> dashboard.Panel:
    return geomap(
        Head(
            say("轨迹", "Track"),
            say("所选时段与车辆；颜色为车速（km/h）。", "The truck and time chosen; colour: km/h."),
        ),
        [Markers(say("轨迹", "Track"), ask("track"), "speed_kmh", size=5)],
        unit="velocitykmh",
        steps=SPEED,
    )


def _speed(say: Say, ask: Queries) -> dashboard.Panel:
    return timeseries(
        Head(
            say("车速", "Speed"),
            say(
                "km/h；重载40、空载60为可配置默认值（来源未核实）。",
                "km/h; 40 loaded and 60 empty are configurable defaults (source unverified).",
            ),
        ),
        ask("speed"),
        unit="velocitykmh",
        decimals=0,
        limits=SPEED,
        series={"speed_kmh": Series(say("车速", "Speed"), SKY)},
    )
