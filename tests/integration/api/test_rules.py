"""Rules over the api: nobody writes over what they have not seen, and a draft can be tried."""

from typing import Any

import pytest

from tests.integration.api.conftest import Api
from tests.integration.api.documents import DRAFT, RULE
from tests.integration.api.fake_engine import FakeEngine


async def test_a_rule_is_changed_by_whoever_has_seen_its_newest_version(
    api: Api, engine: FakeEngine
) -> None:
    engine.says |= {"rule": {"rule": RULE, "versions": []}, "put_rule": {"rule": RULE}}
    supervisor = api.client("supervisor")

    seen = await supervisor.get("/rules/water_low")
    headers = {"If-Match": seen.headers["etag"]}
    drafted = await supervisor.put("/rules/water_low", json=DRAFT, headers=headers)
    nonsense = await supervisor.put("/rules/water_low", json=DRAFT, headers={"If-Match": "*"})

    assert seen.headers["etag"] == '"4"', "the draft's, not that of the rule in force"
    assert drafted.is_success
    assert [told["expected_version"] for told in engine.commands()] == [4]
    assert nonsense.status_code == 422


@pytest.mark.parametrize(
    ("rule", "tag"),
    [
        pytest.param(RULE | {"draft": None}, '"3"', id="in-force"),
        pytest.param(RULE | {"draft": None, "version": None}, '"2"', id="shipped-and-retired"),
        pytest.param(
            RULE | {"draft": None, "version": None, "shipped_version": None},
            None,
            id="never-in-force",
        ),
    ],
)
async def test_the_tag_of_a_rule_is_its_newest_version(
    api: Api, engine: FakeEngine, rule: dict[str, Any], tag: str | None
) -> None:
    engine.says["rule"] = {"rule": rule, "versions": []}

    assert (await api.client("viewer").get("/rules/water_low")).headers.get("etag") == tag


async def test_a_rule_is_tried_as_drafted_unless_another_wording_is_sent(
    api: Api, engine: FakeEngine
) -> None:
    engine.says |= {"rule": {"rule": RULE, "versions": []}, "replay_rule": {"job_id": "j-1"}}
    supervisor = api.client("supervisor")

    drafted = await supervisor.post("/rules/water_low/replay", json={"days": 3})
    await supervisor.post("/rules/water_low/replay", json={"rule": DRAFT})

    assert (drafted.status_code, drafted.json()) == (202, {"job_id": "j-1"})
    assert [(told["rule"], told["days"]) for told in engine.commands()] == [
        (RULE["draft"]["rule"], 3),
        (DRAFT, 7),
    ]


async def test_a_long_list_of_rules_is_asked_for_page_by_page(api: Api, engine: FakeEngine) -> None:
    second = RULE | {"rule_id": "z"}
    pages = {
        "": {"rules": [RULE], "left_out": 1},
        "water_low": {"rules": [second], "left_out": 0},
    }
    engine.says["rules"] = lambda request: pages[request["after"]]

    assert (await api.client("viewer").get("/rules")).json()["items"] == [RULE, second]
