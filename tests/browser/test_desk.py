"""The queue of a duty officer: what comes, what it says, what it never does."""

import re
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from api.settings import PrepareSettings
from tests.browser.conftest import City, sign_in
from tests.integration.api.conftest import Api, running_api
from tests.integration.api.fake_engine import FakeEngine

WITHIN_3_S = 3000  # milliseconds: what the design promises for a page that is cut off
DESKS: dict[str, Any] = {
    "desks": [
        {
            "desk": {
                "desk_id": "duty_room",
                "name_zh": "总值班室",
                "name_en": "Duty room",
                "chains": {
                    "critical": [
                        {"after_s": 0, "to": "on_duty"},
                        {"after_s": 180, "to": "supervisors", "until": "acknowledged"},
                    ]
                },
            },
            "on_duty": ["officer"],
            "overdue": [],
        }
    ]
}


def queue(page: Page) -> Locator:
    return page.locator("[data-queue]")


async def take_a_seat(page: Page) -> None:
    """Give the queue the focus; its first line is chosen as soon as there is one."""
    await queue(page).focus()
    await expect(queue(page)).to_have_attribute("aria-activedescendant", re.compile("^alert-"))


def line(page: Page, alert_id: str) -> Locator:
    return page.locator(f"#alert-{alert_id}")


async def order(page: Page) -> list[str]:
    """Return the lines from top to bottom."""
    found: list[str] = await page.locator("[data-place]").evaluate_all(
        "all => all.toSorted((a, b) => a.dataset.place - b.dataset.place).map(one => one.id)"
    )
    return found


@pytest.fixture(autouse=True)
def desks(engine: FakeEngine) -> None:
    engine.says |= {"desks": DESKS}


