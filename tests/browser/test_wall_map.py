"""The wall's map: what is drawn, what can be reached without seeing it, and water near a fire."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.async_api import Page, expect

from tests.browser.conftest import City, sign_in
from tests.browser.test_wall import FIRE, desks
from tests.integration.api.conftest import Api
from tests.integration.api.fake_engine import FakeEngine
from tests.integration.api.test_maps import drive, report

__all__ = ["desks"]

IN_THE_MIDDLE = """() => {
  const middles = ['.danger-mark', '.live-map'].map((name) => {
    const { x, y, width, height } = document.querySelector(name)?.getBoundingClientRect() ?? {};
    return [x + width / 2, y + height / 2];
  });
  return Math.hypot(middles[0][0] - middles[1][0], middles[0][1] - middles[1][1]) < 2;
}"""

# Counts what is drawn of the trucks since the map below them was drawn last.
COUNT_PICTURES = """
window.pictures = 0;
for (const name of ['drawElements', 'drawArrays', 'drawArraysInstanced']) {
  const draw = WebGL2RenderingContext.prototype[name];
  WebGL2RenderingContext.prototype[name] = function (...how) {
    window.pictures = this.canvas.className === 'sign-overlay' ? window.pictures + 1 : 0;
    return draw.apply(this, how);
  };
}
"""


async def test_the_map_shows_a_danger_as_a_button_that_says_what_it_is(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    await engine.raise_alert("a-1", **FIRE)
    await sign_in(page, api)
    mark = page.get_by_role("button", name="生命安全告警：三楼烟感火警，第一中学")
    await mark.wait_for(timeout=20_000)  # the map is drawn without a graphics card here

    await mark.press("Enter")

    card = page.get_by_role("region", name="第一中学")
    await expect(card).to_contain_text("未结告警 1 条")
    await expect(card.get_by_role("link", name="单位详情")).to_have_attribute(
        "href", "/sites/unit-1"
    )
    await card.press("Escape")
    await expect(card).to_have_count(0)


async def test_the_map_is_a_list_for_whoever_cannot_see_it(
    page: Page, api: Api, city: City
) -> None:
    await sign_in(page, api)
    await page.get_by_role("button", name="列表").press("Enter")
    await page.get_by_label("按名称查找").fill("人民")

    await page.get_by_role("button", name=re.compile("人民医院")).press("Enter")

    await expect(page.get_by_role("region", name="人民医院")).to_contain_text("没有未结告警")


async def test_water_near_a_danger_is_drawn_and_says_whether_there_is_any(
    page: Page, api: Api, city: City, engine: FakeEngine, database_url: str
) -> None:
    await add_water(api, database_url)
    await engine.raise_alert("a-1", **FIRE)
    await sign_in(page, api, at="/wall?mode=emergency")
    await expect(page.locator("#around")).to_contain_text("0.09 MPa 偏低")

    await page.wait_for_function(IN_THE_MIDDLE)  # opened like this, it has flown there too
    await page.get_by_role("button", name="图层").click()

    layers = page.get_by_role("group", name="图层")
    await expect(layers.get_by_role("checkbox", name="消防水源")).to_be_checked()
    for said in ("正常 1", "偏低 1", "偏高 0", "未知 1"):
        await expect(layers).to_contain_text(f"消防水源 {said}")
    await page.get_by_role("button", name="回到平时").click()
    await expect(layers.get_by_role("checkbox", name="消防水源")).to_have_count(0)


async def add_water(api: Api, database_url: str) -> None:
    """A school whose main is well and whose tank says nothing, and a hydrant nearby that is low."""
    profiles = {"hydrant": "hydrant-pressure", "main": "pipe-pressure", "tank": "tank-level"}
    devices: list[dict[str, Any]] = [
        {"device_id": name, "profile_id": profile, "site_id": "unit-1", "name": name}
        | {"district": "620171"}
        for name, profile in profiles.items()
    ]
    devices[0] |= {"lon": 103.6225, "lat": 36.4628}
    answer = await api.client("supervisor").post("/registry/import", json={"devices": devices})
    assert answer.status_code == 200, answer.text
    items = (await api.client("viewer").get("/devices")).json()["items"]
    numbers = {item["device_id"]: item["number"] for item in items}
    for name, pressure_mpa in (("hydrant", 0.09), ("main", 0.4)):
        now = datetime.now(UTC)
        await report(database_url, numbers[name], "pressure_mpa", pressure_mpa, now)


async def test_while_a_truck_glides_the_map_below_is_not_drawn_again(
    page: Page, api: Api, city: City, database_url: str
) -> None:
    number = await add_truck(api)
    now = datetime.now(UTC)
    await drive(database_url, number, 103.622, now - timedelta(seconds=25))
    await page.add_init_script(COUNT_PICTURES)
    await sign_in(page, api)
    await page.wait_for_function("() => window.pictures > 0")

    await drive(database_url, number, 103.625, now)

    await page.wait_for_function("() => window.pictures > 10")


async def add_truck(api: Api) -> int:
    """Register a truck of the first school; return its number."""
    truck = {"device_id": "truck-1", "profile_id": "truck-terminal", "site_id": "unit-1"}
    body = {"devices": [truck | {"name": "甘A12345", "district": "620171"}]}
    answer = await api.client("supervisor").post("/registry/import", json=body)
    assert answer.status_code == 200, answer.text
    items = (await api.client("viewer").get("/devices")).json()["items"]
    return next(item["number"] for item in items if item["device_id"] == "truck-1")


async def test_a_layer_can_be_switched_off(page: Page, api: Api, city: City) -> None:
    await sign_in(page, api)
    await page.get_by_role("button", name="图层").click()
    lamps = page.get_by_role("checkbox", name="路灯")
    await expect(lamps).to_be_checked()

    await lamps.uncheck()

    await expect(lamps).not_to_be_checked()
