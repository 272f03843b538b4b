"""The live map: its ground, its lamps and trucks, what is near a fire, and today by yesterday."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pydantic import SecretStr

from api import preparing
from api.settings import PrepareSettings
from tests.integration.api.conftest import Api, eventually, running_api
from tests.integration.api.fake_engine import FakeEngine

MINUTE = timedelta(minutes=1)
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[103.6, 36.4], [103.7, 36.4], [103.7, 36.5], [103.6, 36.5], [103.6, 36.4]]],
}
GRIDS: list[dict[str, Any]] = [{"code": "620171", "name": "新区", "geometry": SQUARE}]
SITES: list[dict[str, Any]] = [
    {"site_id": "unit-1", "kind": "fire_unit", "name": "第一中学", "lon": 103.650, "lat": 36.470},
    {"site_id": "unit-2", "kind": "fire_unit", "name": "人民医院", "lon": 103.651, "lat": 36.470},
    {"site_id": "unit-3", "kind": "fire_unit", "name": "远方工厂", "lon": 103.690, "lat": 36.490},
    {"site_id": "light-1", "kind": "lighting_cabinet", "name": "柜", "lon": 103.64, "lat": 36.46},
    {"site_id": "firm-1", "kind": "haulage_firm", "name": "运输公司", "lon": 103.6, "lat": 36.4},
]
DEVICES: list[dict[str, Any]] = [
    {"device_id": "lamp-1", "profile_id": "lamp-controller", "site_id": "light-1", "lon": 103.641},
    {"device_id": "lamp-2", "profile_id": "lamp-controller", "site_id": "light-1"},
    {"device_id": "truck-1", "profile_id": "truck-terminal", "site_id": "firm-1"},
    {"device_id": "truck-2", "profile_id": "truck-terminal", "site_id": "firm-1"},
    {"device_id": "hydrant-2", "profile_id": "hydrant-pressure", "site_id": "unit-2"},
    {"device_id": "hydrant-3", "profile_id": "hydrant-pressure", "site_id": "unit-3"},
]


def whole(thing: dict[str, Any]) -> dict[str, Any]:
    """Return a site or a device with the fields that are the same for all of them."""
    place = {"lat": 36.461} if "lon" in thing and "profile_id" in thing else {}
    return {"district": "620171", "name": thing.get("device_id", ""), **place} | thing


@pytest.fixture
async def numbers(api: Api) -> dict[str, int]:
    """Register a small city; return the numbers of its devices."""
    sites = [whole(site) | {"grid_code": "620171"} for site in SITES]
    body = {"grids": GRIDS, "sites": sites, "devices": [whole(device) for device in DEVICES]}
    answer = await api.client("supervisor").post("/registry/import", json=body)
    assert answer.status_code == 200, answer.text
    items = (await api.client("viewer").get("/devices")).json()["items"]
    return {item["device_id"]: item["number"] for item in items}


async def execute(url: str, statement: str, *rows: tuple[Any, ...]) -> None:
    async with await psycopg.AsyncConnection.connect(url) as conn, conn.cursor() as cursor:
        await cursor.executemany(statement, rows)  # type: ignore[arg-type]


async def report(url: str, number: int, metric: str, value: float, at: datetime) -> None:
    await execute(
        url,
        "INSERT INTO latest_values SELECT %s, number, %s, %s, %s, 0 FROM metrics WHERE name = %s",
        (number, at, at, value, metric),
    )


async def drive(url: str, number: int, lon: float, at: datetime) -> None:
    await execute(
        url,
        """INSERT INTO latest_positions (device_id, observed_at, received_at, lon, lat,
                                         speed_kmh, direction_deg, quality)
           VALUES (%s, %s, %s, %s, 36.45, 40, 90, 0)
               ON CONFLICT (device_id) DO UPDATE
              SET lon = excluded.lon, observed_at = excluded.observed_at,
                  received_at = excluded.received_at""",
        (number, at, at, lon),
    )


async def get(api: Api, path: str, **params: Any) -> Any:
    answer = await api.client("viewer").get(path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_nobody_sees_the_map_without_signing_in(api: Api) -> None:
    for path in ("/map", "/map/ground", "/map/sites", "/map/lamps", "/map/vehicles", "/today"):
        assert (await api.client(None).get(path)).status_code == 401


async def test_the_map_knows_how_far_the_city_reaches(api: Api, numbers: dict[str, int]) -> None:
    shown = await get(api, "/map")

    assert shown == {
        "tiles_url": None,
        "attribution": "",
        "bounds": [103.6, 36.4, 103.69, 36.49],
    }


async def test_the_ground_is_sent_once_and_again_when_the_registry_has_changed(
    api: Api, numbers: dict[str, int]
) -> None:
    client = api.client("viewer")
    first = await client.get("/map/ground")
    tag = {"If-None-Match": first.headers["ETag"]}

    assert (await client.get("/map/ground", headers=tag)).status_code == 304
    (cell,) = first.json()["features"]
    assert cell["properties"] == {"layer": "grid", "code": "620171", "level": 1, "name": "新区"}

    area = whole(SITES[0]) | {"geometry": SQUARE}
    await api.client("supervisor").put("/sites/unit-1", json=area)
    layers = [one["properties"]["layer"] for one in (await get(api, "/map/ground"))["features"]]
    assert layers == ["grid", "area"]


async def test_sites_come_with_their_grid_cell(api: Api, numbers: dict[str, int]) -> None:
    sites = {site["site_id"]: site for site in (await get(api, "/map/sites"))["sites"]}

    assert sites["unit-1"] == {
        "site_id": "unit-1",
        "name": "第一中学",
        "kind": "fire_unit",
        "lon": 103.65,
        "lat": 36.47,
        "grid_code": "620171",
    }


async def test_a_lamp_that_says_nothing_is_unknown_and_the_other_is_not(
    api: Api, numbers: dict[str, int], database_url: str
) -> None:
    await report(database_url, numbers["lamp-1"], "lamp_on", 1, datetime.now(UTC))

    lamps = await get(api, "/map/lamps")

    assert lamps["device_id"] == ["lamp-1", "lamp-2"]
    assert lamps["state"][0] in {"lit", "day_burning"}  # by the sun over the site just now
    assert lamps["state"][1] == "unknown"
    assert (lamps["lon"], lamps["lat"]) == ([103.641, 103.64], [36.461, 36.46])


async def test_a_page_that_says_since_when_hears_only_of_what_moved(
    api: Api, numbers: dict[str, int], database_url: str
) -> None:
    now = datetime.now(UTC)
    await drive(database_url, numbers["truck-1"], 103.61, now - 10 * MINUTE)
    await drive(database_url, numbers["truck-2"], 103.62, now)

    everyone = await get(api, "/map/vehicles")
    moved = await get(api, "/map/vehicles", since=(now - MINUTE).isoformat())

    states = {one["device_id"]: one["state"] for one in everyone["vehicles"]}
    assert states == {"truck-1": "unknown", "truck-2": "empty"}  # ten minutes without a word
    assert [one["device_id"] for one in moved["vehicles"]] == ["truck-2"]
    assert moved["vehicles"][0]["direction_deg"] == 90


async def test_the_database_is_asked_once_for_all_who_look_within_a_second(
    api: Api, numbers: dict[str, int], database_url: str
) -> None:
    await drive(database_url, numbers["truck-1"], 103.61, datetime.now(UTC))
    first = await get(api, "/map/vehicles")
    await drive(database_url, numbers["truck-1"], 103.69, datetime.now(UTC))
    second = await get(api, "/map/vehicles")

    assert second["at"] == first["at"]
    assert second["vehicles"][0]["lon"] == 103.61

    async def moved() -> bool:
        found: float = (await get(api, "/map/vehicles"))["vehicles"][0]["lon"]
        return found == 103.69

    await eventually(moved, within=5)


async def test_around_a_fire_the_nearest_units_and_waters_come_first(
    api: Api, numbers: dict[str, int], database_url: str
) -> None:
    await report(database_url, numbers["hydrant-2"], "pressure_mpa", 0.09, datetime.now(UTC))

    around = await get(api, "/map/around/unit-1")

    assert [unit["site_id"] for unit in around["units"]] == ["unit-2", "unit-3"]
    assert around["units"][0]["distance_m"] == pytest.approx(89, abs=2)
    near, far = around["water"]
    assert (near["device_id"], near["site_name"]) == ("hydrant-2", "人民医院")
    assert (near["lon"], near["lat"]) == (103.651, 36.470)
    assert (near["water"]["state"], near["water"]["value"], near["water"]["low"]) == (
        "low",
        0.09,
        0.14,
    )
    assert far["water"] is None or far["water"]["state"] == "unknown"
    assert (await api.client("viewer").get("/map/around/nowhere")).status_code == 404


async def test_today_stands_beside_yesterday(api: Api, numbers: dict[str, int]) -> None:
    today = await get(api, "/today")

    figures = {one["figure"]: (one["today"], one["yesterday"]) for one in today["figures"]}
    assert figures["alerts"] == (0, 0)
    assert figures["trips"] == (0, 0)
    assert figures["acknowledge_s"] == (None, None)
    assert set(figures) == {
        *("alerts", "acknowledge_s", "online_rate", "pass_rate"),
        *("trips", "violations", "lighting_rate"),
    }
    assert 24 <= len(today["hours"]) <= 48
    assert today["hours"][0]["at"].endswith("T16:00:00Z")  # midnight in Shanghai


async def test_tiles_and_streets_are_there_only_if_somebody_has_set_them(
    settings: PrepareSettings, engine: FakeEngine, tmp_path: Path
) -> None:
    street = {"type": "LineString", "coordinates": [[103.6, 36.4], [103.7, 36.5]]}
    features = [
        {"type": "Feature", "properties": {"layer": layer}, "geometry": street}
        for layer in ("street", "device")
    ]
    file = tmp_path / "city.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    tiles = {"tiles_url": "https://tiles.example/{z}/{x}/{y}.png", "tiles_attribution": "© City"}
    told = settings.model_copy(update={**tiles, "map_file": file})
    await preparing.prepare(told)

    async with running_api(told) as api:
        shown = await get(api, "/map")
        ground = await get(api, "/map/ground")
        policy = (await api.client(None).get("/health")).headers["Content-Security-Policy"]

    assert (shown["tiles_url"], shown["attribution"]) == tuple(tiles.values())
    assert [one["properties"]["layer"] for one in ground["features"]] == ["street"]
    assert "connect-src 'self' https://tiles.example;" in policy
    assert "img-src 'self' https://tiles.example data:;" in policy


async def test_without_tiles_the_page_may_fetch_from_nowhere_else(api: Api) -> None:
    policy = (await api.client(None).get("/health")).headers["Content-Security-Policy"]

    assert "http" not in policy


@pytest.mark.parametrize("address", ["https://a.example/;script-src *", "ftp://a", "x'unsafe'"])
def test_a_tile_address_cannot_open_the_policy(settings: PrepareSettings, address: str) -> None:
    whole_settings = settings.model_dump() | {"tiles_url": address}

    with pytest.raises(ValueError, match="tiles_url"):
        PrepareSettings(**whole_settings)


async def test_a_map_file_that_is_none_costs_only_the_streets(
    settings: PrepareSettings, engine: FakeEngine, tmp_path: Path
) -> None:
    file = tmp_path / "broken.geojson"
    file.write_text('{"features": [{"properties": null}]}')
    told = settings.model_copy(update={"map_file": file, "secret_key": SecretStr("k" * 40)})
    await preparing.prepare(told)

    async with running_api(told) as api:
        assert (await get(api, "/map/ground"))["features"] == []
