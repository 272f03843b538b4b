"""Every question of every dashboard, asked as the role dashboards have, on a month of the city.

Both languages ask the same; only which column holds a title differs. So one is looked at closely.
"""

import re
from collections.abc import Iterator
from itertools import groupby

import psycopg
import pytest

from bench.past.settling import QUERIES
from bench.reporting import as_table
from grafana import questions as asking
from grafana.answers import complaints, missing_columns
from grafana.questions import Object, Question, questions, wanted_columns
from grafana.trying import Tried, ask, connect, several, try_dashboard
from tests.integration.grafana.conftest import Filled

LIMIT_S = 0.3
AWKWARD = ("O'Neill", "云岭'; DROP TABLE alerts --", "$__all", "a,b")

DASHBOARDS = asking.read_dashboards("zh")
ENGLISH = asking.read_dashboards("en")
each_dashboard = pytest.mark.parametrize("dashboard", DASHBOARDS.values(), ids=DASHBOARDS.keys())


@pytest.fixture(scope="module")
def conn(filled: Filled) -> Iterator[psycopg.Connection]:
    with connect(filled.url("yiwang_grafana")) as connection:
        yield connection


@pytest.fixture(scope="module")
def tried(
    conn: psycopg.Connection, filled: Filled, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[Tried]]:
    """All answers with defaults, the best of three; written down for whoever wants to see."""
    found = {
        uid: try_dashboard(conn, dashboard, filled.now, times=3)
        for uid, dashboard in DASHBOARDS.items()
    }
    rows = [
        (each.question.name, len(each.best.answer.rows), each.best.seconds * 1000)
        for answers in found.values()
        for each in answers
    ]
    rows.sort(key=lambda row: -row[2])
    table = as_table(("question", "rows", "ms"), rows)
    (tmp_path_factory.getbasetemp() / "panels.txt").write_text(table, encoding="utf-8")
    return found


def wrong(answers: list[Tried]) -> Iterator[str]:
    """What the database refused, and what Grafana could not show."""
    for each in answers:
        if each.error:
            yield f"{each.question.name}: {each.error}"
        else:
            for complaint in complaints(each.question, each.best.answer):
                yield f"{each.question.name}: {complaint}"


def by_panel(answers: list[Tried]) -> Iterator[tuple[Object, list[Tried]]]:
    panels = [each for each in answers if each.question.part == "panel"]
    for _, group in groupby(panels, key=lambda each: id(each.question.panel)):
        some = list(group)
        yield some[0].question.panel, some


def test_the_month_is_what_it_says(filled: Filled) -> None:
    counted = """
        SELECT (SELECT count(*) FROM devices),
               (SELECT count(*) FROM latest_values),
               (SELECT count(DISTINCT bucket) FROM readings_1d
                 WHERE bucket < now() - '1 day'::interval),
               (SELECT count(DISTINCT document ->> 'state') FROM alert_events),
               (SELECT bool_and(received = stored + duplicate + quarantined) FROM ledger),
               (SELECT count(*) FROM alert_events e JOIN alerts a USING (alert_id)
                 WHERE e.seq = a.seq AND e.document <> a.document)
    """
    with psycopg.connect(filled.url()) as owner:
        row = owner.execute(counted).fetchone()

    assert row is not None
    devices, series, days, states, balanced, stray = row
    assert (devices, series, balanced, stray) == (3210, 20694, True, 0)
    assert days >= 29
    assert states >= 6


def test_every_chunk_of_the_month_has_the_indexes_of_its_table(filled: Filled) -> None:
    with psycopg.connect(filled.url()) as owner:
        assert owner.execute(QUERIES["chunks_without_index"]).fetchall() == []


def test_the_seven_dashboards_are_there() -> None:
    assert set(DASHBOARDS) == {
        *("yw-overview", "yw-fire", "yw-lighting", "yw-trucks", "yw-duty", "yw-quality"),
        "yw-system",
    }


@each_dashboard
def test_every_dashboard_asks_something(dashboard: Object) -> None:
    assert questions(dashboard)


@each_dashboard
def test_both_languages_ask_the_same(dashboard: Object) -> None:
    twin = ENGLISH[f"{dashboard['uid']}-en"]

    def plain(all_of: list[Question]) -> list[str]:
        return [re.sub(r"_(zh|en)\b", "_xx", each.sql) for each in all_of]

    assert plain(questions(twin)) == plain(questions(dashboard))


@each_dashboard
def test_every_question_is_answered_as_grafana_wants_it(
    dashboard: Object, tried: dict[str, list[Tried]]
) -> None:
    assert list(wrong(tried[dashboard["uid"]])) == []


@each_dashboard
def test_nothing_is_left_for_grafana_to_fill_in(
    dashboard: Object, tried: dict[str, list[Tried]]
) -> None:
    assert [each.question.name for each in tried[dashboard["uid"]] if "$" in each.sql] == []


@each_dashboard
def test_columns_that_links_overrides_and_maps_speak_of_are_there(
    dashboard: Object, tried: dict[str, list[Tried]]
) -> None:
    missing = {
        panel["title"]: gone
        for panel, answers in by_panel(tried[dashboard["uid"]])
        if (
            gone := missing_columns(
                wanted_columns(panel), [(each.question, each.best.answer) for each in answers]
            )
        )
    }

    assert missing == {}


@pytest.fixture
def may_be_empty(conn: psycopg.Connection) -> set[str]:
    """While lamps are switched, a quarter of an hour either way, lit and dark are both right."""
    switching = conn.execute("SELECT bool_or(switching) FROM lamps_now").fetchone()
    return {"应亮未亮与白天亮灯"} if switching == (True,) else set()


@each_dashboard
def test_a_month_of_the_city_gives_every_panel_something_to_show(
    dashboard: Object, tried: dict[str, list[Tried]], may_be_empty: set[str]
) -> None:
    empty = [
        each.question.name
        for each in tried[dashboard["uid"]]
        if not each.best.answer.rows and not each.error and each.question.title not in may_be_empty
    ]

    assert empty == []


@each_dashboard
def test_every_question_is_answered_within_300_ms(
    dashboard: Object, tried: dict[str, list[Tried]], conn: psycopg.Connection
) -> None:
    slow = []
    for each in tried[dashboard["uid"]]:
        best_s = each.best.seconds
        for _ in range(20):  # somebody else may have had the processors
            if not LIMIT_S <= best_s < 5 * LIMIT_S:
                break
            best_s = min(best_s, ask(conn, each.sql).seconds)
        if best_s >= LIMIT_S:
            slow.append(f"{each.question.name}: {best_s:.3f} s")

    assert slow == []


@each_dashboard
def test_awkward_choices_break_nothing(
    dashboard: Object, conn: psycopg.Connection, filled: Filled
) -> None:
    values = several(conn, dashboard, filled.now, AWKWARD)

    assert list(wrong(try_dashboard(conn, dashboard, filled.now, values))) == []


@each_dashboard
def test_the_english_twin_is_answered_too(
    dashboard: Object, conn: psycopg.Connection, filled: Filled
) -> None:
    twin = ENGLISH[f"{dashboard['uid']}-en"]

    assert list(wrong(try_dashboard(conn, twin, filled.now))) == []
