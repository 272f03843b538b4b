"""Everything a broken or hostile device may send: kept with a reason, and nobody falls over."""

import base64
import json
import re
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from core.broker_password import verifier
from core.settings import BrokerAddress
from stack.folders import ROOT
from tests.acceptance.hostile_cases import CASES, Case
from tests.fixtures.whole import Document, Login, Whole, eventually, now_ms, topic
from tests.integration.alerts.duty_room import Radio

ANYBODY = Login("anybody", "throw-away")
BOOKED = ("stored", "duplicate", "quarantined")
INGEST = "yiwang/v1/system/ingest/all"


class Aftermath(NamedTuple):
    """What was there before it all, and what was found in quarantine afterwards."""

    pids: dict[str, int]
    books: dict[str, int]
    pulse: Document
    reasons: dict[tuple[str, bytes], str]


@pytest.fixture(scope="module")
def field(whole: Whole) -> Iterator[Radio]:
    """A client that may say anything anywhere, as a broken gateway would."""
    access = whole.servers.deployment.instance.access
    with (access / "services.passwd").open("a") as passwords:
        passwords.write(f"{ANYBODY.username}:{verifier(ANYBODY.password)}\n")
    with (access / "services.acl").open("a") as rules:
        rules.write(f"\nuser {ANYBODY.username}\ntopic readwrite #\n")
    whole.register("hostile-gateway", profile="user-information-transmission-device")
    whole.register("hostile-1", "hostile-good")
    whole.register("hostile-behind", gateway_id="hostile-gateway")
    whole.register("hostile-truck", profile="truck-terminal")
    whole.issue("hostile-1")  # whoever is issued a credential has the files written anew
    eventually(lambda: whole.admitted(ANYBODY), within=10)
    ports = whole.servers.deployment.ports
    radio = Radio(BrokerAddress(host="127.0.0.1", port=ports.mqtt, **ANYBODY._asdict()))
    yield radio
    radio.close()


@pytest.fixture(scope="module")
def aftermath(whole: Whole, field: Radio) -> Aftermath:
    """Send it all, and wait until every message is in the books."""
    field.listen(INGEST)
    field.wait_for(lambda: INGEST in field.retained)
    pids, books, before = whole.pids(), whole.ledger(), pulse(field)
    for case in CASES.values():
        field.say(case.topic, case.payload, wait=False)
    eventually(lambda: booked_since(whole, books) >= len(CASES))
    kept = [whole.get(f"/quarantine/{line['id']}") for line in whole.items("/quarantine")]
    found = {(each["topic"], raw(each)): each["reason"] for each in kept}
    return Aftermath(pids, books, before, found)


def pulse(field: Radio) -> Document:
    """Return what the ingester says of itself."""
    said: Document = json.loads(field.retained[INGEST])
    return said


def raw(quarantined: Document) -> bytes:
    payload: str = quarantined["payload"]
    return base64.b64decode(payload) if quarantined["encoding"] == "base64" else payload.encode()


def booked_since(whole: Whole, books: dict[str, int]) -> int:
    """Count the messages in the books; those in flight are not."""
    now = whole.ledger()
    return now["received"] - now["in_flight"] - books["received"]


def settled(whole: Whole) -> dict[str, int] | None:
    """Return the books, once nothing is in flight by the ingester's last word."""
    books = whole.ledger()
    return books if books["in_flight"] == 0 else None


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_what_cannot_be_read_is_kept_as_it_came_with_a_reason(
    aftermath: Aftermath, case: Case
) -> None:
    assert aftermath.reasons.get((case.topic, case.payload)) == case.reason


def test_every_reason_is_explained_in_the_contract() -> None:
    contract = (ROOT / "docs/mqtt.md").read_text()
    table = contract.partition("## Why a message lies in quarantine")[2]

    assert {case.reason for case in CASES.values()} | {"refused"} <= set(
        re.findall(r"`([a-z0-9_]+)`", table)
    )


def test_the_books_balance_after_all_of_it(whole: Whole, aftermath: Aftermath) -> None:
    books = eventually(lambda: settled(whole))

    assert books["balance"] == books["in_flight"] == 0
    assert books["received"] - aftermath.books["received"] == len(CASES)
    assert books["quarantined"] - aftermath.books["quarantined"] == len(CASES)


def test_the_ingester_itself_counts_the_same(aftermath: Aftermath, field: Radio) -> None:
    def counted(name: str) -> int:
        return int(pulse(field)[name] - aftermath.pulse[name])

    eventually(lambda: counted("received_total") >= len(CASES))
    assert counted("quarantined_total") == counted("received_total") == len(CASES)
    assert pulse(field)["in_flight"] == pulse(field)["spooled"] == 0


def test_nobody_has_fallen_over(whole: Whole, aftermath: Aftermath) -> None:
    ready = whole.get("/ready")

    assert whole.pids() == aftermath.pids
    assert {name: part["state"] for name, part in ready["parts"].items()} == dict.fromkeys(
        ready["parts"], "up"
    )


def test_a_good_message_sent_afterwards_arrives_promptly(
    whole: Whole, aftermath: Aftermath, field: Radio
) -> None:
    field.say(topic("hostile-good"), {"ts": now_ms(), "values": {"temperature_c": 23.5}})

    found = eventually(lambda: whole.get("/devices/hostile-good/latest")["items"], within=5)
    assert [item["value"] for item in found] == [23.5]


def test_a_fire_among_it_all_is_an_alert_at_once(
    whole: Whole, aftermath: Aftermath, field: Radio
) -> None:
    field.say(topic("hostile-good", "event"), {"ts": now_ms(), "event": "fire"})

    found = eventually(lambda: whole.get("/alerts", device_id="hostile-good")["items"], within=5)
    assert [alert["rule_id"] for alert in found] == ["fire-event"]
