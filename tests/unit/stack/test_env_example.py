"""`.env.example` names every variable there is, and none that is gone."""

import re
from collections.abc import Iterator

import pytest
from pydantic import BaseModel

from alerts.settings import Settings as AlertsSettings
from api.settings import PrepareSettings
from grafana.push.settings import Settings as GrafanaSettings
from ingest.settings import Settings as IngestSettings
from simulators.settings import Settings as SimulatorsSettings
from stack.folders import ROOT
from stack.settings import MigrateSettings, PortSettings

PROGRAMS = (
    AlertsSettings,
    GrafanaSettings,
    IngestSettings,
    MigrateSettings,
    PortSettings,
    PrepareSettings,
    SimulatorsSettings,
)
PRINTED = set(re.findall(r"^#([A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))


def _variables(model: type[BaseModel], prefix: str) -> Iterator[str]:
    for name, field in model.model_fields.items():
        if isinstance(field.default, BaseModel):
            yield from _variables(type(field.default), f"{prefix}{name}__")
        else:
            yield f"{prefix}{name}".upper()


@pytest.mark.parametrize("settings", PROGRAMS, ids=lambda settings: settings.__module__)
def test_every_variable_of_a_program_is_named(settings: type[PortSettings]) -> None:
    assert set(_variables(settings, settings.model_config["env_prefix"])) <= PRINTED


def test_every_variable_of_compose_is_named() -> None:
    assert set(re.findall(r"\$\{([A-Z0-9_]+)", (ROOT / "compose.yaml").read_text())) <= PRINTED


def test_no_variable_is_named_that_nothing_reads() -> None:
    read = {
        variable
        for settings in PROGRAMS
        for variable in _variables(settings, settings.model_config["env_prefix"])
    }

    assert PRINTED - read == {"YIWANG_GRAFANA_PORT"}
