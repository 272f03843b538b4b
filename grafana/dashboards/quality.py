"""数据质量: what was received, what of it can be used, and what is missing."""

from grafana_foundation_sdk.models.dashboard import Panel

from grafana import colours
from grafana.colours import GREY, ORANGE, PASS_LINE, RED, SKY, Series, nothing
from grafana.dashboards import quality_faults
from grafana.freshness import data_age, upstreams
from grafana.layout import Row
from grafana.panels import Column, Head, ranking, stat, table, timeseries
from grafana.query import Queries
from grafana.screen import Screen
from grafana.words import Say


def screen(say: Say) -> Screen:
    """Describe the dashboard."""
    ask = Queries(__file__, say)
    return Screen(
        "yw-quality",
        say("数据质量", "Data quality"),
        say(
            "合格率对95%合格线、收发账目、缺号、迟到与时钟偏差。",
            "Pass rate against the 95 % line, the books, gaps, late data and clock skew.",
        ),
        rows=[
            _signs(say, ask),
            Row(8, [(12, _by_day(say, ask)), (6, _by_source(say, ask)), (6, _online(say, ask))]),
            Row(8, [(10, _ledger(say, ask)), (14, _books(say, ask))]),
            quality_faults.readings(say, ask),
            quality_faults.details(say, ask),
        ],
        since="now-7d",
    )


def _signs(say: Say, ask: Queries) -> Row:
    rate = stat(
        _rate_head(say, say("数据质量合格率", "Pass rate")),
        ask("rate"),
        unit="percentunit",
        steps=PASS_LINE,
        mappings=[nothing(say)],
        decimals=2,
        filled=True,
    )
    messages = stat(
        Head(
            say("报文账目", "The books"),
            say(
                "收到＝入库＋重复＋隔离，恒成立；缺号为设备编号中断而至今未补者。",
                "Received = stored + duplicate + quarantined, always; missing: sequence numbers "
                "that were skipped and have not come since.",
            ),
        ),
        ask("messages"),
        series=_message_series(say),
    )
    return Row(5, [(4, data_age(say)), (4, upstreams(say)), (5, rate), (11, messages)])


def _rate_head(say: Say, title: str) -> Head:
    return Head(
        title,
        say(
            "有效测量值÷收到的测量值，合格线95%（罗庄2021工作方案）。有效：可读、设备和单位已登记、"
            "在合理范围内、时钟可信、设备未自报无效；隔离的报文按一个测量值计，重复报文不计。",
            "Valid readings ÷ received readings, line 95 % (work plan of Luozhuang, 2021). Valid: "
            "readable, of a known device and unit, plausible, by a believable clock, not declared "
            "bad by the device; a quarantined message counts as one reading, repeats not at all.",
        ),
    )


def _message_series(say: Say) -> dict[str, Series]:
    return {
        "received": Series(say("收到", "received"), SKY),
        "stored": Series(say("✔ 入库", "✔ stored"), colours.GREEN),
        "duplicate": Series(say("重复", "duplicate"), GREY),
        "quarantined": Series(say("✖ 隔离", "✖ quarantined"), RED),
        "missing": Series(say("? 缺号", "? missing"), ORANGE),
    }


def _by_day(say: Say, ask: Queries) -> Panel:
    return timeseries(
        _rate_head(say, say("各来源每日合格率", "Pass rate by day and source")),
        ask("rate_by_day"),
        unit="percentunit",
        series=colours.domain_series(say),
        limits=PASS_LINE,
        bounds=(None, 1),
        decimals=1,
    )


def _by_source(say: Say, ask: Queries) -> Panel:
    return ranking(
        _rate_head(say, say("各来源合格率", "Pass rate by source")),
        ask("rate_by_source"),
        unit="percentunit",
        steps=PASS_LINE,
        mappings=[colours.domain_mapping(say)],
        bounds=(0, 1),
        decimals=2,
    )


def _online(say: Say, ask: Queries) -> Panel:
    return ranking(
        Head(
            say("在线率", "Online rate"),
            say(
                "无离线告警的设备时长÷在用设备总时长（本平台定义）。",
                "Device-time without an offline alert ÷ device-time in service (ours).",
            ),
        ),
        ask("online_by_source"),
        unit="percentunit",
        steps=PASS_LINE,
        mappings=[colours.domain_mapping(say)],
        bounds=(0, 1),
        decimals=2,
    )


def _ledger(say: Say, ask: Queries) -> Panel:
    series = _message_series(say)
    return timeseries(
        Head(
            say("每小时报文去向", "Where messages went, by hour"),
            say(
                "按收到的小时；三者之和即收到数。", "By hour of receipt; they add up to what came."
            ),
        ),
        ask("ledger_by_hour"),
        style="bars",
        stacked=True,
        series={name: series[name] for name in ("stored", "duplicate", "quarantined")},
        interval="1h",
    )


def _books(say: Say, ask: Queries) -> Panel:
    titles = {name: series.title for name, series in _message_series(say).items()}
    return table(
        Head(
            say("各来源账目", "The books by source"),
            say(
                "报文数；缺号率＝缺号÷（收到＋缺号）。",
                "Messages; missing rate = missing ÷ (received + missing).",
            ),
        ),
        ask("ledger_by_source"),
        [
            Column("source", say("来源", "Source"), mappings=[colours.domain_mapping(say)]),
            *(Column(name, title) for name, title in titles.items()),
            Column("missing_rate", say("缺号率", "Missing rate"), "percentunit", decimals=3),
        ],
    )
