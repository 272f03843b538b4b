"""What a duty room sees, and what it must never be shown."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import City, sign_in
from tests.integration.api.conftest import Api
from tests.integration.api.fake_engine import FakeEngine

WITHIN_3_S = 3000  # milliseconds: what the design promises for a page that is cut off


async def test_a_wrong_password_is_refused_in_words(page: Page, api: Api) -> None:
    await page.goto(api.url)
    await page.get_by_label("用户名").fill("officer")
    await page.get_by_label("密码").fill("guess")
    await page.get_by_label("密码").press("Enter")

    await expect(page.get_by_role("alert")).to_have_text("用户名或密码不正确。")


async def test_the_wall_shows_the_city_in_chinese_and_in_english(
    page: Page, api: Api, city: City
) -> None:
    await sign_in(page, api)

    await expect(page.locator("#tile-units")).to_contain_text("联网单位在线")
    await expect(page.locator("#tile-units .figure")).to_have_text("105/ 107")
    await expect(page.locator("#tile-devices .figure")).to_have_text("2,297/ 2,318")
    await expect(page.locator("#tile-books")).to_contain_text("收支平衡")
    await expect(page.locator("#banner")).to_be_hidden()
    await page.get_by_role("button", name="EN").click()
    await expect(page.locator("#tile-units")).to_contain_text("Units online")
    await expect(page.locator("html")).to_have_attribute("lang", "en")


async def test_an_alert_appears_and_one_press_takes_it(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    await sign_in(page, api)
    await engine.raise_alert("a-1", title_zh="三楼烟感火警")
    alert = page.locator("#alert-a-1")
    await expect(alert).to_contain_text("三楼烟感火警")
    await expect(alert).to_contain_text("立即派员核实。")
    await expect(page.locator(".site.critical")).to_have_count(1)

    await alert.get_by_role("button", name="确认接警").press("Enter")

    await expect(alert).to_contain_text("已由 officer 确认")
    await expect(alert.get_by_role("button")).to_have_count(0)


async def test_who_comes_second_is_told_who_was_first(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    await sign_in(page, api)
    raised = await engine.raise_alert("a-1")
    await expect(page.locator("#alert-a-1")).to_be_visible()
    taken = {"state": "acknowledged", "acknowledged_by": "wang", "seq": 2}
    await engine.move({**raised, **taken}, publish=False)

    # At once, without Playwright's patience: the page will learn of it by itself before long.
    await page.evaluate("document.querySelector('#alert-a-1 button')?.click()")

    await expect(page.locator("#alert-a-1")).to_contain_text(re.compile("wang"))


async def test_a_viewer_cannot_press_what_a_viewer_may_not_do(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    await engine.raise_alert("a-1")

    await sign_in(page, api, "viewer")

    await expect(page.locator("#alert-a-1").get_by_role("button")).to_be_disabled()


async def test_critical_comes_before_low_whatever_came_first(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    await sign_in(page, api)
    await engine.raise_alert("a-high", priority="high")
    await engine.raise_alert("a-critical", priority="critical")
    await engine.raise_alert("a-low", priority="low")

    await expect(page.locator("#alert-list > li")).to_have_count(3)
    ids = await page.locator("#alert-list > li").evaluate_all("all => all.map(one => one.id)")
    assert ids == ["alert-a-critical", "alert-a-high", "alert-a-low"]


async def test_a_cleared_alert_is_gone(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    await sign_in(page, api)
    await engine.raise_alert("a-1")
    await expect(page.locator("#alert-a-1")).to_be_visible()

    await engine.clear("a-1")

    await expect(page.locator("#alert-a-1")).to_have_count(0)
    await expect(page.locator("#no-alerts")).to_have_text("当前没有未结告警。")


async def test_text_from_outside_is_shown_never_run(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    attack = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
    await sign_in(page, api)

    await engine.raise_alert("a-1", title_zh=attack, guidance_zh=attack, device_id=attack)

    await expect(page.locator("#alert-a-1 .title")).to_have_text(attack)
    assert await page.locator("#alert-a-1 img, #alert-a-1 script").count() == 0
    assert "owned" not in await page.title()


async def test_a_page_that_is_cut_off_says_so_within_three_seconds(
    page: Page, api: Api, city: City
) -> None:
    await sign_in(page, api)
    await expect(page.locator("#banner")).to_be_hidden()

    await page.context.set_offline(True)  # new connections fail; the open one goes quiet
    await api.stop()

    await expect(page.locator("#banner-title")).to_have_text("与服务器断开", timeout=WITHIN_3_S)
    await expect(page.locator("body")).to_have_class("cut-off")
    await expect(page.locator("#age-value")).to_have_text("未知")


async def test_a_silent_engine_is_said_large_and_its_figures_are_withdrawn(
    page: Page, api: Api, city: City
) -> None:
    await sign_in(page, api)

    city.alerts["state"] = "lost"

    await expect(page.locator("#banner-title")).to_have_text("告警引擎中断")
    await expect(page.locator("#tile-units .figure")).to_have_text("—")


async def test_old_data_is_said_to_be_old(page: Page, api: Api, city: City) -> None:
    await sign_in(page, api)

    city.data_age_s = 95

    await expect(page.locator("#banner-title")).to_have_text("数据陈旧")
    await expect(page.locator("#banner-detail")).to_contain_text(re.compile("9[5-9] 秒"))


async def test_the_clock_is_shanghais_wherever_the_browser_is(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    await sign_in(page, api)

    await engine.raise_alert("a-1", raised_at="2026-04-30T22:00:00Z")

    await expect(page.locator("#alert-a-1 time")).to_have_text("发生 05/01 06:00:00")


async def test_signing_out_leaves_nothing_on_the_screen(page: Page, api: Api, city: City) -> None:
    await sign_in(page, api)

    await page.get_by_role("button", name="退出").click()

    await expect(page.locator("#wall")).to_be_hidden()
    await expect(page.get_by_label("用户名")).to_be_focused()


@pytest.mark.parametrize("width", [1280, 800, 390])
async def test_the_page_fits_narrower_screens(
    page: Page, api: Api, city: City, engine: FakeEngine, width: int
) -> None:
    await page.set_viewport_size({"width": width, "height": 900})
    await sign_in(page, api)
    await engine.raise_alert("a-1")
    await expect(page.locator("#alert-a-1")).to_be_visible()

    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await page.evaluate(overflow) <= 0


async def test_the_reference_is_drawn_from_our_own_document(page: Page, api: Api) -> None:
    await page.goto(f"{api.url}/docs")

    await expect(page.locator("#reference")).to_contain_text("POST /api/v1/token")
