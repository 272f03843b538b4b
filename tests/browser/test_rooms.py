"""Shifts, data quality, reports and the system in the browser."""

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import City, sign_in
from tests.browser.test_accessibility import AXE, violations
from tests.integration.api.conftest import Api
from tests.integration.api.documents import CHECK, HANDOVER, PEOPLE, WINDOW_SHOWN
from tests.integration.api.fake_engine import FakeEngine

SCOPE: dict[str, list[str]] = {"domains": ["fire"], "districts": [], "sites": [], "grids": []}
STEP = {
    "after_s": 0,
    "to": "on_duty",
    "channels": [],
    "repeat_every_s": 60,
    "until": "acknowledged",
}
DESK = {
    "desk_id": "fire",
    "name_zh": "消防监控中心",
    "name_en": "Fire monitoring centre",
    "scope": SCOPE,
    "members": [],
    "supervisors": ["admin"],
    "at_least": 2,
    "check": None,
    "chains": {"critical": [STEP]},
}


@pytest.fixture
def desks(engine: FakeEngine) -> dict[str, Any]:
    """A desk with an officer on duty and nothing planned."""
    plan: dict[str, Any] = {"shifts": [], "crew": None, "on_duty": ["officer"]}

    engine.says |= {
        "desks": {"desks": [{"desk": DESK, "on_duty": ["officer"], "overdue": []}]},
        "shifts": lambda _asked: plan,
        "handovers": {"handovers": [HANDOVER]},
        "checks": {
            "checks": [CHECK],
            "rate": {"asked": 4, "answered": 3, "unreachable": 1, "rate": 0.75},
        },
        "windows": {"windows": [WINDOW_SHOWN]},
        "people": PEOPLE,
        "put_roster": {"shifts": [], "warnings": ["Sunday night has one officer only."]},
        "start_check": {"check": CHECK | {"closed_at": None}},
    }
    return plan


async def test_a_week_is_planned_over_midnight_and_its_gaps_are_said(
    page: Page, api: Api, city: City, engine: FakeEngine, desks: dict[str, Any]
) -> None:
    await sign_in(page, api, "supervisor", at="/shifts")
    await expect(page.get_by_text("空班")).to_be_visible()

    await page.get_by_role("button", name="编辑本周排班").click()
    await page.get_by_text("按两班倒填充").click()
    await page.get_by_label("白班").select_option(["officer", "supervisor"])
    await page.get_by_label("夜班").select_option(["officer"])
    await page.get_by_role("button", name="填充").click()
    await expect(page.get_by_text("人数不足")).to_be_visible()
    await expect(page.locator("dl dd span", has_text="00:00 –")).to_have_count(1)
    await page.get_by_role("button", name="保存", exact=True).click()

    await expect(page.get_by_text("Sunday night has one officer only.")).to_be_visible()
    (put,) = [each for each in engine.commands() if each["do"] == "put_roster"]
    day, night = put["shifts"][:2]
    assert (len(put["shifts"]), put["desk_id"]) == (14, "fire")
    assert (day["start"][11:16], day["end"][11:16]) == ("00:00", "12:00")
    assert night["start"] == day["end"]
    assert night["end"][:10] > night["start"][:10]
    assert night["officers"] == ["officer"]


async def test_a_duty_check_is_started_and_its_answer_rate_shown(
    page: Page, api: Api, city: City, engine: FakeEngine, desks: dict[str, Any]
) -> None:
    await sign_in(page, api, "supervisor", at="/shifts")

    await expect(page.get_by_text("近 31 天应答率 75.0 %")).to_be_visible()
    await page.get_by_role("button", name="立即查岗").click()
    await expect(page.get_by_text("已发起查岗")).to_be_visible()

    assert [one["minutes"] for one in engine.commands() if one["do"] == "start_check"] == [5]


async def test_an_officer_sees_the_shifts_and_plans_nothing(
    page: Page, api: Api, city: City, desks: dict[str, Any]
) -> None:
    await sign_in(page, api, "officer", at="/shifts")

    await expect(page.get_by_text("交接班记录")).to_be_visible()
    await expect(page.get_by_text("等待接班签字")).to_be_visible()
    await expect(page.get_by_role("button", name="编辑本周排班")).to_have_count(0)
    await expect(page.get_by_role("button", name="立即查岗")).to_have_count(0)


@pytest.fixture
async def torn(database_url: str) -> None:
    """Four unreadable messages of today and the books that hold them."""
    now = datetime.now(UTC)
    async with await psycopg.AsyncConnection.connect(database_url) as conn:
        for number in range(4):
            await conn.execute(
                "INSERT INTO quarantine (received_at, topic, payload, reason, detail, digest)"
                " VALUES (%s, 'yiwang/v1/x', '\\x00', 'not_json', 'torn', %s)",
                (now - timedelta(seconds=number), bytes([number]) * 16),
            )
        await conn.execute(
            "INSERT INTO ledger (hour, device_id, received, stored, duplicate, quarantined)"
            " VALUES (date_trunc('hour', %s::timestamptz), 0, 1200, 1190, 6, 4)",
            (now,),
        )


@pytest.mark.usefixtures("torn")
async def test_the_quality_page_shows_the_books_and_what_was_missed(
    page: Page, api: Api, city: City
) -> None:
    await sign_in(page, api, "viewer", at="/quality")

    tile = page.locator(".tiles li", has_text="未登记")
    await expect(tile).to_contain_text("0.00 %")
    await expect(tile).to_contain_text("未达标")
    sheet = page.locator("article", has_text="数据账")
    await expect(sheet).to_contain_text("1,200")
    await expect(sheet).to_contain_text("账平，差额 0")
    reasons = page.locator("article", has_text="隔离原因")
    await expect(reasons.get_by_role("row", name="not_json")).to_contain_text("4")


