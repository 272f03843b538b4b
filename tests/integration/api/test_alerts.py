"""Open alerts from memory, taking one through the engine, history from the database."""

import asyncio

import psycopg
import pytest

from tests.integration.api.conftest import Api, eventually
from tests.integration.api.fake_engine import FakeEngine, alert
from tests.integration.api.projecting import project


async def _open(api: Api, count: int) -> list[str]:
    async def listed() -> list[str] | None:
        items = (await api.client("viewer").get("/alerts")).json()["items"]
        return [item["alert_id"] for item in items] if len(items) == count else None

    found: list[str] = await eventually(listed)
    return found


async def test_open_alerts_are_listed_newest_first_and_in_pages(
    api: Api, engine: FakeEngine
) -> None:
    for number in range(3):
        await engine.raise_alert(f"a-{number}", raised_at=f"2026-05-01T00:00:0{number}Z")
    await _open(api, 3)

    first = (await api.client("viewer").get("/alerts", params={"limit": 2})).json()
    rest = {"limit": 2, "cursor": first["next"]}
    second = (await api.client("viewer").get("/alerts", params=rest)).json()

    assert [item["alert_id"] for item in first["items"]] == ["a-2", "a-1"]
    assert [item["alert_id"] for item in second["items"]] == ["a-0"]
    assert second["next"] is None


async def test_an_alert_is_passed_on_as_the_engine_published_it(
    api: Api, engine: FakeEngine
) -> None:
    published = await engine.raise_alert("a-1", value=61.5, limit=60.0, unit="°C")
    await _open(api, 1)

    assert (await api.client("viewer").get("/alerts/a-1")).json() == published


async def test_a_cleared_alert_leaves_the_open_ones(api: Api, engine: FakeEngine) -> None:
    await engine.raise_alert("a-1")
    await _open(api, 1)

    await engine.clear("a-1")

    assert await _open(api, 0) == []


async def test_alerts_open_before_the_api_started_are_there(api: Api, engine: FakeEngine) -> None:
    """The broker holds them, and what the broker has lost the engine still knows."""
    await engine.move(alert("unpublished", 1), publish=False)
    await engine.beat()

    assert await _open(api, 1) == ["unpublished"]


async def test_of_two_officers_one_takes_the_alert_and_the_other_is_told(
    api: Api, engine: FakeEngine
) -> None:
    await engine.raise_alert("a-1")
    await _open(api, 1)

    answers = await asyncio.gather(
        api.client("officer").post("/alerts/a-1/acknowledgement"),
        api.client("supervisor").post("/alerts/a-1/acknowledgement"),
    )

    assert sorted(answer.status_code for answer in answers) == [201, 409]
    taken, refused = sorted(answers, key=lambda answer: answer.status_code)
    holder = taken.json()["acknowledged_by"]
    assert refused.json()["error"]["code"] == "conflict"
    assert holder in refused.json()["error"]["message"]


async def test_the_same_key_gets_the_same_answer_again(api: Api, engine: FakeEngine) -> None:
    await engine.raise_alert("a-1")
    headers = {"Idempotency-Key": "one"}

    first = await api.client("officer").post("/alerts/a-1/acknowledgement", headers=headers)
    again = await api.client("officer").post("/alerts/a-1/acknowledgement", headers=headers)

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()


async def test_a_viewer_only_looks(api: Api, engine: FakeEngine) -> None:
    answer = await api.client("viewer").post("/alerts/a-1/acknowledgement")

    assert answer.status_code == 403
    assert engine.asked == [] or engine.asked[-1]["do"] != "acknowledge"


async def test_an_unknown_alert_cannot_be_taken(api: Api) -> None:
    answer = await api.client("officer").post("/alerts/none/acknowledgement")

    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


async def test_a_deaf_engine_is_reported_not_waited_for_for_ever(
    api: Api, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.engine.ANSWER_WITHIN", 0.2)
    engine.deaf = True

    answer = await api.client("officer").post("/alerts/a-1/acknowledgement")

    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "unavailable")


async def test_history_comes_from_the_database(api: Api, database_url: str) -> None:
    async with await psycopg.AsyncConnection.connect(database_url) as conn:
        for number in range(3):
            await project(
                conn, alert(f"a-{number}", number + 1, raised_at=f"2026-04-0{number + 1}T00:00:00Z")
            )

    page = await api.client("viewer").get(
        "/alerts", params={"state": "all", "from": "2026-04-02T00:00:00Z", "limit": 1}
    )

    assert [item["alert_id"] for item in page.json()["items"]] == ["a-2"]
    rest = {"state": "all", "from": "2026-04-02T00:00:00Z", "cursor": page.json()["next"]}
    more = await api.client("viewer").get("/alerts", params=rest)
    assert [item["alert_id"] for item in more.json()["items"]] == ["a-1"]
    past = await api.client("viewer").get("/alerts/a-0")
    assert past.json()["seq"] == 1
    events = await api.client("viewer").get("/alerts/a-0/events")
    assert [event["transition"] for event in events.json()["items"]] == ["raised"]


@pytest.mark.parametrize(
    "params",
    [
        pytest.param({"cursor": "nonsense"}, id="cursor"),
        pytest.param({"limit": 100_000}, id="limit"),
        pytest.param({"from": "yesterday"}, id="time"),
        pytest.param({"from": "2026-05-01T00:00:00"}, id="time-without-zone"),
        pytest.param({"priority": "urgent"}, id="priority"),
    ],
)
async def test_questions_that_do_not_fit_are_refused(api: Api, params: dict[str, str]) -> None:
    answer = await api.client("viewer").get("/alerts", params=params)

    assert answer.status_code == 422
