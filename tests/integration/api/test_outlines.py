"""What a map of somebody else's may show of the city without signing in: its outlines."""

import httpx

from tests.integration.api.conftest import Api

GRID = {
    "code": "620171001",
    "parent": None,
    "name": "一街道",
    "geometry": {
        "type": "Polygon",
        "coordinates": [[[103.6, 36.4], [103.7, 36.4], [103.7, 36.5], [103.6, 36.4]]],
    },
}
SITE = {
    "site_id": "unit-1",
    "kind": "fire_unit",
    "name": "不应出现",
    "district": "620171",
    "lon": 103.6,
    "lat": 36.5,
}


async def _ask(api: Api, **headers: str) -> httpx.Response:
    async with httpx.AsyncClient(base_url=api.url) as stranger:
        return await stranger.get("/api/v1/map/outlines.geojson", headers=headers)


async def test_outlines_need_no_sign_in_and_tell_of_nothing_else(api: Api) -> None:
    document = {"grids": [GRID], "sites": [SITE]}
    answer = await api.client("supervisor").post("/registry/import", json=document)
    assert answer.status_code == 200, answer.text

    shown = await _ask(api)

    features = shown.json()["features"]
    assert [one["properties"]["name"] for one in features] == ["一街道"]
    assert "不应出现" not in shown.text
    assert shown.headers["Access-Control-Allow-Origin"] == "*"
    assert shown.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "default-src 'none'" in shown.headers["Content-Security-Policy"]


async def test_outlines_that_have_not_changed_are_not_sent_again(api: Api) -> None:
    tag = (await _ask(api)).headers["ETag"]

    assert (await _ask(api, **{"If-None-Match": tag})).status_code == 304
