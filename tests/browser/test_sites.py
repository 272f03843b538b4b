"""The rooms of sites and devices: found by a part of a name, shown as known, as text only."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import City, sign_in
from tests.browser.test_accessibility import AXE, violations
from tests.integration.api.conftest import Api
from tests.integration.api.fake_engine import FakeEngine
from tests.integration.api.test_values import execute

START = datetime(2026, 5, 1, 4, tzinfo=UTC)  # noon in Shanghai
MINUTE = timedelta(minutes=1)
HOSTILE = '<img src=x onerror="document.title=1">火'
UNREADABLE = f"The payload is not JSON ({HOSTILE})."
HOUR_OF_MAY = "from=2026-05-01T04:00:00Z&to=2026-05-01T05:00:00Z"


def device(device_id: str, profile: str, name: str, **fields: Any) -> dict[str, Any]:
    return {
        "device_id": device_id,
        "profile_id": profile,
        "site_id": "unit-1",
        "district": "620171",
        "name": name,
    } | fields


DEVICES = [
    device("tank-1", "tank-level", "楼顶水箱 Roof tank", lon=103.6, lat=36.4),
    device("smoke-1", "smoke-detector", "三楼走廊烟感"),
    device("truck-1", "truck-terminal", "渣土车", attributes={"plate": "试A00417"}),
    *(device(f"lamp-{number:04}", "lamp-controller", f"路灯 {number}") for number in range(300)),
]


class Registered:
    """The numbers under which the database keeps what was registered."""

    def __init__(self, database_url: str, devices: dict[str, int], metrics: dict[str, int]) -> None:
        self.url = database_url
        self.devices = devices
        self.metrics = metrics

    async def say(self, device_id: str, metric: str, values: dict[float, float]) -> None:
        """Store readings: minute after START -> value."""
        ids = (self.devices[device_id], self.metrics[metric])
        rows = [
            (START + MINUTE * minute, START + MINUTE * minute, *ids, value, 0)
            for minute, value in values.items()
        ]
        await execute(self.url, "INSERT INTO readings VALUES (%s, %s, %s, %s, %s, %s)", rows)

    async def drive(self, device_id: str, places: dict[float, tuple[float, float]]) -> None:
        """Store positions: minute after START -> longitude and speed."""
        number = self.devices[device_id]
        rows = [
            (START + MINUTE * minute, START, number, lon, 36.45, speed, 90.0, None, 0)
            for minute, (lon, speed) in places.items()
        ]
        await execute(self.url, f"INSERT INTO positions VALUES ({'%s, ' * 8}%s)", rows)  # noqa: S608

    async def signal(self, device_id: str, kind: str, minute: float, *, active: bool) -> None:
        row = (START + MINUTE * minute, START, self.devices[device_id], kind, active, "", 0)
        await execute(self.url, f"INSERT INTO device_events VALUES ({'%s, ' * 6}%s)", [row])  # noqa: S608

    async def put_aside(self, device_id: str, payload: bytes) -> None:
        row = (START, self.devices[device_id], "t/1", payload, "not_json", UNREADABLE, b"digest")
        columns = "received_at, device_id, topic, payload, reason, detail, digest"
        statement = f"INSERT INTO quarantine ({columns}) VALUES ({'%s, ' * 6}%s)"  # noqa: S608
        await execute(self.url, statement, [row])


@pytest.fixture
async def registered(api: Api, city: City, database_url: str) -> Registered:
    """Register devices at the city's first unit."""
    assert city
    supervisor = api.client("supervisor")
    answer = await supervisor.post("/registry/import", json={"devices": DEVICES})
    assert answer.status_code == 200, answer.text
    shown = (await supervisor.get("/devices", params={"limit": 1000})).json()["items"]
    metrics = (await supervisor.get("/metrics-catalogue")).json()["items"]
    return Registered(
        database_url,
        {one["device_id"]: one["number"] for one in shown},
        {one["name"]: one["number"] for one in metrics},
    )


def rows(page: Page) -> Locator:
    return page.get_by_role("region", name="搜索单位和设备").locator("tbody tr")


@pytest.mark.usefixtures("registered")
async def test_a_device_is_found_by_a_part_of_its_name(page: Page, api: Api) -> None:
    await sign_in(page, api, at="/sites")

    await page.get_by_role("searchbox").fill("走廊")

    await expect(rows(page)).to_have_count(1)
    await expect(page).to_have_url(re.compile("text="))
    await page.get_by_role("link", name="三楼走廊烟感").click()
    await expect(page).to_have_url(re.compile("/devices/smoke-1$"))
    await expect(page.locator("#content h1")).to_have_text("三楼走廊烟感")


@pytest.mark.usefixtures("registered")
async def test_many_rows_come_in_pages_and_filters_stand_in_the_address(
    page: Page, api: Api
) -> None:
    await sign_in(page, api, at="/sites?type=device&domain=lighting")

    await expect(page.get_by_text("共 300 项")).to_be_visible()
    await expect(rows(page)).to_have_count(100)
    await page.get_by_role("button", name="下一页").click()
    await expect(page.get_by_text("第 2 / 3 页")).to_be_visible()
    await expect(page.get_by_text("lamp-0100")).to_be_visible()
    await page.get_by_label("领域").select_option(label="渣土运输")
    await expect(rows(page)).to_have_count(1)
    await expect(page).to_have_url(re.compile("domain=truck"))


