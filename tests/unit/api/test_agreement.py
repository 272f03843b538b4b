"""The api and the alert engine never import each other; here both are, and must agree."""

from functools import reduce
from operator import or_
from typing import Any

import msgspec
import pytest

from alerts.board import commands as board
from alerts.board import holding, responding, shelving
from alerts.noise import floods, window, windows
from alerts.notices import commands as notices
from alerts.notices import notice
from alerts.people import checks, desks, handing_over, shifts
from alerts.people import commands as people
from alerts.replay import commands as replay
from alerts.replay import jobs
from alerts.requests import Command, Query
from alerts.rulemaking import commands as rulemaking
from alerts.rulemaking import dossier
from api.routes import desks as desks_shown
from api.routes import handovers as handovers_shown
from api.routes import jobs as jobs_shown
from api.routes import notices as notices_shown
from api.routes import rules as rules_shown
from api.routes import shelving as shelving_shown
from api.routes import windows as windows_shown
from tests.integration.api.orders import DEEDS, ORDERS

PARTS = (board, shelving, responding, windows, floods, people, notices, rulemaking, replay)
KINDS = [
    kind
    for part in PARTS
    for kind in vars(part).values()
    if isinstance(kind, type) and issubclass(kind, Command | Query) and kind not in (Command, Query)
]
ENGINE = msgspec.json.Decoder(reduce(or_, KINDS))
SIGNED = {"request_id": "r-1", "officer": "li"}
QUERIES: list[dict[str, Any]] = [
    {"do": "shelves"},
    {"do": "windows"},
    {"do": "floods"},
    {"do": "rules", "after": "water_low"},
    {"do": "rule", "rule_id": "water_low"},
    {"do": "job", "job_id": "j-1"},
    {"do": "desks"},
    {"do": "shifts", "desk_id": "fire"},
    {"do": "handovers", "desk_id": "fire"},
    {"do": "checks", "desk_id": "fire", "days": 92},
    {"do": "notices", "limit": 1000},
    {"do": "notices", "alert_id": "a-1", "limit": 1},
    {"do": "people"},
    {"do": "open_alerts", "after": ""},
    {"do": "events_since", "seq": 0, "limit": 1000},
]
COMMANDS = [
    *({"do": do, "alert_id": "a-1", **said, **SIGNED} for _, _, said, do, _ in DEEDS),
    *({"do": do, **told, **SIGNED} for _, _, _, do, told, _, _ in ORDERS),
    {"do": "replay_rule", "rule": {"rule_id": "water_low"}, "days": 366, **SIGNED},
]


@pytest.mark.parametrize("request_", [*COMMANDS, *QUERIES], ids=lambda request: request["do"])
def test_whatever_the_api_asks_the_engine_can_read(request_: dict[str, Any]) -> None:
    read = ENGINE.decode(msgspec.json.encode(request_))

    understood = set(read.__struct_fields__) | {"do"}
    assert set(request_) <= understood, "what is not understood would be dropped unseen"


@pytest.mark.parametrize(
    ("shown", "kept"),
    [
        (shelving_shown.Shelf, holding.Shelf),
        (windows_shown.Window, window.Window),
        (desks_shown.Desk, desks.Desk),
        (desks_shown.Step, desks.Step),
        (desks_shown.Shift, shifts.Shift),
        (handovers_shown.HandoverShown, handing_over.Handover),
        (handovers_shown.CheckShown, checks.Check),
        (handovers_shown.AnswerShown, checks.Answer),
        (handovers_shown.RateShown, checks.Rate),
        (notices_shown.Receipt, notice.Receipt),
        (rules_shown.VersionShown, dossier.Version),
        (rules_shown.RetirementShown, dossier.Retirement),
        (jobs_shown.JobShown, jobs.Job),
    ],
    ids=lambda kind: kind.__name__,
)
def test_whatever_the_api_describes_the_engine_says(
    shown: type[msgspec.Struct], kept: type[msgspec.Struct]
) -> None:
    added_by_commands = {"waiting"}

    assert set(shown.__struct_fields__) - added_by_commands <= set(kept.__struct_fields__)
