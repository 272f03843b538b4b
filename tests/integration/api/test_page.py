"""How the page itself is served."""

import httpx
import pytest

from tests.integration.api.conftest import Api


async def _get(api: Api, path: str) -> httpx.Response:
    async with httpx.AsyncClient(base_url=api.url) as client:
        return await client.get(path)


@pytest.mark.parametrize("room", ["/", "/wall", "/alerts/01JD8-fire", "/devices/lamp-1"])
async def test_every_room_of_the_page_is_an_address_of_its_own(api: Api, room: str) -> None:
    answer = await _get(api, room)

    assert answer.status_code == 200
    assert '<div id="console">' in answer.text
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("path", ["/api/v1/nowhere", "/assets/nothing", "/nothing.js"])
async def test_what_is_no_room_is_not_found(api: Api, path: str) -> None:
    assert (await _get(api, path)).status_code == 404


async def test_files_named_after_their_content_are_kept_for_ever(api: Api) -> None:
    page = (await _get(api, "/wall")).text
    script = page.partition('src="')[2].partition('"')[0]

    answer = await _get(api, script)

    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]


async def test_nothing_on_the_page_comes_from_elsewhere(api: Api) -> None:
    policy = (await _get(api, "/wall")).headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "http" not in policy
    assert "unsafe" not in policy
