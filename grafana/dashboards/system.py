"""系统运行: our own parts, so that nobody blames a device for our silence."""

from typing import Final

from grafana_foundation_sdk.models.dashboard import Panel

from grafana import colours
from grafana.colours import BLUE, GREEN, GREY, ORANGE, RED, SKY, Series, Shown, mapped, nothing
from grafana.freshness import data_age, upstreams
from grafana.layout import Row
from grafana.panels import Column, Head, stat, state_timeline, table, timeseries
from grafana.query import Queries
from grafana.screen import Screen
from grafana.words import Say, Word

_STATES: Final = {
    "running": Shown(Word("✔ 运行", "✔ running"), GREEN),
    "degraded": Shown(Word("▲ 降级", "▲ degraded"), ORANGE),
    "stopping": Shown(Word("■ 停止中", "■ stopping"), BLUE),
    "lost": Shown(Word("✖ 失联", "✖ lost"), RED),
    "never": Shown(Word("✖ 从未上报", "✖ never heard"), RED),
}
_STATE_NUMBERS: Final = {
    str(number): _STATES[state]
    for number, state in enumerate(("running", "degraded", "stopping", "lost"), 1)
}
"""In the order of system.sql, query program_states: the worst of a minute counts."""
_BROKER: Final = {
    "up": Shown(Word("✔ 正常", "✔ up"), GREEN),
    "down": Shown(Word("✖ 中断", "✖ down"), RED),
    "unknown": Shown(Word("? 未知", "? unknown"), GREY),
}
_FRESH: Final = {
    "fresh": Shown(Word("✔ 更新中", "✔ fresh"), GREEN),
    "stale": Shown(Word("✖ 中断", "✖ stale"), RED),
}
_LAG: Final = ((None, GREEN), (5, ORANGE), (300, RED))
"""Seconds; the engine raises an alert at 300 (rule offline-ingest)."""
_BUDGET: Final = ((None, RED), (4, ORANGE), (24, GREEN))
"""Hours of database outage the spool can still bear: a night, a working day (ours)."""
_SPOOLED: Final = ((None, GREEN), (1, ORANGE))


def screen(say: Say) -> Screen:
    """Describe the dashboard."""
    ask = Queries(__file__, say)
    return Screen(
        "yw-system",
        say("系统运行", "System"),
        say(
            "数据接入速率与滞后、可承受的数据库中断小时数、暂存、数据库、消息中枢、各程序心跳。",
            "Ingest rate and lag, outage budget in hours, spool, database, broker, every "
            "program's heartbeat.",
        ),
        rows=[
            Row(5, [(4, data_age(say)), (6, upstreams(say)), (14, _ingest(say, ask))]),
            Row(6, [(10, _programs(say, ask)), (4, _broker(say, ask)), (10, _database(say, ask))]),
            Row(6, [(24, _states(say, ask))]),
            Row(8, [(8, _rate(say, ask)), (8, _lag(say, ask)), (8, _budget(say, ask))]),
            Row(8, [(8, _spool(say, ask)), (8, _messages(say, ask)), (8, _ages(say, ask))]),
            Row(9, [(24, _sizes(say, ask))]),
        ],
        since="now-6h",
    )


def _ingest(say: Say, ask: Queries) -> Panel:
    return stat(
        Head(
            say("数据接入", "Ingest"),
            say(
                "速率：条/秒；滞后：最旧的未入库报文已等待的秒数；可承受中断：数据库停机时磁盘还能暂存的小时数"
                "（按平均流量）；暂存：磁盘上等待入库的报文。",
                "Rate in messages/s; lag: seconds the oldest uncommitted message has waited; "
                "outage budget: hours the disk can stand in for the database at the average "
                "inflow; spool: messages that wait on disk.",
            ),
        ),
        ask("ingest_now"),
        mappings=[nothing(say)],
        series={
            "rate": Series(say("速率 条/秒", "rate, messages/s"), SKY, "none", 0),
            "lag": Series(say("滞后", "lag"), None, "s", 1, _LAG),
            "hours": Series(say("可承受中断", "outage budget"), None, "h", 0, _BUDGET),
            "spooled": Series(say("暂存报文", "spooled"), None, "short", 0, _SPOOLED),
        },
    )


def _programs(say: Say, ask: Queries) -> Panel:
    return table(
        Head(
            say("各程序心跳", "Heartbeats"),
            say(
                "每个程序最近一次心跳；30秒无心跳为失联。由接口程序每10秒记录，接口程序停机则全部失联。",
                "The last heartbeat of every program; lost after 30 s. Noted by the api every "
                "10 s: while it is down, all of them are lost.",
            ),
        ),
        ask("programs"),
        [
            Column("program", say("程序", "Program"), width=90),
            Column("instance", say("实例", "Instance"), width=90),
            Column("state", say("状态", "State"), width=130, coloured=True,
                   mappings=[mapped(say, _STATES)]),
            Column("age_s", say("距今", "Age"), "s", 80, 0),
            Column("detail", say("说明", "Detail")),
            Column("at", say("时间", "At"), "dateTimeAsLocal", 170),
        ],
    )  # fmt: skip


