"""What people do with an alert: by whom, what the engine is told, what is refused."""

from typing import Any

import pytest

from tests.integration.api.conftest import Api, eventually
from tests.integration.api.fake_engine import FakeEngine
from tests.integration.api.orders import BELOW, DEEDS

BY_NAME = pytest.mark.parametrize(
    ("method", "path", "said", "command", "role"), DEEDS, ids=[deed[3] for deed in DEEDS]
)


async def _do(
    api: Api, role: str, method: str, path: str, said: dict[str, Any], **headers: str
) -> Any:
    content = {"params": said} if method == "DELETE" else {"json": said}
    return await api.client(role).request(method, f"/alerts/a-1/{path}", headers=headers, **content)


@BY_NAME
async def test_a_deed_reaches_the_engine_in_the_officers_name(
    api: Api,
    engine: FakeEngine,
    method: str,
    path: str,
    said: dict[str, Any],
    command: str,
    role: str,
) -> None:
    await engine.raise_alert("a-1")

    answer = await _do(api, role, method, path, said)

    assert answer.status_code == (200 if method == "DELETE" else 201), answer.text
    assert answer.json() == engine.open["a-1"]
    (told,) = engine.commands()
    assert told.pop("request_id")
    assert told == {"do": command, "alert_id": "a-1", "officer": role, **said}


async def test_whoever_is_trusted_with_less_is_told_so(api: Api, engine: FakeEngine) -> None:
    for method, path, said, command, role in DEEDS:
        answer = await _do(api, BELOW[role], method, path, said)

        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forbidden"), command
        assert role in answer.json()["error"]["message"]
    assert engine.commands() == []


async def test_a_refusal_says_what_the_engine_said(api: Api, engine: FakeEngine) -> None:
    sentence = "Alert a-1 is about lives: it is never put aside."
    for method, path, said, command, role in DEEDS:
        engine.refuses[command] = ("conflict", sentence)

        answer = await _do(api, role, method, path, said)

        assert answer.status_code == 409, command
        assert answer.json() == {"error": {"code": "conflict", "message": sentence}}


async def test_a_deed_repeated_with_its_key_is_done_once(api: Api, engine: FakeEngine) -> None:
    await engine.raise_alert("a-1")
    key = {"Idempotency-Key": "k"}
    for done, (method, path, said, _command, role) in enumerate(DEEDS, start=1):
        answers = [await _do(api, role, method, path, said, **key) for _ in "ab"]

        assert answers[0].json() == answers[1].json()
        assert len(engine.journal) == 1 + done, "raised, and moved once by each"


async def test_a_key_used_for_something_else_does_not_swallow_it(
    api: Api, engine: FakeEngine
) -> None:
    await engine.raise_alert("a-1")
    key = {"Idempotency-Key": "k"}

    await _do(api, "officer", "POST", "comments", {"text": "一"}, **key)
    await _do(api, "officer", "POST", "comments", {"text": "二"}, **key)
    await _do(api, "supervisor", "POST", "comments", {"text": "二"}, **key)
    await _do(api, "officer", "POST", "arrival", {"text": "二"}, **key)

    assert len({told["request_id"] for told in engine.commands()}) == 4


@pytest.mark.parametrize(
    ("path", "said"),
    [
        pytest.param("shelf", {"minutes": 0, "reason": "x"}, id="no-time"),
        pytest.param("shelf", {"minutes": 10_081, "reason": "x"}, id="more-than-a-week"),
        pytest.param("shelf", {"minutes": 5}, id="no-reason"),
        pytest.param("shelf", {"minutes": 5, "reason": " "}, id="blank-reason"),
        pytest.param("shelf", {"minutes": 5, "reason": "x" * 501}, id="endless-reason"),
        pytest.param("shelf", {"minutes": 5, "reason": "x", "until": "x"}, id="unknown-field"),
        pytest.param("comments", {"text": ""}, id="nothing-said"),
        pytest.param("verification", {"verdict": "maybe"}, id="no-verdict"),
        pytest.param("fire-brigade", {"text": "x"}, id="no-reference"),
        pytest.param("dispatch", {"to": "line\nbreak"}, id="two-lines-of-name"),
        pytest.param("assignment", {"to": "nobody"}, id="somebody-unknown"),
        pytest.param("assignment", {"to": "viewer"}, id="somebody-who-only-looks"),
    ],
)
async def test_what_does_not_fit_never_reaches_the_engine(
    api: Api, engine: FakeEngine, path: str, said: dict[str, Any]
) -> None:
    answer = await _do(api, "officer", "POST", path, said)

    assert answer.status_code == 422
    assert answer.json()["error"]["message"].endswith(".")
    assert engine.commands() == []


@pytest.mark.parametrize("path", ["shelf", "service"])
async def test_taking_something_back_needs_a_reason_too(api: Api, path: str) -> None:
    assert (await _do(api, "supervisor", "DELETE", path, {})).status_code == 422
    assert (await _do(api, "supervisor", "DELETE", path, {"reason": " "})).status_code == 422


async def test_every_deed_stands_in_the_audit(api: Api, engine: FakeEngine) -> None:
    await engine.raise_alert("a-1")
    await _do(api, "officer", "POST", "shelf", {"minutes": 60, "reason": "检修"})

    async def noted() -> dict[str, Any] | None:
        page = (await api.client("supervisor").get("/audit", params={"actor": "officer"})).json()
        deeds = [deed for deed in page["items"] if deed["action"] == "alert.shelve"]
        return deeds[0] if deeds else None

    deed = await eventually(noted)
    assert (deed["subject"], deed["detail"]) == ("a-1", {"minutes": 60, "reason": "检修"})
