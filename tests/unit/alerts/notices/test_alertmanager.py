from typing import Any

import jsonschema
import msgspec
import pytest

from alerts.board.states import Change
from alerts.notices import alertmanager
from alerts.notices.alertmanager import fingerprint, payload
from tests.unit.alerts.people.staffing import alert, cleared, moved

TEXTS = {"type": "object", "additionalProperties": {"type": "string"}}
TIME = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$"}
STATUS = {"enum": ["firing", "resolved"]}
DOCUMENTED: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": [
        "version",
        "groupKey",
        "truncatedAlerts",
        "status",
        "receiver",
        "groupLabels",
        "commonLabels",
        "commonAnnotations",
        "externalURL",
        "alerts",
    ],
    "properties": {
        "version": {"const": "4"},
        "groupKey": {"type": "string"},
        "truncatedAlerts": {"type": "integer"},
        "status": STATUS,
        "receiver": {"type": "string"},
        "groupLabels": TEXTS,
        "commonLabels": TEXTS,
        "commonAnnotations": TEXTS,
        "externalURL": {"type": "string"},
        "alerts": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": [
                    "status",
                    "labels",
                    "annotations",
                    "startsAt",
                    "endsAt",
                    "generatorURL",
                    "fingerprint",
                ],
                "properties": {
                    "status": STATUS,
                    "labels": TEXTS,
                    "annotations": TEXTS,
                    "startsAt": TIME,
                    "endsAt": TIME,
                    "generatorURL": {"type": "string"},
                    "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{16}$"},
                },
            },
        },
    },
}


@pytest.mark.parametrize(
    "resolved", [pytest.param(False, id="firing"), pytest.param(True, id="resolved")]
)
def test_the_payload_is_what_alertmanager_documents(resolved: bool) -> None:
    about = cleared(alert(), 60) if resolved else alert(drill=True)

    text = alertmanager.body(about, "hub", resolved=resolved)

    jsonschema.validate(msgspec.json.decode(text), DOCUMENTED)


def test_firing_has_no_end_and_resolved_has_one() -> None:
    (firing,) = payload(alert(), "hub", resolved=False)["alerts"]
    (resolved,) = payload(cleared(alert(), 60), "hub", resolved=True)["alerts"]

    assert firing["endsAt"] == "0001-01-01T00:00:00Z"
    assert resolved["endsAt"] == "2026-09-21T14:14:20Z"
    assert resolved["startsAt"] == firing["startsAt"] == "2026-09-21T14:13:20Z"


def test_the_fingerprint_stays_the_same_from_firing_to_resolved() -> None:
    seen = [
        payload(each, "hub", resolved=False)["alerts"][0]["fingerprint"]
        for each in (alert(), moved(alert(value=70.0), Change.COMMENTED, 5), cleared(alert(), 60))
    ]

    assert len(set(seen)) == 1


def test_the_fingerprint_is_the_one_of_prometheus() -> None:
    # FNV-1a's offset for no labels at all, as common/model counts
    assert fingerprint({}) == f"{14695981039346656037:016x}"
    assert fingerprint({"a": "b"}) != fingerprint({"ab": ""})


def test_labels_that_are_empty_are_left_out() -> None:
    (told,) = payload(alert(site_id=None), "hub", resolved=False)["alerts"]

    assert "site_id" not in told["labels"]
    assert told["labels"]["severity"] == "critical"
