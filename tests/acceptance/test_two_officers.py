"""A thousand alerts, and for each two officers who reach for it in the same instant."""

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import httpx
import pytest

from tests.acceptance.ear import wait_until_known
from tests.fixtures.whole import Whole, now_ms, topic
from tests.integration.alerts.duty_room import Office, Radio

DEVICES = {f"race-{number:04d}" for number in range(1000)}
OFFICERS = ("officer", "supervisor")


class Answer(NamedTuple):
    status: int
    text: str


@pytest.fixture(scope="module")
def board(whole: Whole) -> Iterator[list[str]]:
    """The ids of a thousand unacknowledged fires."""
    office = Office(whole.servers.broker_address("svc-api"))
    field = Radio(whole.servers.broker_address("svc-simulators"))
    whole.register(*DEVICES)
    wait_until_known(whole, office)
    for device_id in DEVICES:
        field.say(topic(device_id, "event"), {"ts": now_ms(), "event": "fire"}, wait=False)
    office.wait_for(lambda: len(raised(office)) == len(DEVICES), within=60)
    yield sorted(raised(office))
    for device_id in DEVICES:
        over = {"ts": now_ms(), "event": "fire", "active": False}
        field.say(topic(device_id, "event"), over, wait=False)
    office.wait_for(lambda: not shown(office), within=60)  # the next test has its own board
    field.close()
    office.close()


def shown(office: Office) -> list[str]:
    return [alert["alert_id"] for alert in office.board() if alert["device_id"] in DEVICES]


def raised(office: Office) -> set[str]:
    return {alert["alert_id"] for alert in office.transitions() if alert["device_id"] in DEVICES}


def test_of_two_officers_in_the_same_instant_exactly_one_wins_a_thousand_times(
    whole: Whole, board: list[str]
) -> None:
    start = threading.Barrier(len(OFFICERS))

    with ThreadPoolExecutor(len(OFFICERS)) as pool:
        races = [pool.submit(take_all, whole, name, board, start) for name in OFFICERS]
        answers = [race.result(timeout=240) for race in races]

    outcomes = Counter(
        tuple(sorted(each.status for each in pair)) for pair in zip(*answers, strict=True)
    )
    assert outcomes == {(201, 409): len(DEVICES)}
    for pair in zip(*answers, strict=True):
        (winner,) = (name for name, each in zip(OFFICERS, pair, strict=True) if each.status == 201)
        (refused,) = (each.text for each in pair if each.status == 409)
        assert f"by {winner}" in refused


def take_all(whole: Whole, name: str, board: list[str], start: threading.Barrier) -> list[Answer]:
    """Reach for one alert after the other, each at the moment the other officer does."""
    token = whole.sign_in(name)
    headers = {"Authorization": f"Bearer {token}"}
    answers = []
    with httpx.Client(base_url=whole.http.base_url, headers=headers, timeout=30) as http:
        for alert_id in board:
            start.wait(30)
            answer = http.post(f"/alerts/{alert_id}/acknowledgement")
            answers.append(Answer(answer.status_code, answer.text))
    return answers
