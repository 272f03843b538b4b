"""`make pictures`: what the documents show, taken from the running demo while a fire breaks out.

Not a test: it takes pictures of the city that `make up` has started, in Debian's Chromium.
"""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import httpx
from playwright.async_api import Browser, Page, async_playwright

from bench.browsers import ARGUMENTS, CHROMIUM
from stack.deployment import Deployment
from stack.folders import ROOT, instance
from stack.preparing import running

IMAGES = Path(__file__).parent
SCENARIO = "fire-and-water"

_FIRE_WITHIN_S = 300
_SETTLED_MS = 8000  # the map has drawn, the charts have their data

WIDE = (1920, 1080)
PHONE = (390, 844)


class Picture(NamedTuple):
    """One page as one person sees it."""

    name: str
    address: str
    role: str = "officer"
    size: tuple[int, int] = WIDE
    theme: str = "dark"
    language: str = "zh"
    focus: str = ""  # what has the focus


class Demo(NamedTuple):
    """The running city, asked as its supervisor."""

    deployment: Deployment
    http: httpx.AsyncClient

    async def first_device(self, kind: str) -> str:
        """Return the id of the first device of a kind."""
        params: dict[str, str | int] = {"profile": kind, "limit": 1}
        answer = (await self.http.get("/devices", params=params)).raise_for_status().json()
        return str(answer["items"][0]["device_id"])

    async def fire(self) -> str:
        """Return the id of an open fire alert, as soon as there is one."""
        async with asyncio.timeout(_FIRE_WITHIN_S):
            while True:
                page = (await self.http.get("/alerts", params={"limit": 1000})).json()
                for alert in page["items"]:
                    if alert["life_safety"] and alert["device_id"]:
                        return str(alert["alert_id"])
                await asyncio.sleep(1)


async def main() -> None:
    """Take the quiet pictures, let a fire break out, take the others."""
    IMAGES.mkdir(exist_ok=True)
    deployment = running(instance("demo"))
    auth = ("supervisor", deployment.passwords["demo-supervisor"])
    url = f"{deployment.api_url}/api/v1"
    async with (
        httpx.AsyncClient(base_url=url, auth=auth, timeout=30) as http,
        _browser() as browser,
    ):
        demo = Demo(deployment, http)
        for picture in await _quiet(demo):
            await _take(browser, demo, picture)
        performing = _perform(SCENARIO)
        try:
            for picture in _burning(await demo.fire()):
                await _take(browser, demo, picture)
        finally:
            performing.terminate()
            performing.wait()


async def _quiet(demo: Demo) -> list[Picture]:
    detector = await demo.first_device("smoke-detector")
    truck = await demo.first_device("truck-terminal")
    yesterday = (datetime.now(UTC) - timedelta(hours=16)).date()
    return [
        Picture("wall", "/wall"),
        Picture("wall-en-light", "/wall", theme="light", language="en"),
        Picture("device", f"/devices/{detector}"),
        Picture("track", f"/devices/{truck}"),
        Picture("rules", "/rules/fire-event", role="supervisor"),
        Picture("quality", "/quality", role="supervisor"),
        Picture("system", "/system", role="supervisor"),
        Picture("reports", f"/reports?date={yesterday}", role="supervisor"),
    ]


def _burning(alert_id: str) -> list[Picture]:
    return [
        Picture("desk", "/desk", focus="[data-queue]"),
        Picture("alert", f"/alerts/{alert_id}"),
        Picture("wall-emergency", "/wall?mode=emergency"),
        Picture("desk-phone", "/desk", size=PHONE),
        Picture("alert-phone", f"/alerts/{alert_id}", size=PHONE, theme="light"),
    ]


async def _take(browser: Browser, demo: Demo, picture: Picture) -> None:
    width, height = picture.size
    context = await browser.new_context(viewport={"width": width, "height": height})
    await context.add_init_script(
        f"localStorage.setItem('yiwang-theme', '{picture.theme}');"
        f"localStorage.setItem('yiwang-language', '{picture.language}');"
    )
    page = await context.new_page()
    await _enter(page, demo, picture)
    await page.wait_for_timeout(_SETTLED_MS)
    await page.screenshot(path=IMAGES / f"{picture.name}.png")
    await context.close()
    sys.stdout.write(f"docs/images/{picture.name}.png\n")


async def _enter(page: Page, demo: Demo, picture: Picture) -> None:
    await page.goto(f"{demo.deployment.api_url}{picture.address}")
    await page.locator("input[name=username]").fill(picture.role)
    password = demo.deployment.passwords[f"demo-{picture.role}"]
    await page.locator("input[name=password]").fill(password)
    await page.keyboard.press("Enter")
    await page.locator("#content").wait_for()
    if picture.focus:
        await page.locator(picture.focus).focus()


def _perform(scenario: str) -> "subprocess.Popen[bytes]":
    words = [sys.executable, "-m", "simulators", "city", "--scenario", scenario]
    return subprocess.Popen(words, cwd=ROOT)  # noqa: S603 - our own program


@asynccontextmanager
async def _browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