def _broker(say: Say, ask: Queries) -> Panel:
    return stat(
        Head(
            say("消息中枢", "Broker"),
            say(
                "其他程序的心跳是否经它传来；接口程序自己无心跳时为未知。",
                "Whether it carries the other programs' heartbeats; unknown while the api, which "
                "hears them, is not heard itself.",
            ),
        ),
        ask("broker"),
        unit="none",
        mappings=[mapped(say, _BROKER)],
        text=True,
        filled=True,
    )


def _database(say: Say, ask: Queries) -> Panel:
    return stat(
        Head(
            say("数据库", "Database"),
            say(
                "容量、全服务器连接数与上限、内存命中率、死锁数（后两项自统计开始）。能看到即说明数据库在应答。",
                "Size, connections of the server and their limit, share of blocks found in memory "
                "and deadlocks (both since statistics began). If this is seen, it answers.",
            ),
        ),
        ask("database"),
        series={
            "bytes": Series(say("容量", "size"), SKY, "bytes", 1),
            "connections": Series(say("连接", "connections"), SKY),
            "connections_limit": Series(say("上限", "limit"), GREY),
            "hit_rate": Series(say("命中率", "hits"), SKY, "percentunit", 1),
            "deadlocks": Series(say("死锁", "deadlocks"), GREY),
        },
    )


def _states(say: Say, ask: Queries) -> Panel:
    return state_timeline(
        Head(
            say("各程序状态", "States of the programs"),
            say(
                "所选时段内各程序心跳所报状态；空白为没有心跳。",
                "What the heartbeats said over the chosen time; blank: there was none.",
            ),
        ),
        ask("program_states"),
        mappings=[mapped(say, _STATE_NUMBERS)],
        interval="1m",
    )


def _rate(say: Say, ask: Queries) -> Panel:
    return timeseries(
        Head(
            say("接入速率", "Ingest rate"),
            say("每秒收到的报文数。", "Messages received per second."),
        ),
        ask("rate"),
        unit="cps",
        interval="10s",
    )


def _lag(say: Say, ask: Queries) -> Panel:
    return timeseries(
        Head(
            say("入库滞后", "Ingest lag"),
            say(
                "最旧的未入库报文已等待的秒数；300秒报警。",
                "Seconds the oldest uncommitted message has waited; an alert at 300.",
            ),
        ),
        ask("lag"),
        unit="s",
        limits=_LAG,
        interval="10s",
    )


def _budget(say: Say, ask: Queries) -> Panel:
    return timeseries(
        Head(
            say("可承受的数据库中断", "Outage budget"),
            say(
                "磁盘剩余空间÷平均流量，小时；各实例中最小者。",
                "Room left on disk ÷ average inflow, in hours; the least of all instances.",
            ),
        ),
        ask("budget"),
        unit="h",
        limits=_BUDGET,
        interval="10s",
        series={"hours": Series(say("小时", "hours"), SKY)},
    )


def _spool(say: Say, ask: Queries) -> Panel:
    return timeseries(
        Head(
            say("暂存与在途", "Spool and in flight"),
            say(
                "磁盘上等待数据库的报文；已收到未确认的报文。",
                "Messages that wait on disk for the database; received, not yet acknowledged.",
            ),
        ),
        ask("spool"),
        interval="10s",
        series={
            "spooled": Series(say("磁盘暂存", "spooled"), ORANGE),
            "in_flight": Series(say("在途", "in flight"), SKY),
        },
    )


def _messages(say: Say, ask: Queries) -> Panel:
    return timeseries(
        Head(
            say("每小时报文", "Messages by hour"),
            say(
                "按来源，数据库账目；与心跳无关。",
                "By source, from the books in the database, whatever the heartbeats say.",
            ),
        ),
        ask("messages_by_hour"),
        style="bars",
        stacked=True,
        interval="1h",
        series=colours.domain_series(say),
    )


def _ages(say: Say, ask: Queries) -> Panel:
    return table(
        Head(
            say("各来源数据时延", "Data age by source"),
            say(
                "距最近收到的秒数；超过界限（最短上报间隔三倍，至少60秒）即为中断。",
                "Seconds since anything was received; stale beyond the limit (three times the "
                "shortest interval, 60 s at least).",
            ),
        ),
        ask("ages"),
        [
            Column("source", say("来源", "Source"), mappings=[colours.domain_mapping(say)]),
            Column("stale", say("状态", "State"), coloured=True, mappings=[mapped(say, _FRESH)]),
            Column("age_s", say("时延", "Age"), "s", decimals=0),
            Column("limit_s", say("界限", "Limit"), "s", decimals=0),
            Column("received_at", say("收到", "Received"), "dateTimeAsLocal"),
        ],
    )


def _sizes(say: Say, ask: Queries) -> Panel:
    return table(
        Head(
            say("保存期限与占用", "What is kept, and what it takes"),
            say(
                "各表占用空间与保存天数（空：永久）；期限存于 retention_classes。",
                "Bytes and days kept (none: for ever); the terms stand in retention_classes.",
            ),
        ),
        ask("sizes"),
        [
            Column("relation", say("数据", "Data"), width=200),
            Column("bytes", say("占用", "Size"), "bytes", 120, 1),
            Column("keep_days", say("保存天数", "Days kept"), width=110, decimals=0),
            Column("reason", say("理由", "Reason")),
        ],
    )
