"""A real browser on a running api; without Chromium these tests say so and are skipped."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from bench.browsers import ARGUMENTS, CHROMIUM
from tests.integration.api.conftest import (
    PASSWORDS,
    Api,
    access_dir,
    api,
    cheap_start,
    engine,
    settings,
)
from tests.integration.api.fake_engine import FakeEngine

__all__ = ["access_dir", "api", "cheap_start", "engine", "settings"]

# Chromium draws in software here, beside a broker and a database on two cores: what a person would
# wait for is waited for, and a browser that stalls altogether gets a second chance.
expect.set_options(timeout=20_000)
SECOND_CHANCE = pytest.mark.flaky(reruns=2)
LONGEST_S = 120

_CLOSED_WITHIN_S = 10


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/tests/browser/" in str(item.path):
            item.add_marker(SECOND_CHANCE)
            item.add_marker(pytest.mark.timeout(LONGEST_S))


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"There is no {CHROMIUM}.")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, headless=True, args=ARGUMENTS
        )
        yield browser
        await browser.close()


@asynccontextmanager
async def watched_page(browser: Browser, **how: Any) -> AsyncIterator[Page]:
    """Open a page of its own; a script error in it fails the test."""
    context = await browser.new_context(**how)
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    yield page
    closing = asyncio.ensure_future(context.close())
    await asyncio.wait([closing], timeout=_CLOSED_WITHIN_S)  # it ends with its browser, if not now
    refused_or_away = ("Failed to load resource", "net::ERR_", "Refused to apply style")
    assert [text for text in complaints if not any(part in text for part in refused_or_away)] == []


@pytest.fixture
def served(request: pytest.FixtureRequest) -> None:
    """Start the api a test asks for before its pages: an api with open pages takes long to end."""
    for name in {"api", "both"}.intersection(request.fixturenames):
        request.getfixturevalue(name)


@pytest.fixture
async def page(browser: Browser, served: None) -> AsyncIterator[Page]:
    """A page as wide as the wall, far from China."""
    how = {"viewport": {"width": 1920, "height": 1080}, "timezone_id": "America/New_York"}
    async with watched_page(browser, **how) as page:
        yield page


@pytest.fixture
async def other_page(browser: Browser, served: None) -> AsyncIterator[Page]:
    """The screen of somebody else, signed in apart."""
    async with watched_page(browser, viewport={"width": 1440, "height": 900}) as page:
        yield page


class City:
    """A city of two units whose engine and ingester beat each second; its figures can be set."""

    def __init__(self, engine: FakeEngine) -> None:
        self.engine = engine
        self.data_age_s = 0.7
        self.alerts: dict[str, Any] = {
            "devices_watched": 2318,
            "devices_online": 2297,
            "devices_unheard": 0,
            "fire_units_total": 107,
            "fire_units_online": 105,
            "fire_units_unheard": 0,
        }
        self.ingest: dict[str, Any] = {
            "rate_per_s": 418.2,
            "in_flight": 0,
            "spooled": 0,
            "oldest_uncommitted_s": 0.3,
            "spool_hours_left": 96.0,
            "database": "up",
        }

    async def beat(self) -> None:
        newest = {"newest_observed_at": int((time.time() - self.data_age_s) * 1000)}
        await self.engine.beat(**self.alerts, **newest)
        await self.engine.beat("ingest", "all", **self.ingest, **newest)

    @asynccontextmanager
    async def beating(self) -> AsyncIterator[None]:
        over = asyncio.Event()

        async def beat_until_over() -> None:
            while not over.is_set():
                await self.beat()
                with suppress(TimeoutError):
                    await asyncio.wait_for(over.wait(), 1)

        # Not cancelled: a publication that ends in the same instant would swallow that.
        task = asyncio.create_task(beat_until_over())
        try:
            yield
        finally:
            over.set()
            await task


@pytest.fixture
async def city(api: Api, engine: FakeEngine) -> AsyncIterator[City]:
    sites = [
        {
            "site_id": f"unit-{number}",
            "kind": "fire_unit",
            "name": name,
            "district": "620171",
            "lon": 103.6 + number / 50,
            "lat": 36.45 + number / 90,
        }
        for number, name in enumerate(("第一中学", "人民医院"), start=1)
    ]
    answer = await api.client("supervisor").post("/registry/import", json={"sites": sites})
    assert answer.status_code == 200, answer.text
    city = City(engine)
    async with city.beating():
        yield city


async def sign_in(page: Page, api: Api, username: str = "officer", at: str = "/") -> None:
    """Sign in at an address of the page and wait until its live line is there."""
    await enter(page, api, username, at=at)
    await expect(page.locator(".shell header .age output")).not_to_have_text("未知")


async def enter(page: Page, api: Api, username: str, *, at: str) -> None:
    """Sign in, whether or not any device data arrives."""
    await page.goto(f"{api.url}{at}")
    await page.get_by_label("用户名").fill(username)
    await page.get_by_label("密码").fill(PASSWORDS[username])
    await page.get_by_role("button", name="登录", exact=True).click()
    await page.locator("#content").wait_for()