async def test_a_fire_appears_and_the_page_says_whether_it_can_be_heard(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    await sign_in(page, api, at="/desk")
    sound = page.get_by_role("region", name="声音")
    await expect(sound).to_contain_text("声音已关，火警不会响铃")

    await sound.get_by_role("button", name="开启声音").click()
    await expect(sound).to_contain_text("声音已开")
    await engine.raise_alert("a-1", title_zh="三楼烟感火警", life_safety=True)

    await expect(line(page, "a-1")).to_contain_text("三楼烟感火警")
    await expect(line(page, "a-1")).to_contain_text("第一中学")
    await expect(sound).to_contain_text("火警响铃中，直至有人确认")


async def test_a_fire_is_taken_by_keyboard_alone_and_the_bell_falls_silent(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    await sign_in(page, api, at="/desk")
    await page.get_by_role("button", name="开启声音").click()
    await engine.raise_alert("a-1", life_safety=True)
    await expect(line(page, "a-1")).to_be_visible()
    await take_a_seat(page)

    await page.keyboard.press("a")

    await expect(line(page, "a-1")).to_contain_text("officer 已确认")
    await expect(page.get_by_role("region", name="声音")).to_contain_text("声音已开")
    await expect(queue(page)).to_be_focused()


async def test_single_keys_do_nothing_once_they_are_switched_off(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    await engine.raise_alert("a-1")
    await sign_in(page, api, at="/desk")
    await take_a_seat(page)
    await page.keyboard.press("?")
    await page.get_by_role("checkbox", name="单键快捷键").uncheck()
    await page.get_by_role("button", name="关闭", exact=True).click()

    await take_a_seat(page)
    await page.keyboard.press("a")
    await page.keyboard.press("Enter")  # no single letter: goes on working

    await expect(page).to_have_url(re.compile("/alerts/a-1$"))
    assert engine.commands() == []


async def test_the_arrows_move_and_enter_opens_the_alerts_page(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    await engine.raise_alert("a-1", raised_at="2026-05-01T02:00:00Z")
    await engine.raise_alert("a-2", raised_at="2026-05-01T01:00:00Z")
    await sign_in(page, api, at="/desk")
    await take_a_seat(page)
    await expect(queue(page)).to_have_attribute("aria-activedescendant", "alert-a-1")

    await page.keyboard.press("ArrowDown")
    await expect(queue(page)).to_have_attribute("aria-activedescendant", "alert-a-2")
    await page.keyboard.press("Enter")

    await expect(page).to_have_url(re.compile("/alerts/a-2$"))
    await expect(page.locator("#content h1")).to_contain_text("火警")


async def test_critical_comes_before_low_whatever_came_first(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    await engine.raise_alert("a-high", priority="high")
    await engine.raise_alert("a-critical", priority="critical")
    await engine.raise_alert("a-low", priority="low")

    await sign_in(page, api, at="/desk")

    await expect(page.locator("[data-place]")).to_have_count(3)
    assert await order(page) == ["alert-a-critical", "alert-a-high", "alert-a-low"]


async def test_a_line_under_the_finger_stays_there_and_what_is_new_is_announced(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    await engine.raise_alert("a-low", priority="low")
    await sign_in(page, api, at="/desk")
    await line(page, "a-low").hover()
    where = await line(page, "a-low").bounding_box()

    await engine.raise_alert("a-new", priority="critical")

    news = page.locator(".news")
    await expect(news).to_contain_text("有 1 条新告警（其中紧急 1 条）")
    assert await line(page, "a-low").bounding_box() == where
    await news.get_by_role("button", name="立即显示").click()
    await expect(line(page, "a-new")).to_be_visible()
    assert await order(page) == ["alert-a-new", "alert-a-low"]


async def test_what_has_been_announced_comes_in_by_itself_when_nobody_is_at_the_queue(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    await engine.raise_alert("a-low", priority="low")
    await sign_in(page, api, at="/desk")
    await line(page, "a-low").hover()
    await engine.raise_alert("a-new", priority="critical")
    await expect(page.locator(".news")).to_be_visible()

    await expect(line(page, "a-new")).to_be_visible()

    await expect(page.locator(".news")).to_have_count(0)


async def test_a_clock_over_its_target_says_so_in_a_word(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    await engine.raise_alert("a-1")  # known months ago, and the chain climbs after 180 s

    await sign_in(page, api, at="/desk")

    await expect(line(page, "a-1").locator(".clock.loud")).to_contain_text("超时")


async def test_the_filter_stands_in_the_address_and_outlives_a_reload(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    await engine.raise_alert("a-fire")
    await engine.raise_alert("a-lamp", domain="lighting", priority="low", title_zh="路灯不亮")
    await sign_in(page, api, at="/desk")

    await page.get_by_label("领域").select_option("lighting")
    await page.get_by_label("查找").fill("路灯")
    await expect(page.locator("[data-place]")).to_have_count(1)
    await page.reload()

    await expect(page.locator("[data-place]")).to_have_count(1)
    await expect(line(page, "a-lamp")).to_be_visible()
    assert "domain=lighting" in page.url
    await expect(page.locator(".shown-count")).to_have_text("显示 1 / 2 条")


async def test_a_drill_is_marked_so_that_nobody_takes_it_for_a_fire(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    await sign_in(page, api, at="/desk")
    await page.get_by_role("button", name="开启声音").click()

    await engine.raise_alert("a-1", drill=True, life_safety=True)

    await expect(line(page, "a-1").locator(".drill")).to_have_text("【演练】")
    await expect(page.get_by_role("region", name="声音")).to_contain_text("声音已开")


async def test_what_is_folded_is_a_number_on_the_alert_above_it(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    await engine.raise_alert("a-first", hidden=1)
    await engine.raise_alert("a-next", folded_under="a-first")

    await sign_in(page, api, at="/desk")

    await expect(line(page, "a-first")).to_contain_text("另有 1 条归并于此")
    await expect(line(page, "a-next")).to_have_count(0)
    await expect(page.locator(".counts")).to_contain_text("归并 1")


async def test_a_cleared_alert_is_gone(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    await sign_in(page, api, at="/desk")
    await engine.raise_alert("a-1")
    await expect(line(page, "a-1")).to_be_visible()

    await engine.clear("a-1")

    await expect(line(page, "a-1")).to_have_count(0)
    await expect(page.get_by_text("当前没有未结告警。")).to_be_visible()


async def test_text_from_outside_is_shown_never_run(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    attack = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
    await sign_in(page, api, at="/desk")

    await engine.raise_alert("a-1", title_zh=attack, guidance_zh=attack, device_id=attack)
    await line(page, "a-1").click()

    await expect(line(page, "a-1").locator(".title")).to_have_text(attack)
    await expect(page.locator(".brief .title")).to_have_text(attack)
    assert await page.locator(".desk img, .desk script").count() == 0
    assert "owned" not in await page.title()


async def test_after_a_cut_off_nothing_is_missing_and_nobody_has_reloaded(
    page: Page, api: Api, city: City, engine: FakeEngine, settings: PrepareSettings
) -> None:
    await engine.raise_alert("a-before")
    await engine.raise_alert("a-over")
    await sign_in(page, api, at="/desk")
    await expect(page.locator("[data-place]")).to_have_count(2)
    await page.evaluate("window.neverReloaded = true")

    await api.stop()
    await expect(page.get_by_role("alert").filter(has_text="与服务器断开")).to_be_visible(
        timeout=WITHIN_3_S
    )
    await engine.raise_alert("a-meanwhile")
    await engine.clear("a-over")
    async with running_api(settings):
        await expect(line(page, "a-meanwhile")).to_be_visible(timeout=15_000)

        await expect(line(page, "a-before")).to_be_visible()
        await expect(line(page, "a-over")).to_have_count(0)
        await expect(page.get_by_text("与服务器断开")).to_have_count(0)
        assert await page.evaluate("window.neverReloaded")


@pytest.mark.parametrize("width", [1280, 800, 390])
async def test_the_desk_fits_narrower_screens(
    page: Page, api: Api, city: City, engine: FakeEngine, width: int
) -> None:
    await page.set_viewport_size({"width": width, "height": 844})
    await engine.raise_alert("a-1")
    await sign_in(page, api, at="/desk")
    await line(page, "a-1").click()
    await expect(page.get_by_role("button", name="确认接警")).to_be_visible()

    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await page.evaluate(overflow) <= 0


async def test_two_thousand_alerts_are_drawn_as_far_as_they_are_in_sight(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    for number in range(2000):
        await engine.raise_alert(f"a-{number:04}", priority="low")

    await sign_in(page, api, at="/desk")

    await expect(page.locator(".shown-count")).to_contain_text("/ 2000 条")
    await take_a_seat(page)
    await page.keyboard.press("End")
    await expect(queue(page)).to_have_attribute("aria-activedescendant", re.compile("alert-a-"))
    assert await page.locator("[data-place]").count() < 60
