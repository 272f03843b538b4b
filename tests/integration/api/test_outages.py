"""A stopped database or broker: what goes on, what is said, and that all comes back."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from pydantic import SecretStr

from api import preparing, serving
from api.settings import PrepareSettings
from core.errors import Unavailable
from stack.migrate import migrate
from stack.settings import MigrateSettings
from tests.fixtures.servers import PrivateStack, Servers
from tests.integration.api.conftest import PASSWORDS, Api, eventually, running_api
from tests.integration.api.fake_engine import AT, FakeEngine, alert
from tests.integration.api.listening import listening

pytestmark = pytest.mark.chaos

CLEARED = {"seq": 2, "state": "normal", "transition": "cleared", "cleared_at": AT}


async def test_an_address_that_is_taken_is_said_with_what_to_do(
    settings: PrepareSettings, api: Api
) -> None:
    with pytest.raises(Unavailable, match=r"Address already in use\. .*API_PORT"):
        await serving.main(settings)


@pytest.fixture
def fragile(private_stack: PrivateStack) -> Servers:
    """A stack of its own, to be hurt."""
    servers = private_stack()
    passwords = servers.deployment.passwords
    migrate(
        MigrateSettings(
            database_url=SecretStr(servers.deployment.superuser_url()),
            **{
                f"{role}_password": SecretStr(passwords[f"yiwang_{role}"])
                for role in ("owner", "ingest", "alerts", "api", "grafana")
            },
        )
    )
    return servers


@pytest.fixture
def own_settings(fragile: Servers, settings: PrepareSettings) -> PrepareSettings:
    return settings.model_copy(
        update={
            "broker_url": SecretStr(fragile.broker_url("svc-api")),
            "database_url": SecretStr(fragile.deployment.database_url("yiwang_api")),
        }
    )


@pytest.fixture
async def own_engine(fragile: Servers) -> AsyncIterator[FakeEngine]:
    async with FakeEngine(fragile.broker_address("svc-alerts")) as engine:
        yield engine


@pytest.fixture
async def own_api(own_settings: PrepareSettings, own_engine: FakeEngine) -> AsyncIterator[Api]:
    await preparing.prepare(own_settings)
    async with running_api(own_settings) as api:
        yield api


async def test_a_stopped_database_delays_history_never_an_alert(
    fragile: Servers, own_api: Api, own_engine: FakeEngine
) -> None:
    await own_engine.raise_alert("a-1")
    await asyncio.to_thread(fragile.stop, "database")
    form = {"username": "officer", "password": PASSWORDS["officer"]}

    signed_in = await own_api.client(None).post("/token", data=form)
    listed = await own_api.client("officer").get("/alerts")
    taken = await own_api.client("officer").post("/alerts/a-1/acknowledgement")
    history = await own_api.client("officer").get("/alerts", params={"state": "all"})
    registry = await own_api.client("officer").get("/profiles")

    assert signed_in.status_code == 200
    assert [item["alert_id"] for item in listed.json()["items"]] == ["a-1"]
    assert taken.status_code == 201
    assert (history.status_code, history.json()["error"]["code"]) == (503, "unavailable")
    assert registry.json()["items"]
    ready = (await own_api.client(None).get("/ready")).json()
    assert (ready["status"], ready["parts"]["database"]["state"]) == ("degraded", "down")

    await asyncio.to_thread(fragile.start, "database")

    async def answered() -> httpx.Response | None:
        answer = await own_api.client("officer").get("/alerts", params={"state": "all"})
        return answer if answer.is_success else None

    assert await eventually(answered, within=15)


async def test_an_api_restarted_without_a_database_still_lets_people_in(
    fragile: Servers, own_settings: PrepareSettings, own_engine: FakeEngine
) -> None:
    await preparing.prepare(own_settings)
    async with running_api(own_settings):
        pass
    await asyncio.to_thread(fragile.stop, "database")
    await own_engine.raise_alert("a-1")

    async with running_api(own_settings) as api:
        taken = await api.client("officer").post("/alerts/a-1/acknowledgement")

    assert taken.status_code == 201


async def test_a_restarted_broker_costs_no_transition(
    fragile: Servers, own_api: Api, own_engine: FakeEngine
) -> None:
    await own_engine.raise_alert("a-1")
    await eventually(lambda: _open(own_api, {"a-1"}))
    await asyncio.to_thread(fragile.stop, "broker")

    async def down() -> bool:
        return (await own_api.client(None).get("/ready")).status_code == 503

    assert await eventually(down)
    refused = await own_api.client("officer").post("/alerts/a-1/acknowledgement")
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "unavailable")
    await own_engine.move(own_engine.open["a-1"] | CLEARED, publish=False)
    await own_engine.move(alert("a-2", 3), publish=False)
    await asyncio.to_thread(fragile.start, "broker")

    async with FakeEngine(fragile.broker_address("svc-alerts")) as again:
        again.journal, again.open = own_engine.journal, own_engine.open
        await eventually(lambda: _open(own_api, {"a-2"}))
        async with listening(own_api, last=1) as stream:
            missed = await stream.alerts(2)

    assert [(event.data["alert_id"], event.id) for event in missed] == [("a-1", 2), ("a-2", 3)]


async def _open(api: Api, wanted: set[str]) -> bool:
    items = (await api.client("viewer").get("/alerts")).json()["items"]
    return {item["alert_id"] for item in items} == wanted
