"""Windows, rules, desks, hand-overs, checks: what the engine is asked, and who may ask it."""

from typing import Any

import pytest

from tests.integration.api.conftest import Api
from tests.integration.api.documents import (
    CHECK,
    DESK,
    DRAFT,
    RECEIPT,
    SHIFT,
    WAITING,
    WINDOW,
    WINDOW_SHOWN,
)
from tests.integration.api.fake_engine import FakeEngine
from tests.integration.api.orders import BELOW, ORDERS


@pytest.mark.parametrize(
    ("method", "path", "body", "command", "told", "says", "role"),
    ORDERS,
    ids=[order[3] for order in ORDERS],
)
async def test_an_order_reaches_the_engine_once_in_the_officers_name(
    api: Api,
    engine: FakeEngine,
    method: str,
    path: str,
    body: Any,
    command: str,
    told: dict[str, Any],
    says: dict[str, Any],
    role: str,
) -> None:
    engine.says[command] = says
    headers = {"Idempotency-Key": "k"}

    answers = [
        await api.client(role).request(method, path, json=body, headers=headers) for _ in "ab"
    ]

    assert answers[0].is_success, answers[0].text
    assert answers[0].json() in (says, *says.values(), DESK | {"warnings": []})
    assert answers[0].json() == answers[1].json()
    first, second = engine.commands()
    assert first == second
    assert first.pop("request_id")
    assert first == {"do": command, "officer": role, **told}


async def test_whoever_is_trusted_with_less_is_told_so(api: Api, engine: FakeEngine) -> None:
    for method, path, body, command, _told, _says, role in ORDERS:
        answer = await api.client(BELOW[role]).request(method, path, json=body)

        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forbidden"), command
    assert engine.commands() == []


async def test_a_refusal_is_the_engines_own_sentence(api: Api, engine: FakeEngine) -> None:
    for method, path, body, command, _told, _says, role in ORDERS:
        engine.refuses[command] = ("conflict", f"li was first with {command}.")

        answer = await api.client(role).request(method, path, json=body)

        assert answer.status_code == 409, command
        assert answer.json()["error"]["message"] == f"li was first with {command}."


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        pytest.param("PUT", "/windows/other", WINDOW, id="another-window-than-the-path-says"),
        pytest.param("PUT", "/windows/w", WINDOW | {"kind": "holiday"}, id="kind-of-window"),
        pytest.param("PUT", "/windows/w", {"reason": "x"}, id="half-a-window"),
        pytest.param("PUT", "/windows/w", [], id="no-window"),
        pytest.param("POST", "/windows/w/end", {}, id="end-without-reason"),
        pytest.param("PUT", "/rules/other", DRAFT, id="another-rule-than-the-path-says"),
        pytest.param("PUT", "/rules/water_low", DRAFT | {"priority": "x"}, id="priority"),
        pytest.param("POST", "/rules/r/approval", {}, id="approval-of-nothing"),
        pytest.param("POST", "/rules/r/replay", {"days": 0}, id="replay-of-no-day"),
        pytest.param("POST", "/rules/r/replay", {"rule": DRAFT}, id="replay-of-another-rule"),
        pytest.param("PUT", "/desks/other", DESK, id="another-desk-than-the-path-says"),
        pytest.param("PUT", "/desks/fire/roster", {"shifts": [{}]}, id="shift-of-nobody"),
        pytest.param(
            "PUT",
            "/desks/fire/roster",
            {"shifts": [SHIFT | {"officers": ["ghost"]}]},
            id="shift-of-a-ghost",
        ),
        pytest.param("POST", "/desks/fire/handovers", {"to": "viewer"}, id="to-a-viewer"),
        pytest.param("POST", "/desks/fire/checks", {"minutes": 61}, id="check-of-an-hour"),
    ],
)
async def test_what_does_not_fit_never_reaches_the_engine(
    api: Api, engine: FakeEngine, method: str, path: str, body: Any
) -> None:
    answer = await api.client("supervisor").request(method, path, json=body)

    assert answer.status_code == 422
    assert answer.json()["error"]["message"].endswith(".")
    assert engine.commands() == []


async def test_the_path_names_what_the_body_leaves_out(api: Api, engine: FakeEngine) -> None:
    engine.says["put_desk"] = {"desk": DESK, "warnings": []}
    nameless = {field: said for field, said in DESK.items() if field != "desk_id"}

    await api.client("supervisor").put("/desks/fire", json=nameless)

    assert engine.commands()[0]["desk"] == DESK


async def test_a_stored_desk_says_whom_no_channel_reaches(api: Api, engine: FakeEngine) -> None:
    warnings = ["No channel reaches 'li'."]
    engine.says["put_desk"] = {"desk": DESK, "warnings": warnings}

    answer = await api.client("supervisor").put("/desks/fire", json=DESK)

    assert answer.json() == DESK | {"warnings": warnings}


async def test_one_of_a_list_is_found_by_its_name(api: Api, engine: FakeEngine) -> None:
    engine.says |= {
        "desks": {"desks": [{"desk": DESK, "on_duty": ["li"], "overdue": []}]},
        "windows": {"windows": [WINDOW_SHOWN]},
    }
    viewer = api.client("viewer")

    assert (await viewer.get("/desks/fire")).json() == DESK | {"on_duty": ["li"], "overdue": []}
    assert (await viewer.get("/windows/pump-house")).json() == WINDOW_SHOWN
    assert (await viewer.get("/desks/none")).status_code == 404
    assert (await viewer.get("/windows/none")).status_code == 404


async def test_notices_and_checks_are_asked_for_as_far_back_as_wanted(
    api: Api, engine: FakeEngine
) -> None:
    rate = {"asked": 0, "answered": 0, "unreachable": 0, "rate": None}
    engine.says["checks"] = {"checks": [CHECK], "rate": rate}
    engine.says["notices"] = {"waiting": [WAITING], "receipts": [RECEIPT]}
    viewer = api.client("viewer")

    told = await viewer.get("/alerts/a-1/notices", params={"limit": 5})
    answer = await viewer.get("/desks/fire/checks", params={"days": 30})

    assert answer.json() == {"checks": [CHECK], "rate": rate}
    assert [(notice["outcome"], notice["at"]) for notice in told.json()["items"]] == [
        ("waiting", None),
        ("sent", "2026-05-01T02:03:04Z"),
    ]
    asked = [question for question in engine.asked if question["do"] in ("notices", "checks")]
    assert asked == [
        {"do": "notices", "alert_id": "a-1", "limit": 5},
        {"do": "checks", "desk_id": "fire", "days": 30},
    ]


async def test_an_answer_that_cannot_be_read_is_the_engines_failure(
    api: Api, engine: FakeEngine
) -> None:
    engine.says["floods"] = {"something": "else"}

    answer = await api.client("viewer").get("/floods")

    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "unavailable")
