"""A night at the desk, on the whole system: a real detector, a real engine, two browsers."""

import asyncio
from collections.abc import Iterator
from itertools import count

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import SECOND_CHANCE, browser, other_page, page, served
from tests.fixtures.whole import BUILDING, Login, Whole, eventually, now_ms, topic

__all__ = ["browser", "other_page", "page", "served"]

pytestmark = SECOND_CHANCE

WITHIN_5_S = 5000  # milliseconds: until a fire is at the desk, and until a cut line is said
PATIENTLY = 30_000  # milliseconds: programs start again

_NUMBERS = count(1)


@pytest.fixture
def detector(whole: Whole) -> Iterator[Login]:
    """A detector and a building for each test alone; its fire ends with the test."""
    device_id = f"desk-{next(_NUMBERS)}"
    whole.put(f"/sites/{device_id}", BUILDING | {"site_id": device_id})
    whole.register(device_id, site_id=device_id)
    login = whole.issue(device_id)
    eventually(lambda: whole.admitted(login), within=10)
    yield login
    say(whole, login, active=False)


def say(whole: Whole, login: Login, *, active: bool) -> None:
    """Let the detector report the beginning or the end of a fire."""
    event = {"ts": now_ms(), "event": "fire", "active": active}
    said = whole.publish(login, topic(login.username, "event"), event)
    assert said.returncode == 0, said.stderr


async def sit_down(page: Page, whole: Whole, role: str, at: str) -> None:
    """Sign one of the demo's people in at an address."""
    deployment = whole.servers.deployment
    await page.goto(f"{deployment.api_url}{at}")
    await page.get_by_label("用户名").fill(role)
    await page.get_by_label("密码").fill(deployment.passwords[f"demo-{role}"])
    await page.get_by_role("button", name="登录", exact=True).click()
    await page.locator("#content").wait_for()


def line_of(page: Page, login: Login) -> Locator:
    """Return the detector's line in the queue."""
    return page.locator("[data-queue] [data-place]").filter(has_text=login.username)


async def test_a_fire_is_at_both_desks_and_of_two_officers_one_has_it(
    page: Page, other_page: Page, whole: Whole, detector: Login
) -> None:
    await sit_down(page, whole, "officer", "/desk")
    await sit_down(other_page, whole, "supervisor", "/desk")

    await asyncio.to_thread(say, whole, detector, active=True)

    for screen in (page, other_page):
        await expect(line_of(screen, detector)).to_be_visible(timeout=WITHIN_5_S)
        await line_of(screen, detector).click()
        await expect(screen.get_by_role("button", name="确认接警")).to_be_visible()
    press = "document.querySelector('.brief .buttons button').click()"
    await asyncio.gather(page.evaluate(press), other_page.evaluate(press))

    taken_by = await _winner(whole, detector)
    loser = other_page if taken_by == "officer" else page
    refusal = loser.locator(".brief .refused")
    await expect(refusal).to_contain_text(f"已由 {taken_by} 于")
    for screen in (page, other_page):
        await expect(line_of(screen, detector)).to_contain_text(f"{taken_by} 已确认")


async def test_the_wall_goes_to_emergency_and_the_alerts_page_tells_the_story(
    page: Page, other_page: Page, whole: Whole, detector: Login
) -> None:
    await sit_down(page, whole, "officer", "/wall?mode=emergency")
    await asyncio.to_thread(say, whole, detector, active=True)
    alert_id = await asyncio.to_thread(_open_fire, whole, detector)
    await expect(page.locator(f"#danger-{alert_id}")).to_be_visible(timeout=WITHIN_5_S)

    await sit_down(other_page, whole, "officer", f"/alerts/{alert_id}")

    await expect(other_page.get_by_text(detector.username).first).to_be_visible()
    await expect(other_page.get_by_role("button", name="确认接警")).to_be_visible()


async def test_a_desk_that_is_cut_off_says_so_and_catches_up_without_a_reload(
    page: Page, whole: Whole, detector: Login
) -> None:
    await sit_down(page, whole, "officer", "/desk")
    await page.evaluate("window.neverReloaded = true")
    await asyncio.to_thread(whole.servers.stop, "api")
    try:
        cut_off = page.get_by_role("alert").filter(has_text="与服务器断开")
        await expect(cut_off).to_be_visible(timeout=WITHIN_5_S)
        await asyncio.to_thread(say, whole, detector, active=True)
    finally:
        await asyncio.to_thread(whole.servers.start, "api")

    await expect(line_of(page, detector)).to_be_visible(timeout=PATIENTLY)
    await expect(page.get_by_text("与服务器断开")).to_have_count(0)
    assert await page.evaluate("window.neverReloaded")


def _open_fire(whole: Whole, detector: Login) -> str:
    def found() -> str | None:
        for alert in whole.items("/alerts"):
            if alert["device_id"] == detector.username and alert["life_safety"]:
                return str(alert["alert_id"])
        return None

    return eventually(found, within=10)


async def _winner(whole: Whole, detector: Login) -> str:
    def taken_by() -> str | None:
        alert_id = _open_fire(whole, detector)
        name: str | None = whole.get(f"/alerts/{alert_id}")["acknowledged_by"]
        return name

    return await asyncio.to_thread(lambda: eventually(taken_by, within=10))
