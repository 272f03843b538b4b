import json
from typing import Any

import pytest

from api.alert import Alert, read_alert
from api.city import Links, summarise
from api.health import INGEST, LOST_AFTER_S, judge_program
from api.picture import Heard, Picture, Pulse
from devices.model import Device

NOW_US = 1_777_600_000_000_000
BOTH = Links(broker=True, database=True)


def alert(alert_id: str, seq: int, **fields: Any) -> Alert:
    document = {
        "alert_id": alert_id,
        "seq": seq,
        "kind": "event",
        "priority": "high",
        "state": "unacknowledged",
        "device_id": "d-1",
        "site_id": "s-1",
        "raised_at": "2026-05-01T00:00:00Z",
    }
    return read_alert(json.dumps(document | fields, indent=1).encode())


def pulse(program: str = "ingest", **fields: Any) -> Pulse:
    usual = {"instance": "all", "at": NOW_US // 1000, "state": "running"}
    return Pulse(program=program, **(usual | fields))


def test_a_document_is_passed_on_as_one_line() -> None:
    assert b"\n" not in alert("a", 1).document


def test_older_news_never_replaces_newer() -> None:
    picture = Picture()
    picture.apply(alert("a", 5, state="acknowledged"))
    picture.apply(alert("a", 4))

    assert picture.open_alerts["a"].facts.state == "acknowledged"


def test_a_closed_alert_is_not_opened_by_an_answer_that_comes_late() -> None:
    picture = Picture()
    picture.apply(alert("a", 1))
    picture.apply(alert("a", 2, state="normal"))

    picture.replace([alert("a", 1)], as_of=1)

    assert picture.open_alerts == {}


def test_what_happened_while_the_engine_was_asked_is_kept() -> None:
    picture = Picture()
    picture.apply(alert("gone", 1))
    picture.apply(alert("new", 8))

    picture.replace([alert("open", 3)], as_of=7)

    assert set(picture.open_alerts) == {"open", "new"}


@pytest.mark.parametrize(
    ("offline", "expected"),
    [
        pytest.param({"device_id": "d-1"}, True, id="itself"),
        pytest.param({"device_id": "g-1"}, True, id="its-gateway"),
        pytest.param({"device_id": None, "site_id": "s-1"}, True, id="its-site"),
        pytest.param({"device_id": "d-2"}, False, id="a-neighbour"),
    ],
)
def test_a_device_is_silent_by_itself_with_its_gateway_or_its_site(
    offline: dict[str, str | None], expected: bool
) -> None:
    picture = Picture()
    picture.apply(alert("a", 1, kind="offline", **offline))
    device = Device(
        device_id="d-1",
        profile_id="p",
        site_id="s-1",
        district="620171",
        name="n",
        gateway_id="g-1",
    )

    assert picture.silent().includes(device) is expected


def test_a_device_that_speaks_again_is_not_silent_though_its_alert_is_put_aside() -> None:
    picture = Picture()
    picture.apply(alert("a", 1, kind="offline", state="suppressed", active=True))
    picture.apply(alert("b", 2, kind="offline", state="shelved", active=False, device_id="d-2"))

    assert picture.silent().devices == {"d-1"}


@pytest.mark.parametrize("state", ["shelved", "suppressed", "out_of_service"])
def test_what_is_put_aside_stays_open_and_waits_for_nobody(state: str) -> None:
    picture = Picture()
    picture.apply(alert("told", 1, priority="low", drill=True))
    picture.apply(alert("aside", 2, state=state, folded_under="told"))

    city = summarise(picture, BOTH, now_us=NOW_US)

    assert set(picture.open_alerts) == {"told", "aside"}
    assert city.open_alerts == {"critical": 0, "high": 0, "medium": 0, "low": 1}
    assert (city.unacknowledged, city.held, city.drill, city.folded) == (1, 1, 1, 1)


@pytest.mark.parametrize(
    ("age_s", "state", "expected"),
    [
        pytest.param(0.0, "running", "up", id="fresh"),
        pytest.param(LOST_AFTER_S, "running", "up", id="at-the-limit"),
        pytest.param(LOST_AFTER_S + 0.1, "running", "down", id="just-too-old"),
        pytest.param(0.0, "degraded", "degraded", id="degraded"),
        pytest.param(0.0, "lost", "down", id="its-last-will"),
        pytest.param(0.0, "stopping", "down", id="stopping"),
    ],
)
def test_a_program_is_judged_by_its_heartbeat(age_s: float, state: str, expected: str) -> None:
    heard = Heard(pulse(state=state), NOW_US - int(age_s * 1e6))

    assert judge_program(INGEST, [heard], now_us=NOW_US).state == expected


def test_a_program_is_as_well_as_its_worst_instance() -> None:
    heard = [Heard(pulse(), NOW_US), Heard(pulse(instance="west", state="lost"), NOW_US)]

    health = judge_program(INGEST, heard, now_us=NOW_US)

    assert health.state == "down"
    assert "west" in health.sentence


def test_figures_add_up_over_the_shards() -> None:
    picture = Picture()
    for name, rate, newest in (("east", 10.5, 3000), ("west", 20.0, 1000)):
        beat = pulse(instance=name, rate_per_s=rate, newest_observed_at=NOW_US // 1000 - newest)
        picture.hear(beat, at_us=NOW_US)

    city = summarise(picture, BOTH, now_us=NOW_US)

    assert (city.messages_per_second, city.newest_data_age_s) == (30.5, 1.0)


def test_the_city_counts_fire_units_and_the_devices_whose_silence_matters() -> None:
    picture = Picture()
    units = {"fire_units_total": 107, "fire_units_online": 100, "fire_units_unheard": 5}
    devices = {"devices_watched": 30, "devices_online": 20, "devices_unheard": 10}
    others = {"devices_total": 31, "sites_total": 185, "sites_online": 180, "sites_unheard": 5}
    picture.hear(pulse("alerts", **units, **devices, **others), at_us=NOW_US)

    city = summarise(picture, BOTH, now_us=NOW_US)

    assert (city.units_total, city.units_online, city.units_unheard) == (107, 100, 5)
    assert (city.devices_total, city.devices_online, city.devices_unheard) == (30, 20, 10)


@pytest.mark.parametrize(
    ("links", "age_us"),
    [
        pytest.param(BOTH, 10_000_000, id="the-heartbeat-is-old"),
        pytest.param(Links(broker=False, database=True), 0, id="the-broker-is-away"),
    ],
)
def test_a_figure_whose_source_is_silent_is_unknown(links: Links, age_us: int) -> None:
    picture = Picture()
    picture.hear(pulse(rate_per_s=10.5), at_us=NOW_US - age_us)
    picture.hear(pulse("alerts", fire_units_total=107), at_us=NOW_US - age_us)

    city = summarise(picture, links, now_us=NOW_US)

    assert (city.messages_per_second, city.units_total, city.newest_data_age_s) == (None,) * 3