async def test_an_open_alert_shows_on_the_device_and_its_site(
    page: Page, api: Api, registered: Registered, engine: FakeEngine
) -> None:
    assert registered
    await engine.raise_alert("a-1", device_id="tank-1", site_id="unit-1", priority="high")
    await sign_in(page, api, at="/sites?state=alert")

    await expect(rows(page)).to_have_count(2)
    await expect(rows(page).first).to_contain_text("重要")
    await page.get_by_role("link", name="第一中学").click()
    alerts = page.get_by_role("region", name="未恢复的告警")
    await expect(alerts.get_by_role("link", name="火警")).to_be_visible()


async def test_the_charts_table_shows_the_values_and_the_gap_between_them(
    page: Page, api: Api, registered: Registered
) -> None:
    await registered.say("tank-1", "level_m", {0: 2.5, 1: 2.25, 2: 2.125, 30: 1.5})
    await sign_in(page, api, at=f"/devices/tank-1?metric=level_m&{HOUR_OF_MAY}")

    chart = page.get_by_role("region", name="液位", exact=True)
    await expect(chart).to_contain_text("逐条读数，4 点；2 处缺数")
    await expect(chart.locator("canvas")).to_be_visible()
    await chart.get_by_role("button", name="以表格显示").click()

    await expect(chart.locator("tbody tr")).to_have_count(6)
    texts = [
        re.sub(r"\s+", " ", text) for text in await chart.locator("tbody tr").all_inner_texts()
    ]
    assert [text.split(" ")[1:3] for text in texts[:3]] == [
        ["12:00:00", "2.5"],
        ["12:01:00", "2.25"],
        ["12:02:00", "2.125"],
    ]
    assert "无数据" in texts[3]
    assert "12:30:00" in texts[4]
    export = chart.get_by_role("link", name="导出 CSV")
    address = await export.get_attribute("href") or ""
    assert address.startswith("/api/v1/export/readings?device_id=tank-1&metric=level_m&")


async def test_dragging_across_a_chart_asks_for_that_stretch(
    page: Page, api: Api, registered: Registered
) -> None:
    await registered.say("tank-1", "level_m", dict.fromkeys(range(60), 2.5))
    await sign_in(page, api, at=f"/devices/tank-1?metric=level_m&{HOUR_OF_MAY}")
    chart = page.get_by_role("region", name="液位", exact=True)
    canvas = chart.locator("canvas")
    await expect(chart).to_contain_text("60 点")
    await canvas.scroll_into_view_if_needed()
    box = await canvas.bounding_box()
    assert box

    await page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + 60)
    await page.mouse.down()
    await page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + 60, steps=4)
    await page.mouse.up()

    await expect(chart).to_contain_text(re.compile(r"逐条读数，(1[6-9]|2[0-3]) 点"))


async def test_the_tracks_slider_shows_the_position_at_an_instant(
    page: Page, api: Api, registered: Registered
) -> None:
    way = {minute / 2: (103.6 + minute / 1000, 36.0) for minute in range(10)}
    await registered.drive("truck-1", way | {60: (103.7, 0.0)})
    await registered.signal("truck-1", "lift", 2, active=True)
    await sign_in(page, api, at="/devices/truck-1?day=2026-05-01")
    track = page.get_by_role("region", name="行车轨迹", exact=True)
    where = track.locator(".where")

    await expect(where).to_contain_text("103.70000, 36.45000")
    await expect(track).to_contain_text("11 个定位")
    await track.get_by_role("button", name=re.compile("举升")).click()
    await expect(where).to_contain_text("12:02:00")
    await expect(where).to_contain_text("103.60400, 36.45000 · 定位")
    slider = track.get_by_role("slider", name="时刻")
    await slider.fill(str(12 * 3600 + 30 * 60))
    await expect(where).to_contain_text("此后没有定位")
    await slider.press("Home")
    await expect(where).to_contain_text("当天首次定位之前")
    await track.get_by_role("button", name="下一个定位").click()
    await expect(where).to_contain_text("12:00:00")
    await slider.press("ArrowRight")
    await expect(where).to_contain_text("12:00:30")
    await expect(slider).to_have_attribute("aria-valuetext", re.compile("36 km/h"))


async def test_a_track_can_be_played(page: Page, api: Api, registered: Registered) -> None:
    await registered.drive(
        "truck-1", {minute: (103.6 + minute / 1000, 36.0) for minute in range(9)}
    )
    await sign_in(page, api, at="/devices/truck-1?day=2026-05-01")
    track = page.get_by_role("region", name="行车轨迹", exact=True)
    await track.get_by_role("slider").fill(str(12 * 3600))

    await track.get_by_role("button", name="播放", exact=True).click()

    await expect(track.locator(".where")).to_contain_text("两次定位之间推算")
    await track.get_by_role("button", name="暂停").click()
    stopped = await track.locator(".where").inner_text()
    await expect(track.get_by_role("button", name="播放", exact=True)).to_be_visible()
    assert await track.locator(".where").inner_text() == stopped


