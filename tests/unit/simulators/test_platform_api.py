"""The api as the simulators use it; only the wire is replaced."""

from collections.abc import Callable
from datetime import UTC, datetime

import httpx
import pytest
from pydantic import SecretStr

from core.errors import Invalid, NotFound, Unavailable, YiwangError
from simulators.platform_api import PlatformApi
from simulators.registering import register, summary

T0 = datetime(2026, 5, 1, tzinfo=UTC)
T1 = datetime(2026, 5, 2, tzinfo=UTC)
TALLY = {"added": 1, "changed": 2, "unchanged": 3}

Answer = Callable[[httpx.Request], httpx.Response]


def api(answer: Answer) -> PlatformApi:
    return PlatformApi(
        "http://127.0.0.1:8000/", "admin", SecretStr("pw"), transport=httpx.MockTransport(answer)
    )


def alert(alert_id: str, **changes: object) -> dict[str, object]:
    raised = "2026-05-01T10:00:00Z"
    return {
        "alert_id": alert_id,
        "rule_id": "fire-event",
        "kind": "event",
        "subject": "fire",
        "raised_at": raised,
        "detected_at": raised,
        "updated_at": raised,
        "device_id": "smoke-1",
        "count": 1,
        "transition": "raised",
        "priority": "critical",
    } | changes


def test_the_city_is_imported_in_one_signed_in_request() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={"grids": TALLY, "sites": TALLY, "devices": TALLY})

    result = register(api(answer), b"{}", patience_s=0)

    assert [str(request.url) for request in asked] == [
        "http://127.0.0.1:8000/api/v1/registry/import"
    ]
    assert asked[0].headers["authorization"].startswith("Basic ")
    assert summary(result).startswith("grids: 1 added, 2 changed, 3 as before; sites:")


def test_alerts_are_read_page_by_page_with_those_still_open() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        wanted = request.url.params
        if "cursor" in wanted:
            return httpx.Response(200, json={"items": [alert("b")], "next": None})
        if wanted.get("state") == "all":
            return httpx.Response(200, json={"items": [alert("a")], "next": "more"})
        return httpx.Response(200, json={"items": [alert("a"), alert("old")], "next": None})

    found = api(answer).occurrences(T0, T1)

    assert [one.alert_id for one in found] == ["a", "b", "old"]


def test_an_alert_raised_twice_is_looked_up_in_its_transitions() -> None:
    again = "2026-05-01T11:00:00Z"

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/a/events"):
            items = [alert("a"), alert("a", updated_at=again)]
        else:
            items = [alert("a", count=2)] if "state" in request.url.params else []
        return httpx.Response(200, json={"items": items})

    found = api(answer).occurrences(T0, T1, device_id="smoke-1")

    assert [one.raised_at.hour for one in found] == [10, 11]


@pytest.mark.parametrize(
    ("status", "kind"), [(404, NotFound), (422, Invalid), (403, Invalid), (503, Unavailable)]
)
def test_refusals_become_our_errors_with_the_apis_own_sentence(
    status: int, kind: type[YiwangError]
) -> None:
    body = {"error": {"code": "x", "message": "The door is shut."}}

    with pytest.raises(kind, match=r"The door is shut\."):
        api(lambda _: httpx.Response(status, json=body)).account("a")


def test_an_answer_that_is_not_ours_is_named_by_its_status() -> None:
    with pytest.raises(Invalid, match="502 Bad Gateway"):
        api(lambda _: httpx.Response(502, text="<html>")).account("a")


def test_an_api_that_is_not_there_is_said_to_be_so() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    with pytest.raises(Unavailable, match="does not answer"):
        register(api(refuse), b"{}", patience_s=0)
