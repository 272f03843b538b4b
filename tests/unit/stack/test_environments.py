"""Every variable we set is one its program reads, and every one it needs is set."""

import json
from pathlib import Path

import pytest
from pydantic_settings import BaseSettings

from alerts.settings import Settings as AlertsSettings
from api.settings import PrepareSettings
from api.settings import Settings as ApiSettings
from ingest.settings import Settings as IngestSettings
from simulators.settings import Settings as SimulatorsSettings
from stack.addresses import Ports
from stack.deployment import Deployment
from stack.environments import environment
from stack.folders import Instance
from stack.passwords import NAMES
from stack.settings import MigrateSettings

DEPLOYMENT = Deployment(
    Instance("demo", Path("/instance")),
    Ports(mqtt=1883, database=5433, api=8000, ingest_metrics=9101, alerts_metrics=9102),
    {name: f"the-long-password-of-{name}" for name in NAMES},
)

SETTINGS: dict[str, type[BaseSettings]] = {
    "ingest": IngestSettings,
    "alerts": AlertsSettings,
    "api": ApiSettings,
    "prepare": PrepareSettings,
    "simulators": SimulatorsSettings,
    "migrate": MigrateSettings,
}


@pytest.mark.parametrize("program", SETTINGS)
def test_every_variable_we_set_is_read(program: str) -> None:
    settings = SETTINGS[program]
    prefix = settings.model_config["env_prefix"]

    read = {f"{prefix}{name}".upper() for name in settings.model_fields}

    assert set(environment(program, DEPLOYMENT)) <= read


@pytest.mark.parametrize("program", SETTINGS)
def test_a_program_starts_with_what_we_set(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment(program, DEPLOYMENT).items():
        monkeypatch.setenv(name, value)

    SETTINGS[program]()


def test_the_running_api_is_not_told_the_demo_passwords() -> None:
    assert "API_DEMO_USERS" not in environment("api", DEPLOYMENT)
    assert "officer" in json.loads(environment("prepare", DEPLOYMENT)["API_DEMO_USERS"])
