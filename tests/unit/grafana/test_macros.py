"""The expansion against the table of the documentation and against behaviour that was seen."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from core.errors import Invalid
from grafana.intervals import interval_ms, interval_text, seconds
from grafana.macros import Asked, expand, instant, without_comments
from grafana.variables import Value, filled_in

SINCE = datetime(2018, 4, 12, 18, 0, tzinfo=UTC)
UNTIL = datetime(2018, 4, 12, 18, 5, tzinfo=UTC)
F, T = "'2018-04-12T18:00:00Z'", "'2018-04-12T18:05:00Z'"
F_S, T_S = "1523556000", "1523556300"


def asked(**variables: Value) -> Asked:
    return Asked(SINCE, UNTIL, 10_000, variables)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("$__time(at)", 'at AS "time"'),
        ("$__timeEpoch(at)", 'extract(epoch from at) as "time"'),
        ("$__timeFilter(at)", f"at BETWEEN {F} AND {T}"),
        ("$__timeFrom()", F),
        ("$__timeTo()", T),
        ("$__timeGroup(at,'5m')", "time_bucket('300.000s',at)"),
        ("$__timeGroup(at, '5m', NULL)", "time_bucket('300.000s',at)"),
        ("$__timeGroup(at, 5m, previous)", "time_bucket('300.000s',at)"),
        ("$__timeGroupAlias(at,'5m')", "time_bucket('300.000s',at) AS \"time\""),
        ("$__timeGroup(at,$__interval)", "time_bucket('10.000s',at)"),
        ("$__timeGroup(at,'$__interval')", "time_bucket('10.000s',at)"),
        ("$__timeGroup(at,'1m30s')", "time_bucket('90.000s',at)"),
        ("$__timeGroup(at,'250ms')", "time_bucket('0.250s',at)"),
        ("$__unixEpochFilter(at)", f"at >= {F_S} AND at <= {T_S}"),
        ("$__unixEpochNanoFilter(at)", f"at >= {F_S}000000000 AND at <= {T_S}000000000"),
        ("$__unixEpochNanoFrom()", f"{F_S}000000000"),
        ("$__unixEpochNanoTo()", f"{T_S}000000000"),
        ("$__unixEpochGroup(at,'5m')", "floor((at)/300)*300"),
        ("$__unixEpochGroupAlias(at,'5m')", 'floor((at)/300)*300 AS "time"'),
        ("$__unixEpochFrom() $__unixEpochTo()", f"{F_S} {T_S}"),
        ("$__interval $__interval_ms", "10s 10000"),
        ("$__from ${__to} ${__from:date}", f"{F_S}000 {T_S}000 2018-04-12T18:00:00.000Z"),
        ("${__to:date:seconds}", T_S),
    ],
)
def test_every_macro_becomes_what_the_table_says(written: str, expected: str) -> None:
    assert expand(written, asked()) == expected


def test_a_group_directly_before_a_comma_gets_a_name_as_before_grafana_5_3() -> None:
    sql = "SELECT $__timeGroup(at,'1m'), count(*) GROUP BY $__timeGroup(at,'2m')"

    assert expand(sql, asked()) == (
        "SELECT time_bucket('60.000s',at) AS \"time\", count(*) GROUP BY time_bucket('120.000s',at)"
    )


def test_the_same_group_twice_is_judged_by_where_it_stands_first() -> None:
    sql = "SELECT $__timeGroup(at,'1m') AS time, x GROUP BY $__timeGroup(at,'1m'), x"

    assert expand(sql, asked()).count('AS "time"') == 0


def test_arguments_end_at_the_first_bracket_whatever_is_in_them() -> None:
    sql = "$__timeFilter(date_trunc('hour', at))"

    assert expand(sql, asked()) == f"date_trunc('hour' BETWEEN {F} AND {T})"


def test_an_unknown_macro_is_refused_by_name() -> None:
    with pytest.raises(Invalid, match="'__timeRange'"):
        expand("SELECT $__timeRange(at)", asked())


@pytest.mark.parametrize(
    "sql",
    ["$__timeGroup(at)", "$__timeFilter()", "$__timeGroup(at,'soon')", "$__timeGroup(a,'1M')"],
)
def test_a_macro_without_what_it_needs_is_refused(sql: str) -> None:
    with pytest.raises(Invalid):
        expand(sql, asked())


def test_comments_go_before_macros_are_looked_for() -> None:
    sql = "SELECT 1 -- $__nothing(at)\n /* $__neither(at)\n */ + 1"

    assert expand(sql, asked()) == "SELECT 1 \n  + 1"


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT '-- no comment'",
        "SELECT 'it''s /* none */'",
        'SELECT "a -- b"',
        "SELECT $$ -- none $$",
        "SELECT $body$ /* none */ -- $body$",
    ],
)
def test_what_only_looks_like_a_comment_stays(sql: str) -> None:
    assert without_comments(sql) == sql


@pytest.mark.parametrize(
    ("written", "value", "expected"),
    [
        pytest.param("'$name'", "O'Neill", "'O''Neill'", id="text: apostrophes doubled, no quotes"),
        pytest.param("IN ($name)", ["a", "b's"], "IN ('a','b''s')", id="several: quoted each"),
        pytest.param("> $name", 2.5, "> 2.5", id="a number as it is"),
        pytest.param("= ${name:sqlstring}", "a'b", "= 'a''b'", id="sqlstring quotes one text"),
        pytest.param("IN (${name:sqlstring})", ["a", "b"], "IN ('a','b')", id="and several"),
        pytest.param("'${name:raw}'", "a'b", "'a'b'", id="raw is raw"),
        pytest.param("'${name:csv}'", ["a", "b"], "'a,b'", id="csv"),
        pytest.param("'[[name]]' '[[name:raw]]'", "x", "'x' 'x'", id="the old brackets"),
        pytest.param("$names $other", "x", "$names $other", id="what is no variable stays"),
    ],
)
def test_the_browser_fills_in_variables(written: str, value: Value, expected: str) -> None:
    assert filled_in(written, {"name": value}) == expected


def test_a_format_nobody_knows_is_refused() -> None:
    with pytest.raises(Invalid, match="percentencode"):
        filled_in("${name:percentencode}", {"name": "x"})


def test_a_variable_may_stand_within_a_macro() -> None:
    sql = "$__timeGroup(at,'$width')"

    assert expand(sql, asked(width="1h")) == "time_bucket('3600.000s',at)"


@pytest.mark.parametrize(
    ("range_s", "points", "expected"),
    [
        (6 * 3600, 1000, "20s"),
        (6 * 3600, 500, "30s"),
        (30 * 86_400, 1000, "30m"),
        (30 * 86_400, 500, "1h"),
        (24 * 3600, 1000, "1m"),
        (300, 1000, "10s"),
        (365 * 86_400, 100, "1d"),
        (8 * 365 * 86_400, 100, "30d"),
        (80 * 365 * 86_400, 100, "1y"),
    ],
)
def test_the_interval_climbs_a_fixed_ladder(range_s: int, points: int, expected: str) -> None:
    chosen = interval_ms(range_s * 1000, points, least_ms=10_000)

    assert interval_text(chosen) == expected


@pytest.mark.parametrize(
    ("wanted_ms", "expected_ms"),
    [(9, 1), (10, 10), (14.9, 10), (15, 20), (89_999, 60_000), (90_000, 120_000),
     (86_399_999, 43_200_000), (86_400_000, 86_400_000)],
)  # fmt: skip
def test_a_rung_ends_half_way_to_the_next(wanted_ms: float, expected_ms: int) -> None:
    assert interval_ms(wanted_ms, 1, least_ms=1) == expected_ms


@pytest.mark.parametrize(
    ("milliseconds", "expected"),
    [(90_000, "1m"), (1_500, "1s"), (250, "250ms"), (3_600_000, "1h"), (0, "1ms")],
)
def test_an_interval_is_written_in_its_largest_whole_unit(milliseconds: int, expected: str) -> None:
    assert interval_text(milliseconds) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("5m", 300), ("'10s'", 10), ("1m30s", 90), ("2d", 172_800), ("1w", 604_800)],
)
def test_spans_are_read_as_they_are_written(text: str, expected: float) -> None:
    assert seconds(text) == expected


def test_instants_are_written_in_utc_without_trailing_zeros() -> None:
    shanghai = timezone(timedelta(hours=8))

    assert instant(datetime(2026, 1, 2, 8, 0, 0, 500_000, tzinfo=shanghai)) == (
        "2026-01-02T00:00:00.5Z"
    )
