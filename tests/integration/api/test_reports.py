"""Reports over a real database: known alerts, known answers, and nothing made up."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import psycopg
import pytest

from api.settings import PrepareSettings
from stack.parts import ensure_parts
from tests.integration.api.conftest import Api
from tests.integration.api.fake_engine import alert
from tests.integration.api.test_registry import import_city
from tests.integration.api.written_past import Past

MIDNIGHT = datetime(2026, 4, 30, 16, tzinfo=UTC)
"""When 1 May began in Shanghai."""
HOUR = timedelta(hours=1)
DAY = {"date": "2026-05-01", "format": "json"}


@pytest.fixture
def settings(settings: PrepareSettings) -> PrepareSettings:
    return settings.model_copy(update={"report_font": ensure_parts().report_font})


@pytest.fixture
async def past(api: Api, database_url: str) -> Any:
    await import_city(api, [])
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as conn:
        yield Past(conn)


async def report(api: Api, kind: str = "daily", **params: Any) -> dict[str, Any]:
    answer = await api.client("viewer").get(f"/reports/{kind}", params=DAY | params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def figures(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["key"]: each for part in report["sections"] for each in part["figures"]}


def section(report: dict[str, Any], key: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in report["sections"] if each["key"] == key)
    return found


async def test_a_day_counts_from_local_midnight_to_the_next_and_leaves_drills_out(
    api: Api, past: Past
) -> None:
    await past.alert("yesterday", MIDNIGHT - timedelta(seconds=1), state="normal")
    await past.alert("first", MIDNIGHT, state="normal", priority="low")
    await past.alert("last", MIDNIGHT + 24 * HOUR - timedelta(seconds=1), state="normal")
    await past.alert("tomorrow", MIDNIGHT + 24 * HOUR, state="normal")
    await past.alert("drill", MIDNIGHT + HOUR, drill=True)

    found = figures(await report(api))

    assert (found["alerts"]["value"], found["alerts"]["before"]) == (2, 1)
    assert (found["critical"]["value"], found["critical"]["before"]) == (1, 1)


async def test_response_clocks_are_those_of_the_dashboards(
    api: Api, past: Past, database_url: str
) -> None:
    await past.alert("quick", MIDNIGHT + HOUR, state="normal", ack_s=30, clear_s=600)
    await past.alert("slow", MIDNIGHT + 2 * HOUR, state="acknowledged", ack_s=90)
    await past.alert("nobody", MIDNIGHT + 3 * HOUR)

    found = await report(api)

    assert figures(found)["ack_share"]["value"] == pytest.approx(100 / 3)
    assert figures(found)["ack_share"]["verdict"] == "bad"
    steps = {row[0]: row[1:] for row in section(found, "clocks")["tables"][0]["rows"]}
    assert steps["确认接警"] == [2, 60, 84, None]
    assert steps["到达现场"] == [0, None, None, None]
    async with await psycopg.AsyncConnection.connect(database_url) as conn:
        cursor = await conn.execute(
            "SELECT median_s FROM dash.response_clocks(%s, %s) WHERE clock = 'acknowledge'",
            (MIDNIGHT, MIDNIGHT + 24 * HOUR),
        )
        assert await cursor.fetchone() == (60,)


async def test_what_was_open_and_shelved_at_the_end_is_told_as_it_was_then(
    api: Api, past: Past
) -> None:
    await past.alert("open", MIDNIGHT - 30 * HOUR)
    await past.alert("shelved", MIDNIGHT + HOUR, state="normal", clear_s=86_400)
    shelving = alert("shelved", 0, state="shelved", transition="shelved")
    await past.step("shelved", MIDNIGHT + 2 * HOUR, shelving)
    await past.step("shelved", MIDNIGHT + 25 * HOUR, shelving | {"state": "normal"})
    await past.alert("over", MIDNIGHT + HOUR, state="normal", clear_s=60)

    found = await report(api)

    values = {key: figures(found)[key]["value"] for key in ("standing", "shelved", "stale")}
    assert values == {"standing": 1, "shelved": 1, "stale": 1}
    states = [row[3] for row in section(found, "standing")["tables"][0]["rows"]]
    assert states == ["未确认", "搁置"]


async def test_duty_checks_are_answered_or_not(api: Api, past: Past) -> None:
    await past.checked(MIDNIGHT + HOUR, True, True, True, False)

    rate = figures(await report(api))["answer_rate"]

    assert (rate["value"], rate["verdict"], rate["before"]) == (75, "bad", None)


async def test_of_an_empty_city_nothing_is_claimed(api: Api) -> None:
    for kind in ("daily", "weekly", "monthly"):
        found = await report(api, kind)

        assert not [part["key"] for part in found["sections"] if part["problem"]]
        known = {key: each["value"] for key, each in figures(found).items() if each["value"]}
        assert known == {}
        rated = [each for each in figures(found).values() if each["unit"] == "percent"]
        assert {each["value"] for each in rated} == {None}
        headlines = [each for each in figures(found).values() if each["headline"]]
        assert {each["value"] for each in headlines} == {None}
        assert "不等于零" in section(found, "alerts")["paragraphs"][0]


async def test_a_quiet_day_that_was_recorded_is_a_zero(api: Api, past: Past) -> None:
    await past.booked(MIDNIGHT + HOUR)

    found = figures(await report(api))

    assert (found["alerts"]["value"], found["alerts"]["before"]) == (0, None)
    assert found["standing"]["value"] == 0


async def test_a_report_can_be_narrowed_down_and_says_where_it_cannot(api: Api, past: Past) -> None:
    await past.alert("here", MIDNIGHT + HOUR, state="normal")
    await past.alert("elsewhere", MIDNIGHT + HOUR, state="normal", site_id=None, domain="truck")

    of_site = await report(api, site="unit-1")
    of_trucks = await report(api, domain="truck")

    assert figures(of_site)["alerts"]["value"] == 1
    assert figures(of_trucks)["alerts"]["value"] == 1
    assert section(of_trucks, "duty")["paragraphs"][0].startswith("值班席不分领域")
    assert {"fire", "lighting"} & {part["key"] for part in of_trucks["sections"]} == set()


async def test_what_a_desk_should_bear_is_no_target_of_a_part_of_the_city(
    api: Api, past: Past
) -> None:
    await past.alert("here", MIDNIGHT + HOUR)

    whole, part = figures(await report(api)), figures(await report(api, site="unit-1"))

    assert (whole["standing"]["target"], whole["standing"]["verdict"]) == (10, "good")
    assert (part["standing"]["target"], part["standing"]["verdict"]) == (None, None)
    assert {"alarm_per_hour", "alarm_time_in_flood"} & part.keys() == set()
    aimed = {key for key in part if key.startswith("alarm_") and part[key]["target"] is not None}
    assert aimed == {"alarm_chattering", "alarm_fleeting"}


async def test_a_chapter_whose_source_fails_says_so_and_the_others_stand(
    api: Api, past: Past, database_url: str
) -> None:
    await past.alert("one", MIDNIGHT + HOUR, state="normal")
    async with await psycopg.AsyncConnection.connect(database_url) as conn:
        await conn.execute("DROP FUNCTION dash.duty_checks(timestamptz, timestamptz)")

    found = await report(api)

    assert section(found, "duty")["problem"].endswith("。")
    assert section(found, "duty")["figures"] == []
    assert figures(found)["alerts"]["value"] == 1


async def test_every_form_is_the_same_report_under_a_chinese_name(api: Api, past: Past) -> None:
    await past.alert("one", MIDNIGHT + HOUR, state="normal")
    viewer, url = api.client("viewer"), "/reports/daily"

    page = await viewer.get(url, params={"date": "2026-05-01"})
    paper = await viewer.get(url, params=DAY | {"format": "pdf"})
    book = await viewer.get(url, params=DAY | {"format": "xlsx"})
    english = await viewer.get(url, params=DAY | {"format": "html", "language": "en"})

    assert (page.headers["content-type"], paper.content[:5]) == (
        "text/html; charset=utf-8",
        b"%PDF-",
    )
    assert "城市运行日提醒" in page.text
    assert "Daily city report" in english.text
    assert "%E6%97%A5%E6%8F%90%E9%86%92-2026-05-01.pdf" in paper.headers["content-disposition"]
    assert page.headers["content-disposition"].startswith("inline;")
    sheets = openpyxl.load_workbook(io.BytesIO(book.content)).sheetnames
    assert len(sheets) == 1 + len((await report(api))["sections"])


async def test_the_list_names_kinds_periods_and_forms(api: Api) -> None:
    listed = (await api.client("viewer").get("/reports")).json()

    assert [kind["kind"] for kind in listed["kinds"]] == ["daily", "weekly", "monthly"]
    assert listed["formats"] == ["html", "pdf", "xlsx", "json"]
    newest = listed["kinds"][0]["periods"][0]
    assert newest["first"] == newest["last"]
    found = await report(api, date=newest["first"])
    assert (found["first"], found["complete"]) == (newest["first"], True)


async def test_a_period_that_is_not_over_says_so(api: Api) -> None:
    today = datetime.now(UTC) + 8 * HOUR

    found = await report(api, "monthly", date=f"{today:%Y-%m-%d}")

    assert found["complete"] is False
    assert "尚未结束" in found["facts"][-1]["value"]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        pytest.param("/daily?site=nowhere", 404, "not_found", id="unknown-site"),
        pytest.param("/daily?grid=999999", 404, "not_found", id="unknown-grid"),
        pytest.param("/daily?grid=1", 422, "invalid", id="no-grid-code"),
        pytest.param("/daily?domain=magic", 404, "not_found", id="unknown-domain"),
        pytest.param("/daily?date=2099-01-01", 422, "bad_date", id="not-come-yet"),
        pytest.param("/yearly", 422, "invalid", id="unknown-kind"),
        pytest.param("/daily?format=docx", 422, "invalid", id="unknown-form"),
    ],
)
async def test_what_cannot_be_meant_is_refused(api: Api, path: str, status: int, code: str) -> None:
    answer = await api.client("viewer").get(f"/reports{path}")

    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


@pytest.mark.parametrize("path", ["/reports", "/reports/daily"])
async def test_nobody_reads_reports_without_signing_in(api: Api, path: str) -> None:
    assert (await api.client(None).get(path)).status_code == 401


class TestWithoutAFont:
    """A machine whose font is missing."""

    @pytest.fixture
    def settings(self, settings: PrepareSettings, tmp_path: Path) -> PrepareSettings:
        return settings.model_copy(update={"report_font": tmp_path / "gone.ttf"})

    async def test_paper_is_refused_with_a_sentence_and_the_page_is_made(self, api: Api) -> None:
        viewer = api.client("viewer")

        paper = await viewer.get("/reports/daily", params=DAY | {"format": "pdf"})
        page = await viewer.get("/reports/daily", params=DAY | {"format": "html"})

        assert (paper.status_code, paper.json()["error"]["code"]) == (503, "no_report_font")
        assert "API_REPORT_FONT" in paper.json()["error"]["message"]
        assert page.status_code == 200
