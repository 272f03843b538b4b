"""The live stream: in order, at once, and nothing missing after a break."""

import time

import pytest

from tests.integration.api.conftest import Api
from tests.integration.api.fake_engine import FakeEngine, alert
from tests.integration.api.listening import listening


async def test_alerts_arrive_in_order_with_their_numbers(api: Api, engine: FakeEngine) -> None:
    async with listening(api) as stream:
        await engine.raise_alert("warm-up")
        await stream.next("alert")
        published = [await engine.raise_alert(f"a-{number}") for number in range(3)]
        events = await stream.alerts(3)

    assert [event.data for event in events] == published
    assert [event.id for event in events] == [2, 3, 4]


async def test_an_alert_is_on_the_stream_a_few_milliseconds_after_the_broker_has_it(
    api: Api, engine: FakeEngine
) -> None:
    took = []
    async with listening(api) as stream:
        for number in range(20):
            began = time.perf_counter()
            await engine.raise_alert(f"a-{number}")
            await stream.next("alert")
            took.append(time.perf_counter() - began)

    assert sorted(took)[10] < 0.05  # the publisher's own PUBACK included


async def test_a_client_that_comes_back_gets_what_it_has_missed(
    api: Api, engine: FakeEngine
) -> None:
    async with listening(api) as stream:
        await engine.raise_alert("a-1")
        await stream.next("alert")
        await engine.raise_alert("a-2")
        await engine.clear("a-1")
        await stream.alerts(2)

    async with listening(api, last=1) as stream:
        missed = await stream.alerts(2)

    assert [(event.data["alert_id"], event.id) for event in missed] == [("a-2", 2), ("a-1", 3)]


async def test_a_transition_lost_on_the_way_is_fetched_and_told_in_order(
    api: Api, engine: FakeEngine
) -> None:
    async with listening(api) as stream:
        await engine.raise_alert("a-1")
        await stream.next("alert")
        await engine.move(alert("a-2", 2), publish=False)
        await engine.raise_alert("a-3")
        first, *rest = await stream.alerts(3)

    assert (first.data["alert_id"], first.id) == ("a-3", None), "at once, though out of order"
    assert [(event.data["alert_id"], event.id) for event in rest] == [("a-2", 2), ("a-3", 3)]


async def test_a_lost_last_transition_is_noticed_by_the_engines_heartbeat(
    api: Api, engine: FakeEngine
) -> None:
    async with listening(api) as stream:
        await engine.raise_alert("a-1")
        await stream.next("alert")
        await engine.move(alert("a-2", 2), publish=False)
        await engine.beat()
        event = await stream.next("alert")

    assert (event.data["alert_id"], event.id) == ("a-2", 2)


async def test_who_was_away_too_long_is_told_to_reload(api: Api, engine: FakeEngine) -> None:
    engine.oldest = 50
    engine.journal.append(alert("a-50", 50))

    async with listening(api, last=7) as stream:
        event = await stream.next("reset", "alert")

    assert event.name == "reset"


async def test_a_past_beyond_memory_is_asked_of_the_engine(
    api: Api, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with listening(api) as stream:
        for number in range(1, 6):
            await engine.raise_alert(f"a-{number}")
        await stream.alerts(5)
        monkeypatch.setattr("api.journal.Journal.since", lambda *_: None)

    async with listening(api, last=2) as stream:
        missed = await stream.alerts(3)

    assert [event.id for event in missed] == [3, 4, 5]


async def test_the_city_is_told_each_second_and_says_what_it_does_not_know(
    api: Api, engine: FakeEngine
) -> None:
    await engine.raise_alert("a-1", priority="high")
    async with listening(api) as stream:
        await engine.beat()
        await stream.next("city")
        city = (await stream.next("city")).data

    assert [city[f"units_{each}"] for each in ("total", "online", "unheard")] == [2, 1, 1]
    assert [city[f"devices_{each}"] for each in ("total", "online", "unheard")] == [4, 3, 0]
    assert city["open_alerts"] == {"critical": 0, "high": 1, "medium": 0, "low": 0}
    assert city["messages_per_second"] is None, "no ingester has reported"
    assert city["parts"]["ingest"]["state"] == "down"
    assert city["parts"]["alerts"]["state"] == "up"


async def test_a_disabled_user_stops_hearing(api: Api) -> None:
    async with listening(api) as stream:
        await api.client("admin").patch("/users/viewer", json={"disabled": True})

        with pytest.raises(EOFError):
            await stream.next("alert")


async def test_stopping_the_program_ends_the_streams_at_once(api: Api) -> None:
    async with listening(api) as stream:
        began = time.perf_counter()
        await api.stop()

        with pytest.raises(EOFError):
            await stream.next("alert")
    assert time.perf_counter() - began < 3
