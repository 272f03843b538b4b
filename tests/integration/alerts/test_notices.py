"""Notices leave the house, for providers on this machine that take, refuse, fail and hang."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.feishu import NotifyFeishu
from apprise.plugins.wecombot import NotifyWeComBot

from alerts.notices.channels import Channel, Channels, Person
from alerts.notices.notice import Result
from alerts.notices.post import Post
from alerts.notices.sending import Sender
from tests.integration.alerts.providers import TAKEN, Provider, running
from tests.unit.alerts.notices.letters import channel, channels_of, notice, post_of
from tests.unit.alerts.people.staffing import Memory, alert, at_us

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")  # apprise looks for it

TOKEN = "0123456789abcdef" * 4


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    with running() as server:
        there = f"http://{server.address}"
        monkeypatch.setattr(NotifyWeComBot, "notify_url", f"{there}/wecom?key={{key}}")
        dingtalk = f"{there}/dingtalk?access_token={{token}}"
        monkeypatch.setattr(NotifyDingTalk, "notify_url", dingtalk)
        monkeypatch.setattr(NotifyFeishu, "notify_url", f"{there}/feishu/{{token}}/")
        yield server


@asynccontextmanager
async def sending(
    channels: Channels, **settings: Any
) -> AsyncIterator[tuple[Sender, asyncio.Queue[Result]]]:
    results: asyncio.Queue[Result] = asyncio.Queue()
    sender = Sender(channels, results.put_nowait, **settings)
    task = asyncio.create_task(sender.send_forever())
    yield sender, results
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def send_one(way: Channel, **changes: Any) -> Result:
    async with sending(channels_of(way)) as (sender, results):
        sender.offer([notice(channel=way.name, **changes)])
        return await asyncio.wait_for(results.get(), 30)


WECOM = channel("room", url=f"wecombot://{TOKEN}")
DINGTALK = channel("room", url=f"dingtalk://secretsecret@{TOKEN}/13800001111")
FEISHU = channel("room", url=f"feishu://{TOKEN}")


@pytest.mark.parametrize(
    ("way", "path", "words"),
    [
        pytest.param(WECOM, "/wecom?key=", lambda told: told["text"]["content"], id="wecom"),
        pytest.param(DINGTALK, "/dingtalk?", lambda told: told["text"]["content"], id="dingtalk"),
        pytest.param(FEISHU, "/feishu/", lambda told: told["content"]["text"], id="feishu"),
    ],
)
async def test_the_robots_get_what_they_understand(
    provider: Provider, way: Channel, path: str, words: Callable[[Any], str]
) -> None:
    result = await send_one(way)

    assert result.sent, result.sentence
    (received,) = provider.received
    assert received.path.startswith(path)
    assert words(received.document) == "告警 n1\n温度过高"


async def test_dingtalk_is_signed_and_calls_the_person(provider: Provider) -> None:
    await send_one(DINGTALK)

    (received,) = provider.received
    assert "sign=" in received.path
    assert received.document["at"]["atMobiles"] == ["13800001111"]


@pytest.mark.parametrize("way", [WECOM, DINGTALK, FEISHU], ids=["wecom", "dingtalk", "feishu"])
async def test_a_no_inside_of_a_200_is_a_no(provider: Provider, way: Channel) -> None:
    provider.answers = [(200, {"errcode": 93000, "code": 19001, "errmsg": f"bad {TOKEN}"})]

    result = await send_one(way)

    assert not result.sent
    assert result.permanent
    assert TOKEN not in result.sentence


async def test_any_webhook_gets_json(provider: Provider) -> None:
    result = await send_one(channel("hook", url=f"json://{provider.address}/hook", form="long"))

    assert result.sent
    (received,) = provider.received
    assert received.document["title"] == "告警 n1"
    assert received.document["message"] == "温度过高"


async def test_alertmanagers_payload_is_posted_as_it_is(provider: Provider) -> None:
    url = f"alertmanager+http://user:pass@{provider.address}/hook"
    channels = channels_of(channel("hub", url=url, form="alertmanager"))
    post = post_of(Memory(), channels)
    post.tell(alert(), ["hub"], step=0, reminder=False, occasion="1", now_us=at_us(0))
    going = post.due(at_us(0))

    async with sending(channels) as (sender, results):
        sender.offer(going)
        result = await asyncio.wait_for(results.get(), 30)

    assert result.sent
    (received,) = provider.received
    assert received.path == "/hook"
    assert received.headers["Authorization"].startswith("Basic ")
    assert received.headers["Idempotency-Key"] == going[0].notice_id
    assert received.document["version"] == "4"
    assert received.document["alerts"][0]["labels"]["alert_id"] == "a1"


@pytest.mark.parametrize(
    ("status", "permanent"), [(500, False), (429, False), (404, True), (401, True)]
)
@pytest.mark.parametrize("scheme", ["json://", "alertmanager+http://"])
async def test_a_refusal_says_whether_trying_again_has_a_point(
    provider: Provider, scheme: str, status: int, permanent: bool
) -> None:
    provider.answers = [(status, {})]
    form: Any = "alertmanager" if scheme.startswith("alertmanager") else "short"

    result = await send_one(
        channel("hook", url=f"{scheme}{provider.address}/x", form=form), body="{}"
    )

    assert not result.sent
    assert result.permanent is permanent
    assert str(status) in result.sentence


async def test_nobody_at_the_other_end_is_worth_another_try() -> None:
    result = await send_one(channel("hook", url="json://127.0.0.1:9/x"))

    assert (result.sent, result.permanent) == (False, False)


async def test_an_address_that_means_nothing_is_not_tried_again() -> None:
    result = await send_one(channel("hook", url="nonsense://secretsecret"))

    assert (result.sent, result.permanent) == (False, True)
    assert "secretsecret" not in result.sentence


async def test_a_provider_that_hangs_holds_nobody_else_up(provider: Provider) -> None:
    provider.open.clear()
    slow = channel("slow", url=f"json://{provider.address}/slow")
    dead = channel("dead", url="json://127.0.0.1:9/x")
    channels = channels_of(slow, dead)

    async with sending(channels, at_once=2, timeout_s=1.0) as (sender, results):
        sender.offer([notice("hangs", channel="slow"), notice("other", channel="dead")])
        first = await asyncio.wait_for(results.get(), 30)
        second = await asyncio.wait_for(results.get(), 30)

    assert first.notice_id == "other"
    assert second.sentence == "No answer within 1 s."
    assert not second.permanent


async def test_failing_first_it_arrives_with_the_same_number_and_a_receipt(
    provider: Provider,
) -> None:
    provider.answers = [(500, {}), (200, {"errcode": -1}), (200, TAKEN)]
    channels = channels_of(WECOM, zhao=Person("赵", ("room",)))
    memory = Memory()
    post = post_of(memory, channels)
    post.tell(alert(), ["zhao"], step=0, reminder=False, occasion="1", now_us=at_us(0))

    told = await _deliver_all(post, memory, channels)

    assert told == ["a1"]
    receipts = memory.said("notice")
    assert [each["outcome"] for each in receipts] == ["again", "again", "sent"]
    assert len({each["notice_id"] for each in receipts}) == 1
    assert len(provider.received) == 3
    assert TOKEN not in json.dumps(receipts)


async def test_killed_between_sending_and_receipt_it_is_sent_twice_under_one_number(
    provider: Provider,
) -> None:
    channels = channels_of(WECOM, zhao=Person("赵", ("room",)))
    memory = Memory()
    post = post_of(memory, channels)
    post.tell(alert(), ["zhao"], step=0, reminder=False, occasion="1", now_us=at_us(0))
    memory.commit()

    async with sending(channels) as (sender, results):
        sender.offer(post.due(at_us(0)))
        lost = await asyncio.wait_for(results.get(), 30)
    survivor = post_of(memory, channels)
    told = await _deliver_all(survivor, memory, channels)

    assert told == ["a1"]
    assert len(provider.received) == 2
    assert memory.said("notice")[0]["notice_id"] == lost.notice_id


async def _deliver_all(post: Post, memory: Memory, channels: Channels) -> list[str]:
    """Turn the clock until everything has its receipt; return who was told for the first time."""
    told: list[str] = []
    seconds = 0
    async with sending(channels) as (sender, results):
        while len(post.outbox):
            going = post.due(at_us(seconds))
            memory.commit()
            sender.offer(going)
            for _ in going:
                result = await asyncio.wait_for(results.get(), 30)
                told += post.settle(result, at_us(seconds))
            seconds += 1
    memory.commit()
    return told


async def test_nothing_of_the_addresses_is_logged(
    provider: Provider, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    provider.answers = [(500, {}), (500, {})]
    caplog.set_level("DEBUG")

    await send_one(WECOM)
    await send_one(channel("hook", url=f"json://user:hunter22@{provider.address}/{TOKEN}"))

    printed = "".join(capfd.readouterr()) + caplog.text
    assert TOKEN not in printed
    assert "hunter22" not in printed