async def test_the_system_page_names_a_silent_program_and_shows_no_old_figure(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    await engine.beat("simulators", "city", at=1_777_600_000_000)
    await sign_in(page, api, "viewer", at="/system")

    await expect(page.get_by_role("row", name="模拟器 (city)")).to_contain_text("无心跳")
    await expect(page.get_by_role("row", name="数据接入 (all)")).to_contain_text("运行")
    budget = page.locator("dl div", has_text="可承受停库")
    await expect(budget).to_contain_text("96 小时")

    city.ingest["state"] = "lost"
    row = page.get_by_role("row", name="数据接入 (all)")
    await expect(row).to_contain_text("无心跳", timeout=10_000)
    await expect(budget).to_contain_text("未知")


async def test_why_a_program_is_degraded_is_said_in_chinese_and_in_english_by_the_switch(
    page: Page, api: Api, city: City
) -> None:
    city.ingest |= {"state": "degraded", "detail": "12 messages wait on disk."}
    await sign_in(page, api, "viewer", at="/system")

    row = page.get_by_role("row", name="数据接入 (all)")
    await expect(row).to_contain_text("12 条消息在磁盘上排队，等待入库。")
    await page.get_by_role("link", name="一张图").click()
    await expect(page.get_by_text("数据接入（all）降级运行：12 条消息在磁盘上排队")).to_be_visible()
    await page.get_by_role("button", name="EN", exact=True).click()
    await expect(page.get_by_text("is degraded: 12 messages wait on disk.")).to_be_visible()


async def test_an_administrator_admits_somebody_and_shuts_them_out(
    page: Page, api: Api, city: City
) -> None:
    await sign_in(page, api, "admin", at="/system")

    await page.get_by_text("添加用户").first.click()
    form = page.locator("details form")
    await form.get_by_label("用户名").fill("zhao")
    await form.get_by_label("姓名").fill("赵警官")
    await form.get_by_label("密码").fill("a-long-password")
    await form.get_by_role("button", name="添加用户").click()
    await expect(page.get_by_text("已添加 zhao。")).to_be_visible()
    await page.get_by_role("button", name="zhao: 停用").click()
    await expect(page.get_by_text("已修改 zhao。")).to_be_visible()

    users = (await api.client("admin").get("/users")).json()["items"]
    (zhao,) = [user for user in users if user["username"] == "zhao"]
    assert (zhao["full_name"], zhao["role"], zhao["disabled"]) == ("赵警官", "officer", True)


async def test_a_report_is_looked_at_and_taken_home(page: Page, api: Api, city: City) -> None:
    await sign_in(page, api, "viewer", at="/reports")

    await page.get_by_role("button", name="预览").click()
    frame = page.frame_locator("iframe")
    await expect(frame.locator("h1")).to_contain_text("日提醒", timeout=30_000)
    async with page.expect_download(timeout=30_000) as downloading:
        await page.get_by_role("button", name="下载 XLSX").click()
    download = await downloading.value

    assert download.suggested_filename.endswith(".xlsx")
    assert (await download.path()).read_bytes().startswith(b"PK")


async def test_a_history_is_taken_home_as_csv_and_a_bad_range_is_said(
    page: Page, api: Api, city: City
) -> None:
    await sign_in(page, api, "viewer", at="/reports")
    form = page.locator("article", has_text="历史数据导出")

    async with page.expect_download(timeout=30_000) as downloading:
        await form.get_by_role("button", name="下载 CSV").click()
    text = (await (await downloading.value).path()).read_text(encoding="utf-8-sig")
    await form.get_by_label("到", exact=True).fill("2020-01-01T00:00")
    await form.get_by_role("button", name="下载 CSV").click()

    assert "alert_id" in text.splitlines()[0]
    await expect(form.get_by_role("alert")).to_contain_text("必须早于")


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed (npm ci in console/).")
@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.usefixtures("torn", "desks")
async def test_axe_finds_nothing_wrong_with_the_rooms(
    page: Page, api: Api, city: City, theme: str
) -> None:
    await page.add_init_script(f"localStorage.setItem('yiwang-theme', '{theme}')")
    await sign_in(page, api, "admin", at="/shifts")

    for address, sign in (
        ("/shifts", "等待接班签字"),
        ("/quality", "账平"),
        ("/system", "添加用户"),
        ("/reports", "历史数据导出"),
    ):
        await page.goto(f"{api.url}{address}")
        await expect(page.get_by_text(sign).first).to_be_visible()
        assert await violations(page) == [], address


@pytest.mark.usefixtures("torn", "desks")
async def test_no_room_scrolls_sideways_on_a_phone(page: Page, api: Api, city: City) -> None:
    await sign_in(page, api, "admin", at="/shifts")
    await page.set_viewport_size({"width": 390, "height": 844})

    for address, sign in (
        ("/rules", "报警规则"),
        ("/shifts", "等待接班签字"),
        ("/quality", "账平"),
        ("/system", "添加用户"),
        ("/reports", "历史数据导出"),
    ):
        await page.goto(f"{api.url}{address}")
        await expect(page.get_by_text(sign).first).to_be_visible()
        wide = await page.evaluate("document.querySelector('#content').scrollWidth")
        assert wide <= 390, address
