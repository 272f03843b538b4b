"""数据质量: what came late, failed, is missing, or has a wrong clock."""

from grafana_foundation_sdk.models.dashboard import Panel

from grafana import colours
from grafana.colours import ORANGE, PURPLE, RED, Series, Shown
from grafana.layout import Row
from grafana.links import alert_page
from grafana.panels import Column, Head, table, timeseries
from grafana.query import Queries
from grafana.words import Say, Word

_FAILINGS = {
    "clock": Shown(Word("时钟超前", "clock ahead"), PURPLE),
    "range": Shown(Word("超出合理范围", "implausible"), ORANGE),
    "sensor": Shown(Word("设备自报无效", "bad by its own word"), RED),
}


def readings(say: Say, ask: Queries) -> Row:
    """Return what came late, what failed, and how long data takes to come."""
    return Row(8, [(10, _late(say, ask)), (7, _refused(say, ask)), (7, _delays(say, ask))])


def details(say: Say, ask: Queries) -> Row:
    """Return what is missing, which clocks are wrong, and what could not be read."""
    return Row(8, [(8, _gaps(say, ask)), (8, _clocks(say, ask)), (8, _quarantine(say, ask))])


def _late(say: Say, ask: Queries) -> Panel:
    return timeseries(
        Head(
            say("迟到的测量值", "Late readings"),
            say(
                "按观测的小时；超过迟到界限才收到，入库但不再报警。",
                "By hour of observation; received beyond the lateness limit: stored, never "
                "alarmed on.",
            ),
        ),
        ask("late"),
        style="bars",
        stacked=True,
        series=colours.domain_series(say),
        interval="1h",
    )


def _refused(say: Say, ask: Queries) -> Panel:
    return timeseries(
        Head(
            say("不合格的测量值", "Readings that failed"),
            say(
                "每小时：时钟超前、超出合理范围、设备自报无效（OPC UA质量码64及以上）。",
                "By hour: clock ahead, implausible, bad by the device's own word (OPC UA quality "
                "64 and above).",
            ),
        ),
        ask("refused"),
        style="bars",
        stacked=True,
        series={
            name: Series(say.word(shown.word), shown.colour) for name, shown in _FAILINGS.items()
        },
        interval="1h",
    )


def _delays(say: Say, ask: Queries) -> Panel:
    return table(
        Head(
            say("及时性", "Timeliness"),
            say(
                "各测点最新值从观测到收到的秒数。",
                "Seconds from observation to receipt, of the latest value of each series.",
            ),
        ),
        ask("delays"),
        [
            Column("source", say("来源", "Source"), mappings=[colours.domain_mapping(say)]),
            Column("median_s", say("中位数", "Median"), "s", decimals=1),
            Column("delay_95_s", "95 %", "s", decimals=1),
            Column("series", say("测点", "Series")),
        ],
    )


def _gaps(say: Say, ask: Queries) -> Panel:
    return table(
        Head(
            say("缺号明细", "Gaps"),
            say(
                "设备跳过而至今未补的报文编号。",
                "Sequence numbers a device skipped and has not sent since.",
            ),
        ),
        ask("gaps"),
        [
            Column("hour", say("发现于", "Seen"), "dateTimeAsLocal", 170),
            Column("source", say("来源", "Source"), width=80,
                   mappings=[colours.domain_mapping(say)]),
            Column("site_name", say("点位", "Site")),
            Column("device_name", say("设备", "Device")),
            Column("first_seq", say("自", "From"), width=90),
            Column("last_seq", say("至", "To"), width=90),
            Column("missing", say("缺", "Missing"), width=80),
        ],
    )  # fmt: skip


def _clocks(say: Say, ask: Queries) -> Panel:
    return table(
        Head(
            say("时钟偏差", "Clock skew"),
            say(
                "近30天发来未来时间的设备（最大超前秒数），以及当前判定时钟错误的告警。",
                "Devices that spoke from the future in 30 days (seconds, at most), and open "
                "alerts about wrong clocks.",
            ),
        ),
        ask("clocks"),
        [
            Column("source", say("来源", "Source"), width=80,
                   mappings=[colours.domain_mapping(say)]),
            Column("site_name", say("点位", "Site")),
            Column("device_name", say("设备", "Device"), link=alert_page(say)),
            Column("ahead_s", say("超前", "Ahead"), "s", 90, 0),
            Column("messages", say("报文", "Messages"), width=80),
            Column("last_at", say("最近", "Last"), "dateTimeAsLocal", 170),
            Column("alert_id", "alert_id", hidden=True),
        ],
    )  # fmt: skip


def _quarantine(say: Say, ask: Queries) -> Panel:
    return table(
        Head(
            say("隔离区", "Quarantine"),
            say(
                "读不懂的报文，按原因；待处理者可重新读取（python -m ingest requeue）。",
                "Messages that could not be read, by reason; those waiting can be read again "
                "(python -m ingest requeue).",
            ),
        ),
        ask("quarantine"),
        [
            Column("reason", say("原因", "Reason")),
            Column("source", say("来源", "Source"), width=80,
                   mappings=[colours.domain_mapping(say)]),
            Column("messages", say("报文", "Messages"), width=80),
            Column("devices", say("设备", "Devices"), width=80),
            Column("waiting", say("待处理", "Waiting"), width=80),
            Column("newest_at", say("最近", "Newest"), "dateTimeAsLocal", 170),
        ],
    )  # fmt: skip
