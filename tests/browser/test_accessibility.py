"""What a machine can tell of WCAG 2.2 AA, in both themes: no violation on the officer's pages."""

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import City, sign_in
from tests.browser.test_deeds import SHELVED
from tests.browser.test_desk import DESKS, line
from tests.integration.api.conftest import Api
from tests.integration.api.fake_engine import AT, FakeEngine

AXE = Path(__file__).parents[2] / "console" / "node_modules" / "axe-core" / "axe.min.js"
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SIGNED = {
    "handover_id": "h-1",
    "desk_id": "duty_room",
    "from_officers": ["officer"],
    "by": "officer",
    "to": "supervisor",
    "text": "泵房检修",
    "begun_at": AT,
    "contents": {"overdue": ["a-1"], "windows": [], "shelves": []},
    "incoming": [],
    "signed_at": AT,
    "added": [],
}

pytestmark = [
    pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed (npm ci in console/)."),
    pytest.mark.parametrize("theme", ["dark", "light"]),
]


async def violations(page: Page) -> list[str]:
    """Run axe in the page; the page's own policy forbids it scripts from elsewhere."""
    await page.evaluate(AXE.read_text())
    found: dict[str, Any] = await page.evaluate(
        "levels => axe.run(document, {runOnly: {type: 'tag', values: levels}})", LEVELS
    )
    return [
        f"{one['id']}: {one['help']} at {[node['target'] for node in one['nodes'][:4]]}"
        for one in found["violations"]
    ]


@pytest.fixture(autouse=True)
async def board(page: Page, engine: FakeEngine, theme: str) -> None:
    """Show one alert of every look."""
    await page.add_init_script(f"localStorage.setItem('yiwang-theme', '{theme}')")
    engine.says |= {
        "desks": DESKS,
        "handovers": {"handovers": [SIGNED]},
        "notices": {"waiting": [], "receipts": []},
    }
    await engine.raise_alert("a-1", life_safety=True, late=True)
    await engine.raise_alert("a-2", priority="high", drill=True, hidden=3, value=57.7, limit=50.0)
    await engine.raise_alert("a-3", priority="medium", state="acknowledged", acknowledged_by="li")
    await engine.raise_alert("a-4", priority="low", assigned_to="wang", **SHELVED)
    await engine.raise_alert("a-5", priority="low", kind="offline", chattering=True)


async def test_the_entrance(page: Page, api: Api, city: City) -> None:
    await page.goto(api.url)
    await expect(page.get_by_label("用户名")).to_be_focused()

    assert await violations(page) == []


async def test_the_desk_with_an_open_form_and_its_refusal(page: Page, api: Api, city: City) -> None:
    await sign_in(page, api, "supervisor", at="/desk")
    await line(page, "a-2").click()
    await page.locator(".brief").get_by_role("button", name="搁置").click()
    await page.get_by_role("button", name="提交：搁置").click()
    await expect(page.locator(".deed .answer")).not_to_be_empty()

    assert await violations(page) == []


async def test_the_desk_with_its_shortcuts_open(page: Page, api: Api, city: City) -> None:
    await sign_in(page, api, at="/desk")
    await page.get_by_role("button", name="键盘快捷键").click()
    await expect(page.get_by_role("dialog")).to_be_visible()

    assert await violations(page) == []


async def test_the_desk_on_a_telephone(page: Page, api: Api, city: City) -> None:
    await page.set_viewport_size({"width": 390, "height": 844})
    await sign_in(page, api, at="/desk")
    await line(page, "a-1").click()
    await expect(page.locator(".brief")).to_be_visible()

    assert await violations(page) == []


async def test_the_page_of_an_alert(page: Page, api: Api, city: City) -> None:
    await sign_in(page, api, at="/alerts/a-1")
    await expect(page.locator(".head")).to_be_visible()

    assert await violations(page) == []


async def test_the_hand_over(page: Page, api: Api, city: City) -> None:
    await sign_in(page, api, at="/desk?view=handover")
    await expect(page.locator("details[open] .signatures")).to_be_visible()

    assert await violations(page) == []
