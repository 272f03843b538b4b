"""The OpenAPI document is valid, complete and true; every answer is hardened."""

from typing import Any

import jsonschema
import pytest

from tests.integration.api.conftest import Api
from tests.integration.api.describing import check
from tests.integration.api.documents import (
    CHECK,
    DESK,
    FLOOD,
    HANDOVER,
    JOB,
    PEOPLE,
    RECEIPT,
    RULE,
    SHELF,
    SHIFT,
    VERSION,
    WAITING,
    WINDOW_SHOWN,
)
from tests.integration.api.fake_engine import FakeEngine

OPERATIONS = ("get", "put", "post", "patch", "delete")


@pytest.fixture
async def document(api: Api) -> dict[str, Any]:
    found: dict[str, Any] = (await api.client(None).get("/openapi.json")).json()
    return found


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method, path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method in OPERATIONS
    ]


async def test_every_operation_is_described(document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        where = f"{method} {path}"
        assert operation["summary"], where
        assert operation["description"], where
        assert operation["tags"], where
        assert all(answer["description"] for answer in operation["responses"].values()), where


async def test_every_operation_that_needs_a_sign_in_says_so(document: dict[str, Any]) -> None:
    open_to_all = {"/health", "/ready", "/token", "/sign-in", "/sign-out", "/map/outlines.geojson"}
    for method, path, operation in operations(document):
        is_open = path.removeprefix("/api/v1") in open_to_all
        assert bool(operation.get("security")) is not is_open, f"{method} {path}"
        assert is_open or "401" in operation["responses"], f"{method} {path}"


async def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    def references(node: Any) -> list[str]:
        if isinstance(node, dict):
            own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
            return own + [found for value in node.values() for found in references(value)]
        return (
            [found for value in node for found in references(value)]
            if isinstance(node, list)
            else []
        )

    schemas = document["components"]["schemas"]
    for reference in references(document):
        assert reference.removeprefix("#/components/schemas/") in schemas
    for schema in schemas.values():
        jsonschema.Draft202012Validator.check_schema(schema)


SAYS = {
    "shelves": {"shelves": [SHELF]},
    "windows": {"windows": [WINDOW_SHOWN]},
    "floods": {"floods": [FLOOD]},
    "rules": {"rules": [RULE], "left_out": 0},
    "rule": {"rule": RULE, "versions": [VERSION]},
    "job": JOB,
    "desks": {"desks": [{"desk": DESK, "on_duty": ["li"], "overdue": []}]},
    "shifts": {"crew": None, "shifts": [SHIFT], "on_duty": []},
    "handovers": {"handovers": [HANDOVER]},
    "checks": {
        "checks": [CHECK],
        "rate": {"asked": 2, "answered": 1, "unreachable": 0, "rate": 0.5},
    },
    "notices": {"waiting": [WAITING], "receipts": [RECEIPT]},
    "people": PEOPLE,
}


@pytest.mark.parametrize(
    "path",
    [
        "/health",
        "/ready",
        "/me",
        "/alerts",
        "/profiles",
        "/metrics-catalogue",
        "/sites.geojson",
        "/devices",
        "/ledger",
        "/quarantine",
        "/quarantine/summary",
        "/latest",
        "/grids",
        "/places",
        "/search",
        "/sites",
        "/shelves",
        "/windows",
        "/windows/pump-house",
        "/floods",
        "/rules",
        "/rules/water_low",
        "/jobs/j-1",
        "/desks",
        "/desks/fire",
        "/desks/fire/shifts",
        "/desks/fire/handovers",
        "/desks/fire/checks",
        "/notices",
        "/alerts/a-1/notices",
        "/people",
        "/journal",
        "/alarm-quality",
        "/alarm-quality/load",
    ],
)
async def test_answers_are_what_the_document_says(
    api: Api, engine: FakeEngine, document: dict[str, Any], path: str
) -> None:
    await engine.raise_alert("a-1")
    engine.says |= SAYS

    answer = await api.client("supervisor").get(path)

    assert answer.status_code == 200
    check(document, "get", path, answer)


@pytest.mark.parametrize("path", ["/api/v1/health", "/", "/scripts/main.js", "/api/v1/nothing"])
async def test_every_answer_is_hardened(api: Api, path: str) -> None:
    headers = (await api.client(None).get(f"{api.url}{path}")).headers

    policy = headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert "server" not in headers


async def test_errors_have_one_shape_wherever_they_come_from(api: Api) -> None:
    viewer = api.client("viewer")
    answers = [
        await viewer.get("/nothing"),
        await viewer.delete("/alerts"),
        await viewer.get("/alerts", params={"limit": "x"}),
        await viewer.get("/devices/none"),
        await api.client("supervisor").post("/registry/import", content=b"{"),
    ]

    assert [answer.status_code for answer in answers] == [404, 405, 422, 404, 422]
    for answer in answers:
        assert set(answer.json()) == {"error"}
        assert answer.json()["error"]["message"].endswith(".")


async def test_a_body_that_is_too_long_is_refused(api: Api) -> None:
    async def endless() -> Any:
        for _ in range(40):
            yield b"x" * 65_536

    supervisor = api.client("supervisor")
    announced = await supervisor.put("/sites/unit-1", content=b"x" * 1_100_000)
    streamed = await supervisor.put("/sites/unit-1", content=endless())

    assert (announced.status_code, streamed.status_code) == (413, 413)


async def test_prometheus_sees_requests_by_route(api: Api) -> None:
    await api.client("viewer").get("/devices/none")

    page = await api.client("viewer").get(f"{api.url}/metrics")

    assert 'route="/devices/{device_id}"' in page.text
    assert (await api.client(None).get(f"{api.url}/metrics")).status_code == 401


async def test_every_change_can_be_repeated_and_can_be_refused(document: dict[str, Any]) -> None:
    """What goes to the alert engine takes an Idempotency-Key and documents every refusal."""
    tags = {"alerts", "windows", "rules", "desks"}
    for method, path, operation in operations(document):
        if method != "get" and tags & set(operation["tags"]):
            named = {parameter["name"] for parameter in operation["parameters"]}
            assert "idempotency-key" in {name.lower() for name in named}, f"{method} {path}"
            assert {"401", "403", "404", "409", "422", "503"} <= set(operation["responses"]), path
