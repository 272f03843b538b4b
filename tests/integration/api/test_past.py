"""What stands in the database: alerts by state and desk, the journal, the figures."""

from typing import Any

import psycopg
import pytest

from tests.integration.api.conftest import Api
from tests.integration.api.fake_engine import AT, alert
from tests.integration.api.projecting import project

PAST = [
    alert("plain", 1),
    alert("drill", 2, drill=True, desk_id="fire"),
    alert("folded", 3, folded_under="plain", domain="lighting"),
    alert("shelved", 4, state="shelved", priority="low"),
    alert("cleared", 5, state="normal", transition="cleared"),
]


@pytest.fixture
async def history(database_url: str) -> None:
    async with await psycopg.AsyncConnection.connect(database_url) as conn:
        for document in PAST:
            await project(conn, document)


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        pytest.param(
            {"state": "all"}, {"plain", "drill", "folded", "shelved", "cleared"}, id="all"
        ),
        pytest.param({"state": "normal"}, {"cleared"}, id="only-what-is-over"),
        pytest.param({"state": ["normal", "shelved"]}, {"cleared", "shelved"}, id="two-states"),
        pytest.param({"state": "all", "drill": True}, {"drill"}, id="drill"),
        pytest.param({"state": "all", "folded": True}, {"folded"}, id="folded"),
        pytest.param({"state": "all", "desk": "fire"}, {"drill"}, id="desk"),
        pytest.param({"state": "all", "domain": "lighting"}, {"folded"}, id="domain"),
        pytest.param({"state": "all", "priority": "low"}, {"shelved"}, id="priority"),
    ],
)
@pytest.mark.usefixtures("history")
async def test_the_past_is_narrowed_down_like_the_present(
    api: Api, params: dict[str, Any], expected: set[str]
) -> None:
    page = (await api.client("viewer").get("/alerts", params=params)).json()

    assert {item["alert_id"] for item in page["items"]} == expected


async def test_the_journal_is_read_by_supervisors_in_pages(api: Api, database_url: str) -> None:
    async with await psycopg.AsyncConnection.connect(database_url) as conn:
        for no, kind in enumerate(("window", "rule", "window"), start=1):
            await conn.execute(
                "INSERT INTO alert_journal (no, at, kind, subject, actor, document, hash)"
                " VALUES (%s, %s, %s, 'pump-house', 'li', '[]', '\\xff')",
                (no, AT, kind),
            )

    supervisor = api.client("supervisor")
    first = (await supervisor.get("/journal", params={"kind": "window", "limit": 1})).json()
    rest = {"kind": "window", "limit": 1, "cursor": first["next"]}
    second = (await supervisor.get("/journal", params=rest)).json()

    assert first["items"] == [
        {
            "no": 3,
            "at": AT,
            "kind": "window",
            "subject": "pump-house",
            "actor": "li",
            "document": [],
            "hash": "ff",
        }
    ]
    assert ([line["no"] for line in second["items"]], second["next"]) == ([1], None)
    assert (await api.client("officer").get("/journal")).status_code == 403


@pytest.mark.usefixtures("history")
async def test_the_figures_are_those_of_the_range(api: Api) -> None:
    viewer = api.client("viewer")
    may = {"from": "2026-05-01T00:00:00Z", "to": "2026-05-02T00:00:00Z"}
    april = {"from": "2026-04-01T00:00:00Z", "to": "2026-04-02T00:00:00Z"}

    quality = (await viewer.get("/alarm-quality", params=may)).json()
    nothing = (await viewer.get("/alarm-quality", params=april)).json()
    load = (await viewer.get("/alarm-quality/load", params=may | {"desk": "fire"})).json()

    figures = {kpi["metric"]: kpi["value"] for kpi in quality["kpis"]}
    assert (figures["shown"], figures["drill"], figures["folded"], figures["held"]) == (1, 1, 1, 1)
    assert [actor["rule_id"] for actor in quality["worst_actors"]] == ["fire"]
    assert nothing["worst_actors"] == []
    assert sum(period["drill"] for period in load["items"]) == 1
    assert {period["desk_id"] for period in load["items"]} == {"fire"}


@pytest.mark.parametrize(
    ("path", "start"), [("", "2026-01-01T00:00:00Z"), ("/load", "2026-04-20T00:00:00Z")]
)
async def test_figures_over_too_long_a_time_are_refused(api: Api, path: str, start: str) -> None:
    params = {"from": start, "to": "2026-05-01T00:00:00Z"}

    answer = await api.client("viewer").get(f"/alarm-quality{path}", params=params)

    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "bad_range")
