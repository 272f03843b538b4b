import json
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

import jsonschema
import msgspec
import pytest

from alerts.board import alert as alerts
from alerts.board.alert import Alert, Hold
from alerts.board.commands import Acknowledge
from alerts.board.responding import HandOver119, Verify
from alerts.board.schema import printed, schema
from alerts.board.shelving import Shelve
from alerts.board.states import Change
from api.alert_shown import AlertShown, Transition
from tests.unit.alerts.board.desk import LIFE, Desk
from tests.unit.alerts.making import FAULT

COPY = Path(__file__).parents[4] / "docs/alert.schema.json"


@pytest.fixture
def published() -> list[dict[str, Any]]:
    desk = Desk()
    desk.bad(FAULT)
    desk.do(Shelve, alert_id=desk.alert_id, minutes=5, reason="在修")
    desk.good(FAULT)
    desk.wait(minutes=5)
    desk.bad(LIFE)
    desk.do(Acknowledge, alert_id=desk.alert_id)
    desk.do(Verify, alert_id=desk.alert_id, verdict="real")
    desk.do(HandOver119, alert_id=desk.alert_id, reference="119-0042")
    desk.good(LIFE)
    return [json.loads(alerts.encode(alert)) for alert in desk.commit()]


def test_the_schema_in_the_documents_is_the_one_of_the_code() -> None:
    assert COPY.read_text(encoding="utf-8") == printed(), (
        "Run: python -m alerts.board.schema > docs/alert.schema.json"
    )


def test_every_member_and_every_part_is_described() -> None:
    found = schema()
    plain = {"title_zh", "title_en"}

    for part in (found, *found["$defs"].values()):
        assert part["description"]
        for name, member in part.get("properties", {}).items():
            assert name in plain or member["description"]


def test_what_is_published_fits_the_schema(published: list[dict[str, Any]]) -> None:
    validator = jsonschema.Draft202012Validator(
        json.loads(COPY.read_text(encoding="utf-8")),
        format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER,
    )

    assert len(published) == 8
    for document in published:
        validator.validate(document)


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"state": "asleep"}, id="a-state-there-is-not"),
        pytest.param({"hold": {"state": "shelved"}}, id="half-a-hold"),
        pytest.param({"seq": "1"}, id="a-number-in-quotes"),
        pytest.param({"priority": None}, id="no-priority"),
    ],
)
def test_the_schema_refuses_what_is_no_alert(
    published: list[dict[str, Any]], wrong: dict[str, Any]
) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(published[0] | wrong, schema())


def test_a_missing_member_is_refused_for_nothing_is_left_out(
    published: list[dict[str, Any]],
) -> None:
    del published[0]["note"]

    with pytest.raises(jsonschema.ValidationError, match="'note' is a required property"):
        jsonschema.validate(published[0], schema())


def test_the_api_describes_the_same_document(published: list[dict[str, Any]]) -> None:
    assert set(AlertShown.__struct_fields__) == set(Alert.__struct_fields__)
    assert set(get_args(Transition)) == set(Change)
    for document in published:
        msgspec.convert(document, AlertShown, strict=False)


def test_a_document_is_read_as_it_was_written() -> None:
    desk = Desk()
    desk.bad(FAULT)
    until = desk.now + timedelta(hours=1)
    hold = Hold("suppressed", "window", "w1", "检修", until, "王芳")
    alert = desk.book.hold(desk.alert_id, hold, desk.now, actor="王芳")

    assert alerts.decode(alerts.encode(alert)) == alert
