"""The fire systems of all units: who watches, water pressure, residual currents, cables."""

from grafana_foundation_sdk.models import dashboard

from grafana.colours import GREY, ORANGE, RED, Series, mapped, priority_series
from grafana.dashboards.fire_words import CABLE, LEAKAGE, SYSTEMS, UNIT_STATES, WATER, by_state
from grafana.layout import Row
from grafana.links import dashboard_link
from grafana.panels import Column, Head, bars, ranking, stat, table, timeseries
from grafana.query import Queries
from grafana.words import Say


def systems(say: Say, ask: Queries) -> Row:
    """Return the row about the state of every system."""
    return Row(
        11, [(7, _by_system(say, ask)), (11, _matrix(say, ask)), (6, _alerts_by_hour(say, ask))]
    )


def _by_system(say: Say, ask: Queries) -> dashboard.Panel:
    return bars(
        Head(
            say("各消防系统状态（单位数）", "Systems by state (units)"),
            say(
                "每个系统按状态的单位数；系统划分参照GB/T 26875.3-2011表4，分组为本平台定义。",
                "Units by state of each system, after GB/T 26875.3-2011 table 4; grouping ours.",
            ),
        ),
        ask("systems_by_state"),
        category="system",
        series=by_state(say),
        stacked=True,
        horizontal=True,
    )


def _matrix(say: Say, ask: Queries) -> dashboard.Panel:
    states = [mapped(say, UNIT_STATES)]
    unit = dashboard_link(
        say, "yw-fire", say("查看单位", "Look at the unit"), "?var-unit=${__data.fields.unit}"
    )
    return table(
        Head(
            say("单位 × 系统", "Units by system"),
            say(
                "全部联网单位，每格为该系统最严重的设备状态；空白为无此系统。",
                "All units; a cell is the worst device of that system, empty where there is none.",
            ),
        ),
        ask("units_by_system"),
        [
            Column("name", say("单位", "Unit"), width=230, link=unit),
            Column("state", say("总体", "All"), mappings=states, coloured=True),
            *(
                Column(name, say.word(word), mappings=states, coloured=True)
                for name, word in SYSTEMS.items()
            ),
            Column("unit", "unit", hidden=True),
        ],
    )


def _alerts_by_hour(say: Say, ask: Queries) -> dashboard.Panel:
    return timeseries(
        Head(
            say("每小时消防告警", "Fire alerts per hour"),
            say("按级别，演练除外。", "By priority, drills left out."),
        ),
        ask("alerts_by_hour"),
        series=priority_series(say),
        style="bars",
        stacked=True,
    )


def water_and_electricity(say: Say, ask: Queries) -> Row:
    """Return the row about pressure, level, residual current and cable temperature."""
    return Row(
        10,
        [
            (3, _water_states(say, ask)),
            (7, _lowest_water(say, ask)),
            (7, _leakage(say, ask)),
            (7, _cables(say, ask)),
        ],
    )


def _water_states(say: Say, ask: Queries) -> dashboard.Panel:
    return stat(
        Head(
            say("消防水源异常", "Fire water"),
            say(
                "压力或液位低于、高于限值的测点数；失联测点为未知，不算正常。",
                "Pressures and levels below or above their limits; silent sensors are unknown.",
            ),
        ),
        ask("water_unknown"),
        series={
            "low": Series(say("▼ 偏低", "▼ low"), RED),
            "high": Series(say("▲ 偏高", "▲ high"), ORANGE),
            "unknown": Series(say("? 未知", "? unknown"), GREY),
        },
    )


def _lowest_water(say: Say, ask: Queries) -> dashboard.Panel:
    return ranking(
        Head(
            say("水压与液位：最低十个（实测 ÷ 下限）", "Lowest water (value ÷ lower limit)"),
            say(
                "消火栓0.14 MPa（GB 55036-2022第3.0.3条），管网0.10 MPa（GB 50974-2014第5.2.2条），"
                "水箱1.0 m（本平台）。100%即等于下限。",
                "Hydrants 0.14 MPa (GB 55036-2022 cl. 3.0.3), mains 0.10 MPa (GB 50974-2014 "
                "cl. 5.2.2), tanks 1.0 m (ours). 100 % is the limit itself.",
            ),
        ),
        ask("lowest_water"),
        unit="percentunit",
        steps=WATER,
        decimals=0,
    )


def _leakage(say: Say, ask: Queries) -> dashboard.Panel:
    return ranking(
        Head(
            say("剩余电流：最高十个", "Highest residual currents"),
            say(
                "毫安；300预警、500报警（出厂规则，来源未核实）。失联探测器不列。",
                "Milliamperes; warning at 300, alarm at 500 (rules as delivered, source "
                "unverified). Silent detectors are left out.",
            ),
        ),
        ask("highest_leakage"),
        unit="mamp",
        steps=LEAKAGE,
        decimals=0,
    )


def _cables(say: Say, ask: Queries) -> dashboard.Panel:
    return ranking(
        Head(
            say("线缆温度：最高十个", "Hottest cables"),
            say(
                "摄氏度，取各相最高；60关注（本平台）、70报警（出厂规则，来源未核实）。",
                "Degrees Celsius, the hottest phase; 60 to watch (ours), 70 alarm (rules as "
                "delivered, source unverified).",
            ),
        ),
        ask("hottest_cables"),
        unit="celsius",
        steps=CABLE,
        decimals=0,
    )
