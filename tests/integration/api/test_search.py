"""Finding sites and devices: by words, place, kind and state, in pages."""

from typing import Any

import pytest

from tests.integration.api.conftest import Api, eventually
from tests.integration.api.fake_engine import FakeEngine

GRIDS = [
    {"code": "620171", "name": "新区"},
    {"code": "620171001", "name": "柳台街道", "parent": "620171"},
    {"code": "620171002", "name": "河东街道", "parent": "620171"},
    {"code": "620171001001", "name": "云峰社区", "parent": "620171001"},
]


def site(number: int, name: str, **fields: Any) -> dict[str, Any]:
    return {
        "site_id": f"unit-{number}",
        "kind": "fire_unit",
        "name": name,
        "district": "620171",
        "lon": 103.6,
        "lat": 36.4,
    } | fields


def device(device_id: str, profile: str, site_id: str, name: str, **fields: Any) -> dict[str, Any]:
    return {
        "device_id": device_id,
        "profile_id": profile,
        "site_id": site_id,
        "district": "620171",
        "name": name,
    } | fields


REGISTRY = {
    "grids": GRIDS,
    "sites": [
        site(1, "第一中学", grid_code="620171001001", address="纬一路 1 号"),
        site(2, "人民医院", grid_code="620171002"),
        site(3, "Water Works", kind="utility_station"),
    ],
    "devices": [
        device("utd-1", "user-information-transmission-device", "unit-1", "传输装置"),
        device("smoke-1", "smoke-detector", "unit-1", "三楼走廊", gateway_id="utd-1"),
        device("smoke-2", "smoke-detector", "unit-2", "大厅", in_service=False),
        device("truck-1", "truck-terminal", "unit-3", "终端", attributes={"plate": "试A00417"}),
    ],
}


@pytest.fixture
async def city(api: Api) -> Api:
    answer = await api.client("supervisor").post("/registry/import", json=REGISTRY)
    assert answer.status_code == 200, answer.text
    return api


async def found(api: Api, **params: Any) -> dict[str, Any]:
    answer = await api.client("viewer").get("/search", params=params)
    assert answer.status_code == 200, answer.text
    hits: dict[str, Any] = answer.json()
    return hits


async def ids(api: Api, **params: Any) -> list[str]:
    return [hit["id"] for hit in (await found(api, **params))["items"]]


async def test_without_a_question_each_site_stands_before_its_devices(city: Api) -> None:
    hits = await found(city)

    assert [hit["id"] for hit in hits["items"]] == [
        *("unit-1", "smoke-1", "utd-1"),
        *("unit-2", "smoke-2"),
        *("unit-3", "truck-1"),
    ]
    assert (hits["total"], hits["sites"], hits["devices"]) == (7, 3, 4)
    assert hits["items"][0]["domains"] == ["fire"]
    assert hits["items"][0]["devices"] == 2


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param("走廊", ["smoke-1"], id="part of a name"),
        pytest.param("WATER works", ["unit-3", "truck-1"], id="any case, a site with its devices"),
        pytest.param("00417", ["truck-1"], id="a plate"),
        pytest.param("感烟 医院", ["smoke-2"], id="every word: the kind and the site"),
        pytest.param("纬一路 utd", ["utd-1"], id="the address and the id"),
        pytest.param("nothing-like-it", [], id="nothing"),
    ],
)
async def test_words_are_looked_for_in_everything_a_person_would_type(
    city: Api, words: str, expected: list[str]
) -> None:
    assert await ids(city, text=words) == expected


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        pytest.param({"type": "site", "domain": "fire"}, ["unit-1", "unit-2"], id="domain"),
        pytest.param({"kind": "smoke-detector"}, ["smoke-1", "smoke-2"], id="kind"),
        pytest.param({"place": "620171001"}, ["unit-1", "smoke-1", "utd-1"], id="street"),
        pytest.param({"place": "620171", "type": "site"}, ["unit-1", "unit-2", "unit-3"], id="all"),
        pytest.param({"gateway": "utd-1"}, ["smoke-1"], id="gateway"),
        pytest.param({"site": "unit-2", "type": "device"}, ["smoke-2"], id="site"),
        pytest.param({"state": "out_of_service"}, ["smoke-2"], id="out of service"),
    ],
)
async def test_every_filter_narrows_the_list(
    city: Api, filters: dict[str, str], expected: list[str]
) -> None:
    assert await ids(city, **filters) == expected


