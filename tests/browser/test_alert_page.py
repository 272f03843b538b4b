"""The page of one alert, open or over: what an officer needs, and what an inquiry reads."""

import re
from typing import Any

import psycopg
from playwright.async_api import Page, expect

from tests.browser.conftest import City, sign_in
from tests.integration.api.conftest import Api
from tests.integration.api.fake_engine import AT, FakeEngine, alert
from tests.integration.api.projecting import project

RECEIPT: dict[str, Any] = {
    "notice_id": "n-1",
    "purpose": "alert",
    "to": "wang",
    "others": [],
    "channel": "sms-night",
    "language": "zh",
    "subject": "火警",
    "alert_id": "a-1",
    "gathered": 1,
    "step": 0,
    "drill": False,
    "attempt": 2,
    "outcome": "failed",
    "sentence": "The provider refused it: code 310000, keywords not in content.",
    "at_us": 1777600984000000,
}


async def test_an_alert_that_is_long_over_still_has_its_page(
    page: Page, api: Api, city: City, database_url: str
) -> None:
    over = alert("a-old", 7, state="normal", transition="cleared", cleared_at=AT, verdict="false")
    async with await psycopg.AsyncConnection.connect(database_url) as conn:
        await project(conn, over)

    await sign_in(page, api, at="/alerts/a-old")

    await expect(page.locator(".head")).to_contain_text("火警")
    await expect(page.locator(".head")).to_contain_text("第一中学")
    await expect(page.locator(".head")).to_contain_text("误报")
    await expect(page.locator("ol li")).to_have_count(1)
    await expect(page.locator("ol li")).to_contain_text("#7")
    await expect(page.get_by_role("button", name="确认接警")).to_have_count(0)
    await expect(page.get_by_text("python -m alerts evidence a-old")).to_be_visible()


async def test_who_was_told_by_which_way_and_what_became_of_it_stands_there(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    engine.says |= {"notices": {"waiting": [], "receipts": [RECEIPT]}}
    await engine.raise_alert("a-1")

    await sign_in(page, api, at="/alerts/a-1")

    told = page.get_by_role("region", name="通知记录").get_by_role("row").nth(1)
    await expect(told).to_contain_text(re.compile("wang.*sms-night.*未能送达.*第 2 次"))
    await expect(told).to_contain_text("服务商拒绝发送：代码 310000, keywords not in content。")


async def test_what_arrived_late_says_when_it_happened_and_when_it_was_known(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    times = {"raised_at": "2026-04-30T18:14:00Z", "detected_at": "2026-04-30T18:31:00Z"}
    await engine.raise_alert("a-1", late=True, **times)

    await sign_in(page, api, at="/alerts/a-1")

    head = page.locator(".head")
    await expect(head).to_contain_text("05/01 02:14:00")
    await expect(head).to_contain_text("05/01 02:31:00")
    await expect(head).to_contain_text("迟到 17 分钟")


async def test_the_page_follows_what_others_do_and_names_what_else_is_wrong_there(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    await engine.raise_alert("a-2", title_zh="水压低", priority="high")
    await engine.raise_alert("a-1")
    await sign_in(page, api, at="/alerts/a-1")
    await expect(page.get_by_role("region", name="附近情况")).to_contain_text("水压低")
    await expect(page.get_by_text("登记信息中没有联系人。")).to_be_visible()

    answer = await api.client("supervisor").post("/alerts/a-1/comments", json={"text": "已到楼下"})

    assert answer.status_code == 201, answer.text
    timeline = page.get_by_role("region", name="经过")
    await expect(timeline).to_contain_text("已到楼下")
    await expect(timeline).to_contain_text("supervisor")


async def test_an_alert_that_never_was_is_said_not_to_be(page: Page, api: Api, city: City) -> None:
    await sign_in(page, api, at="/alerts/nowhere")

    await expect(page.get_by_text("没有这条告警：nowhere")).to_be_visible()