async def test_states_over_time_have_a_lane_each_and_a_table(
    page: Page, api: Api, registered: Registered
) -> None:
    await registered.signal("truck-1", "cover_open", 5, active=True)
    await registered.signal("truck-1", "cover_open", 20, active=False)
    await sign_in(page, api, at=f"/devices/truck-1?{HOUR_OF_MAY}")
    lanes = page.get_by_role("region", name="状态时间线")

    await expect(lanes).to_contain_text("顶盖未密闭")
    await lanes.get_by_role("button", name="以表格显示").click()

    await expect(lanes.locator("tbody tr")).to_contain_text("15 分钟")


async def test_an_unreadable_message_is_shown_as_text_and_never_run(
    page: Page, api: Api, registered: Registered
) -> None:
    await registered.put_aside("smoke-1", HOSTILE.encode())
    await sign_in(page, api, at="/devices/smoke-1")
    aside = page.get_by_role("region", name="无法读取的消息")

    await expect(aside).to_contain_text("不是 JSON 对象")
    await expect(aside).to_contain_text(f"消息体不是有效的 JSON：{HOSTILE}")
    await aside.get_by_role("button", name="查看内容").click()
    await expect(aside.locator("pre")).to_have_text(HOSTILE)
    await aside.get_by_role("button", name="十六进制").click()
    await expect(aside.locator("pre")).to_contain_text("000000  3c 69 6d 67")

    assert await aside.locator("img").count() == 0
    assert await page.title() != "1"


async def test_what_a_device_said_last_stands_with_its_delay_and_its_books(
    page: Page, api: Api, registered: Registered, database_url: str
) -> None:
    at = datetime.now(UTC).replace(microsecond=0) - MINUTE
    ids = (registered.devices["tank-1"], registered.metrics["level_m"])
    row = (at, at + timedelta(seconds=1.5), *ids, 2.5, 65)
    await execute(database_url, "INSERT INTO readings VALUES (%s, %s, %s, %s, %s, %s)", [row])
    latest = (*ids, at, at, 2.5, 65)
    await execute(
        database_url, "INSERT INTO latest_values VALUES (%s, %s, %s, %s, %s, %s)", [latest]
    )
    line = (ids[0], at.replace(minute=0, second=0), 10, 7, 2, 1)
    await execute(database_url, "INSERT INTO ledger VALUES (%s, %s, %s, %s, %s, %s)", [line])
    await sign_in(page, api, at="/devices/tank-1")

    newest = page.get_by_role("region", name="最新数值")
    await expect(newest).to_contain_text("存疑：超出合理范围")
    messages = page.get_by_role("region", name="最近的消息").first
    await expect(messages.locator("tbody tr")).to_contain_text("1.500 s")
    local = (at + timedelta(hours=8, seconds=1.5)).strftime("%H:%M:%S.500")
    await expect(messages.locator("tbody tr")).to_contain_text(local)
    books = page.get_by_role("region", name="台账")
    await expect(books).to_contain_text(
        re.compile(r"收到 10\s*=\s*入库 7\s*\+\s*重复 2\s*\+\s*隔离 1")
    )
    await expect(books).to_contain_text("账平")


async def test_a_phone_shows_everything_without_sideways_scrolling(
    page: Page, api: Api, registered: Registered
) -> None:
    await registered.drive("truck-1", {0: (103.6, 36.0), 1: (103.61, 36.0)})
    await page.set_viewport_size({"width": 390, "height": 844})
    await sign_in(page, api, at="/sites")
    addresses = ("/sites", "/sites/unit-1", "/devices/truck-1?day=2026-05-01")

    for address in addresses:
        await page.goto(f"{api.url}{address}")
        await expect(page.locator("#content h1")).to_be_attached()
        wide = await page.evaluate("document.querySelector('#content').scrollWidth")
        assert wide <= 390, address


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed (npm ci in console/).")
@pytest.mark.parametrize("theme", ["dark", "light"])
async def test_axe_finds_nothing_wrong(
    page: Page, api: Api, registered: Registered, engine: FakeEngine, theme: str
) -> None:
    await page.add_init_script(f"localStorage.setItem('yiwang-theme', '{theme}')")
    await engine.raise_alert("a-1", device_id="truck-1", site_id="unit-1", priority="high")
    await registered.drive("truck-1", {0: (103.6, 36.0), 1: (103.61, 36.0)})
    await registered.say("truck-1", "load_state", {0: 0.0, 1: 1.0})
    await registered.signal("truck-1", "lift", 2, active=True)
    await registered.put_aside("truck-1", b"{")
    await sign_in(page, api, at="/sites")
    truck = f"/devices/truck-1?day=2026-05-01&metric=load_state&{HOUR_OF_MAY}"

    for address, sign in (("/sites", "共 "), ("/sites/unit-1", "渣土车"), (truck, "举升")):
        await page.goto(f"{api.url}{address}")
        await expect(page.get_by_text(sign).first).to_be_attached()
        assert await violations(page) == [], address
