"""The fixtures everybody's tests rely on, and what they say about the servers behind them."""

from collections.abc import Callable

import psycopg
import pytest

from stack import readiness
from tests.fixtures.databases import RoleUrl
from tests.fixtures.servers import PrivateStack, Servers


@pytest.mark.parametrize("account", ["svc-ingest", "svc-alerts", "svc-api", "svc-simulators"])
def test_every_service_account_is_let_in(broker: Servers, account: str) -> None:
    assert readiness.broker_answers(broker.broker_url(account))


def test_a_wrong_password_is_not_let_in(broker: Servers) -> None:
    port = broker.deployment.ports.mqtt

    assert not readiness.broker_answers(f"mqtt://svc-ingest:wrong@127.0.0.1:{port}")


@pytest.mark.parametrize("role", ["owner", "ingest", "alerts", "api", "grafana"])
def test_every_role_may_sign_in(role_url: RoleUrl, role: str) -> None:
    assert readiness.database_answers(role_url(f"yiwang_{role}"))


def test_a_clone_has_timescaledb(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        row = connection.execute(
            "SELECT extversion FROM pg_extension WHERE extname = 'timescaledb'"
        ).fetchone()

    assert row is not None


@pytest.mark.chaos
@pytest.mark.parametrize("name", ["broker", "database"])
def test_a_killed_server_comes_back(private_stack: PrivateStack, name: str) -> None:
    servers = private_stack(only={name})
    before = servers.pid(name)

    servers.kill(name)
    _wait_for(lambda: servers.pid(name) not in {0, before})
    servers.start(name)

    assert servers.supervisor.state(name).state in {"STARTING", "RUNNING"}


def _wait_for(condition: Callable[[], bool]) -> None:
    readiness.wait_until(condition, what="The condition", alive=lambda: True)
