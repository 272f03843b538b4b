"""From a fire in the field to a message at a provider, with the engine killed in between."""

import secrets
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.fixtures.databases import RoleUrl
from tests.fixtures.servers import Servers
from tests.integration.alerts.duty_room import Document, DutyRoom, duty_room, eventually
from tests.integration.alerts.providers import Provider, running


@pytest.fixture
def provider() -> Iterator[Provider]:
    with running() as server:
        yield server


@pytest.fixture
def room(
    broker: Servers, database_url: str, role_url: RoleUrl, tmp_path: Path, provider: Provider
) -> Iterator[DutyRoom]:
    channels = tmp_path / "channels.toml"
    channels.write_text(
        f'[channels.hub]\nurl = "alertmanager+http://{provider.address}/hook"\n'
        '[people.zhao]\nname = "赵"\nchannels = ["hub"]\n'
    )
    channels.chmod(0o600)
    settings = {"ALERTS_CHANNELS_FILE": str(channels)}
    with duty_room(
        broker, database_url, role_url("yiwang_alerts"), tmp_path, **settings
    ) as furnished:
        yield furnished


def seat(room: DutyRoom, *steps: Document) -> None:
    """Let 赵 answer fires, by this chain."""
    desk = {
        "desk_id": "fire",
        "name_zh": "消防",
        "name_en": "Fire",
        "scope": {"domains": ["fire"]},
        "members": ["zhao"],
        "chains": {"critical": steps},
    }
    command = {"do": "put_desk", "request_id": secrets.token_hex(4), "officer": "chen"}
    answer = room.office.ask({**command, "desk": desk})
    assert answer["ok"], answer


def moved(room: DutyRoom, device_id: str, transition: str, *, within: float = 15) -> Document:
    def found() -> list[Document]:
        return [
            each
            for each in room.office.transitions()
            if each["device_id"] == device_id and each["transition"] == transition
        ]

    room.office.wait_for(found, within=within)
    return found()[0]


def test_who_was_told_of_a_fire_and_of_its_end_stands_on_the_board_and_in_the_journal(
    room: DutyRoom, provider: Provider
) -> None:
    (burning,) = room.city.add("burning", profile="smoke-detector")
    room.open()
    seat(room, {"after_s": 0})

    room.fire(burning)
    notified = moved(room, burning, "notified")
    room.acknowledge(notified, "zhao")
    room.fire(burning, active=False)
    eventually(lambda: len(provider.received) == 2)

    assert notified["notified_at"] is not None
    assert [each.document["status"] for each in provider.received] == ["firing", "resolved"]
    question = {"do": "notices", "alert_id": notified["alert_id"], "limit": 10}
    eventually(lambda: len(room.office.ask(question)["receipts"]) == 2)
    receipts = room.office.ask(question)["receipts"]
    assert [each["outcome"] for each in receipts] == ["sent", "sent"]
    assert [each["purpose"] for each in receipts] == ["cleared", "raised"]
    assert provider.address not in str(receipts)


@pytest.mark.chaos
def test_killed_while_the_provider_holds_the_message_it_is_sent_again_under_its_number(
    room: DutyRoom, provider: Provider
) -> None:
    (burning,) = room.city.add("burning", profile="smoke-detector")
    room.open()
    seat(room, {"after_s": 0})
    provider.open.clear()

    room.fire(burning)
    eventually(lambda: len(provider.received) == 1)
    room.engine.kill()
    provider.open.set()
    room.open()

    moved(room, burning, "notified")
    assert len({each.headers["Idempotency-Key"] for each in provider.received}) == 1
    assert len(provider.received) == 2


@pytest.mark.chaos
def test_a_step_that_falls_due_while_the_engine_is_dead_or_alive_is_taken_in_time(
    room: DutyRoom, provider: Provider
) -> None:
    (burning,) = room.city.add("burning", profile="smoke-detector")
    room.open()
    seat(room, {"after_s": 0}, {"after_s": 6, "to": "hub"})

    room.fire(burning)
    moved(room, burning, "notified")
    room.engine.kill()
    room.open()
    awake = time.time()

    escalated = moved(room, burning, "escalated")
    due, taken = when(escalated, "detected_at") + 6, when(escalated, "updated_at")
    assert due <= taken < max(due, awake) + 1
    assert escalated["escalation"] == 1
    eventually(lambda: len(provider.received) == 2)


def when(alert: Document, field: str) -> float:
    return datetime.fromisoformat(alert[field]).timestamp()
