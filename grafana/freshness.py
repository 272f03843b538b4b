"""The two figures every dashboard carries: how old the data is, and what stands still."""

from grafana_foundation_sdk.models import dashboard

from grafana.colours import AGE, GREEN, NONE_WANTED, RED, Series, nothing
from grafana.panels import Head, stat
from grafana.query import Queries
from grafana.words import DOMAINS, Say

_WHICH = dashboard.RegexMap(
    dashboard.DashboardRegexMapOptions("(.+)", dashboard.ValueMappingResult("$1", RED, index=2))
)


def data_age(say: Say, source: str | None = None) -> dashboard.Panel:
    """Return the data age: of everything, or of one source (domain); red when too old."""
    name = say.word(DOMAINS[source]) if source else say("最新数据", "newest data")
    sql = Queries(__file__, say)("age" if source is None else "age_of_source")
    return stat(
        Head(
            say(f"数据时延 · {name}", f"Data age · {name}"),
            say(
                "距最近一次收到测量值或定位的秒数（本平台定义）。超过30秒为橙色，超过60秒为红色。",
                "Seconds since a reading or position was last received (definition ours). "
                "Orange above 30 s, red above 60 s.",
            ),
        ),
        sql.replace("{source}", source or ""),
        unit="s",
        steps=AGE,
        mappings=[nothing(say)],
        decimals=0,
        filled=True,
    )


def upstreams(say: Say) -> dashboard.Panel:
    """Return how many of the things a screen depends on stand still, and which."""
    return stat(
        Head(
            say("上游中断", "Upstream stale"),
            say(
                "停止更新的数据来源（超过其最短上报间隔三倍，至少60秒）和30秒无心跳的程序。",
                "Sources that no longer speak (three times their shortest interval, 60 s at least) "
                "and programs without a heartbeat for 30 s.",
            ),
        ),
        Queries(__file__, say)("stale"),
        steps=NONE_WANTED,
        mappings=[nothing(say), _fine(say), _WHICH],
        series={
            "stale": Series(say("中断数", "stale")),
            "which": Series(say("哪些", "which")),
        },
        text=True,
        filled=True,
    )


def _fine(say: Say) -> dashboard.ValueMap:
    return dashboard.ValueMap(
        {
            "0": dashboard.ValueMappingResult(say("✔ 无", "✔ none"), GREEN, index=0),
            "✔": dashboard.ValueMappingResult(say("✔ 正常", "✔ all well"), GREEN, index=1),
        }
    )
