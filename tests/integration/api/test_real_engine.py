"""The api on the real alert engine: what one says the other understands, and carries out."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from api import preparing
from api.settings import PrepareSettings
from tests.fixtures.databases import RoleUrl
from tests.fixtures.servers import Servers
from tests.integration.alerts.duty_room import DutyRoom, duty_room, now_ms
from tests.integration.api.conftest import Api, eventually, running_api
from tests.integration.api.describing import check
from tests.integration.api.documents import DESK, DRAFT


class Both(NamedTuple):
    api: Api
    room: DutyRoom
    smoke: str
    faulty: str
    document: dict[str, Any]

    async def do(self, role: str, method: str, path: str, **content: Any) -> Any:
        """Return what the api answers, which must be a yes, and as the document describes it."""
        answer = await self.api.client(role).request(method, path, **content)
        assert answer.is_success, f"{method} {path}: {answer.text}"
        check(self.document, method, path, answer)
        return answer.json()

    async def refused(self, role: str, method: str, path: str, **content: Any) -> str:
        """Return the sentence of a conflict."""
        answer = await self.api.client(role).request(method, path, **content)
        assert answer.status_code == 409, answer.text
        sentence: str = answer.json()["error"]["message"]
        return sentence

    async def alert(self, device_id: str) -> str:
        """Wait for the open alert of a device."""

        async def listed() -> str | None:
            found = await self.do("viewer", "GET", "/alerts", params={"device_id": device_id})
            return found["items"][0]["alert_id"] if found["items"] else None

        alert_id: str = await eventually(listed)
        return alert_id


@pytest.fixture
async def both(
    settings: PrepareSettings,
    broker: Servers,
    database_url: str,
    role_url: RoleUrl,
    tmp_path: Path,
) -> AsyncIterator[Both]:
    await preparing.prepare(settings)
    furnished = duty_room(broker, database_url, role_url("yiwang_alerts"), tmp_path)
    room = await asyncio.to_thread(furnished.__enter__)
    (smoke,) = await asyncio.to_thread(room.city.add, "smoke", profile="smoke-detector")
    (faulty,) = await asyncio.to_thread(room.city.add, "faulty", profile="smoke-detector")
    await asyncio.to_thread(room.open)
    async with running_api(settings) as api:
        document = (await api.client(None).get("/openapi.json")).json()
        yield Both(api, room, smoke, faulty, document)
    await asyncio.to_thread(_leave, room)
    await asyncio.to_thread(furnished.__exit__, None, None, None)


def _leave(room: DutyRoom) -> None:
    """Take down what the engine retained: the broker is shared with tests that count alerts."""
    room.engine.stop()
    for topic in list(room.office.retained):
        room.speak_as("svc-alerts", topic, b"", retain=True)


async def test_a_fire_from_alarm_to_arrival(both: Both) -> None:
    both.room.fire(both.smoke)
    alert_id = await both.alert(both.smoke)
    path = f"/alerts/{alert_id}"
    at_once = {"minutes": 5, "reason": "演习"}

    never = await both.refused("officer", "POST", f"{path}/shelf", json=at_once)
    early = await both.refused("officer", "POST", f"{path}/fire-brigade", json={"reference": "1"})
    await both.do("officer", "POST", f"{path}/acknowledgement")
    await both.do("officer", "POST", f"{path}/assignment", json={"to": "supervisor"})
    await both.do("officer", "POST", f"{path}/comments", json={"text": "无人接听"})
    await both.do("officer", "POST", f"{path}/verification", json={"verdict": "real"})
    await both.do("officer", "POST", f"{path}/fire-brigade", json={"reference": "119-42"})
    await both.do("officer", "POST", f"{path}/dispatch", json={"to": "二组", "text": "带气瓶"})
    alert = await both.do("officer", "POST", f"{path}/arrival", json={})

    assert "life safety" in never
    assert "verified" in early
    assert (alert["state"], alert["verdict"], alert["assigned_to"]) == (
        "acknowledged",
        "real",
        "supervisor",
    )
    assert alert["fire_brigade"]["reference"] == "119-42"
    assert None not in (alert["dispatched_at"], alert["on_site_at"], alert["verified_at"])

    async def told() -> set[str] | None:
        answer = await both.api.client("viewer").get(f"{path}/events")
        kinds = {item["transition"] for item in answer.json().get("items", [])}
        return kinds if "arrived" in kinds else None

    assert {"raised", "acknowledged", "commented", "handed_over"} <= await eventually(told)


async def test_a_fault_is_put_aside_and_taken_back(both: Both) -> None:
    fault = {"ts": now_ms(), "event": "fault", "active": True}
    both.room.field.say(both.room.city.topic(both.faulty, "event"), fault)
    path = f"/alerts/{await both.alert(both.faulty)}"
    shelf, why = {"minutes": 30, "reason": "检修"}, {"reason": "修好"}

    shelved = await both.do("officer", "POST", f"{path}/shelf", json=shelf)
    again = await both.refused("officer", "POST", f"{path}/shelf", json=shelf)
    shelves = (await both.do("viewer", "GET", "/shelves"))["items"]
    back = await both.do("officer", "DELETE", f"{path}/shelf", params=why)
    out = await both.do("supervisor", "POST", f"{path}/service", json=why)
    returned = await both.do("supervisor", "DELETE", f"{path}/service", params=why)
    urgent = {"priority": "high", "reason": "学校"}
    raised = await both.do("supervisor", "POST", f"{path}/priority", json=urgent)

    assert (shelved["state"], shelved["hold"]["officer"]) == ("shelved", "officer")
    assert "officer" in again
    assert [one["source"] for one in shelves] == [both.faulty]
    states = [alert["state"] for alert in (back, out, returned)]
    assert states == ["unacknowledged", "out_of_service", "unacknowledged"]
    assert raised["priority"] == "high"


async def test_a_drill_is_announced_marks_a_fire_and_ends(both: Both) -> None:
    now = both.room.city.rows("SELECT now(), now() + interval '1 hour'")[0]
    drill = {
        "kind": "drill",
        "reason": "季度演练",
        "scope": {"sites": ["unit-1"]},
        "start": now[0].isoformat(),
        "end": now[1].isoformat(),
    }

    window = await both.do("supervisor", "PUT", "/windows/may", json=drill)
    both.room.fire(both.smoke)
    alert_id = await both.alert(both.smoke)
    listed = await both.do("viewer", "GET", "/windows/may")
    await both.do("supervisor", "POST", "/windows/may/end", json={"reason": "结束"})

    assert (window["by"], window["active"], listed["window_id"]) == ("supervisor", True, "may")
    assert (await both.do("viewer", "GET", f"/alerts/{alert_id}"))["drill"] is True
    assert (await both.do("viewer", "GET", "/windows"))["items"] == []


async def test_a_rule_is_drafted_by_one_and_put_in_force_by_another(both: Both) -> None:
    draft = DRAFT | {"rule_id": "own-water-low"}
    await both.do("admin", "PUT", "/rules/own-water-low", json=draft)
    own = {"version": 1}

    four_eyes = await both.refused("admin", "POST", "/rules/own-water-low/approval", json=own)
    unseen = await both.refused("supervisor", "PUT", "/rules/own-water-low", json=draft)
    approved = await both.do("supervisor", "POST", "/rules/own-water-low/approval", json=own)
    seen = await both.api.client("viewer").get("/rules/own-water-low")
    retired = await both.do(
        "supervisor", "POST", "/rules/own-water-low/retirement", json={"reason": "试验结束"}
    )
    every = await both.do("viewer", "GET", "/rules")

    assert "admin" in four_eyes
    assert "admin" in unseen
    assert (approved["status"], approved["version"], approved["approved_by"]) == (
        "active",
        1,
        "supervisor",
    )
    assert seen.headers["etag"] == '"1"'
    assert retired["status"] == "retired"
    assert {"fire-event", "own-water-low"} <= {rule["rule_id"] for rule in every["items"]}


async def test_a_rule_is_tried_on_history(both: Both) -> None:
    rule = (await both.do("viewer", "GET", "/rules/fire-detector-fault"))["rule"]
    asked = {"days": 1, "rule": rule | {"profiles": ["smoke-detector"]}}
    job = await both.do("supervisor", "POST", "/rules/fire-detector-fault/replay", json=asked)

    async def ended() -> dict[str, Any] | None:
        found: dict[str, Any] = await both.do("viewer", "GET", f"/jobs/{job['job_id']}")
        return None if found["state"] == "running" else found

    found = await eventually(ended, within=60)
    assert (found["state"], found["reason"]) == ("done", None)
    assert found["result"]["rule_ids"] == ["fire-detector-fault"]


async def test_a_desk_is_put_checked_and_handed_over(both: Both) -> None:
    desk = DESK | {"members": ["officer"], "supervisors": ["admin"]}
    await both.do("supervisor", "PUT", "/desks/fire", json=desk)
    checked = await both.do("supervisor", "POST", "/desks/fire/checks", json={"minutes": 5})
    await both.do("officer", "POST", f"/checks/{checked['check_id']}/answer")
    begun = await both.do("officer", "POST", "/desks/fire/handovers", json={"to": "supervisor"})
    path = f"/handovers/{begun['handover_id']}/signature"

    not_theirs = await both.refused("admin", "POST", path)
    await both.do("supervisor", "POST", path)

    assert "supervisor" in not_theirs
    assert (await both.do("viewer", "GET", "/desks/fire"))["on_duty"] == ["supervisor"]
    assert (await both.do("viewer", "GET", "/desks/fire/checks"))["rate"]["rate"] == 1.0
    handovers = (await both.do("viewer", "GET", "/desks/fire/handovers"))["items"]
    assert [one["handover_id"] for one in handovers] == [begun["handover_id"]]
    assert (await both.do("viewer", "GET", "/desks/fire/shifts"))["on_duty"] == ["supervisor"]


async def test_everything_that_can_be_looked_at_is_answered(both: Both) -> None:
    for path in ("/shelves", "/floods", "/notices", "/people", "/journal", "/alarm-quality"):
        await both.do("supervisor", "GET", path)

    missing = await both.api.client("viewer").get("/jobs/none")
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "not_found")