async def test_kinds_are_counted_whichever_kind_was_asked_for(city: Api) -> None:
    hits = await found(city, type="device", kind="truck-terminal")

    assert hits["total"] == 1
    assert hits["kinds"] == {
        "smoke-detector": 2,
        "user-information-transmission-device": 1,
        "truck-terminal": 1,
    }


async def test_pages_follow_each_other_without_overlap(city: Api) -> None:
    pages = [await ids(city, limit=3, offset=offset) for offset in (0, 3, 6, 9)]

    assert [len(page) for page in pages] == [3, 3, 1, 0]
    assert [one for page in pages for one in page] == await ids(city)


async def test_open_alerts_and_silence_show_on_the_device_and_its_site(
    city: Api, engine: FakeEngine
) -> None:
    await engine.raise_alert("a-1", device_id="smoke-1", site_id="unit-1", priority="high")
    await engine.raise_alert("a-2", device_id="truck-1", site_id="unit-3", priority="low")
    await engine.raise_alert("a-3", device_id="smoke-2", site_id="unit-2", state="shelved")
    await engine.raise_alert(
        "a-4", device_id="utd-1", site_id="unit-1", kind="offline", priority="medium"
    )

    async def all_known() -> bool:
        return (await found(city))["with_alerts"] == 5

    await eventually(all_known)

    assert await ids(city, state="alert", type="site") == ["unit-1", "unit-3"]
    assert await ids(city, state="high") == ["unit-1", "smoke-1"]
    assert await ids(city, state="offline") == ["unit-1", "smoke-1", "utd-1"]
    assert (await ids(city, order="urgency"))[:3] == ["unit-1", "smoke-1", "utd-1"]
    unit = (await found(city, text="unit-1", type="site"))["items"][0]
    assert (unit["worst"], unit["alerts"], unit["offline"]) == ("high", 2, 2)


async def test_the_grid_adds_up_what_is_in_each_cell(city: Api, engine: FakeEngine) -> None:
    await engine.raise_alert("a-1", device_id="smoke-1", site_id="unit-1", priority="high")

    async def places() -> dict[str, Any] | None:
        items = (await city.client("viewer").get("/places")).json()["items"]
        by_code = {place["code"]: place for place in items}
        return by_code if by_code["620171"]["alerts"] else None

    by_code = await eventually(places)

    assert {code: place["level"] for code, place in by_code.items()} == {
        "620171": 1,
        "620171001": 2,
        "620171002": 2,
        "620171001001": 3,
    }
    district, street, other = (by_code[code] for code in ("620171", "620171001", "620171002"))
    assert (district["sites"], district["devices"], district["worst"]) == (3, 4, "high")
    assert (street["sites"], street["devices"], street["alerts"]) == (1, 2, 1)
    assert (other["sites"], other["worst"]) == (1, None)


@pytest.mark.parametrize(
    "params",
    [
        {"state": "purple"},
        {"place": "62017"},
        {"limit": 1001},
        {"offset": -1},
        {"text": "x" * 101},
    ],
    ids=str,
)
async def test_questions_that_make_no_sense_are_refused(city: Api, params: dict[str, Any]) -> None:
    assert (await city.client("viewer").get("/search", params=params)).status_code == 422


async def test_nobody_searches_without_signing_in(api: Api) -> None:
    for path in ("/search", "/places"):
        assert (await api.client(None).get(path)).status_code == 401
