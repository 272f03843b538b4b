"""A page that was left open while the console was built anew: the next room is the new build's."""

import re
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.async_api import Page, expect

from api import app, console
from tests.browser.conftest import City, sign_in
from tests.integration.api.conftest import Api, app_of_routes

ENTRY = "document.querySelector('script[type=module]').getAttribute('src')"
WRITTEN = (".css", ".html", ".js")


class Builds(NamedTuple):
    """The console as it is, and the same under other names; `served` leads to the one in use."""

    served: Path
    old: Path
    new: Path

    def serve(self, build: Path) -> None:
        """Change from one to the other at once, as a careful release does."""
        link = self.served.with_name("next")
        link.symlink_to(build)
        link.replace(self.served)


@pytest.fixture
def builds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Builds:
    builds = Builds(tmp_path / "served", tmp_path / "old", tmp_path / "new")
    for folder in (builds.old, builds.new):
        shutil.copytree(console.BUILT, folder)
    rename_assets(builds.new)
    builds.serve(builds.old)
    monkeypatch.setattr(console, "BUILT", builds.served)
    monkeypatch.setattr(app, "_app", app_of_routes.__wrapped__)  # not the one other tests share
    return builds


def rename_assets(folder: Path) -> None:
    """Give every file that is named after its content another name, wherever it is named."""
    assets = list((folder / "assets").iterdir())
    names = {asset.name: f"{asset.stem}-anew{asset.suffix}" for asset in assets}
    any_name = re.compile("|".join(map(re.escape, names)))
    for file in folder.rglob("*"):
        if file.suffix in WRITTEN:
            text = file.read_text(encoding="utf-8")
            file.write_text(any_name.sub(lambda found: names[found[0]], text), encoding="utf-8")
    for asset in assets:
        asset.rename(asset.with_name(names[asset.name]))


async def test_the_next_room_is_the_new_builds_without_a_press_of_anything(
    builds: Builds, page: Page, api: Api, city: City
) -> None:
    async with page.expect_event("requestfinished", lambda one: "/DutyWatch" in one.url):
        await sign_in(page, api, at="/reports")
    await expect(page.locator("#content h1")).to_have_text("报表")
    old = await page.evaluate(ENTRY)
    loads: list[str] = []
    page.on("domcontentloaded", lambda loaded: loads.append(loaded.url))

    builds.serve(builds.new)
    await page.get_by_role("link", name="系统").click()

    await expect(page.locator("#content h1")).to_have_text("系统")
    assert await page.evaluate(ENTRY) == old.replace(".js", "-anew.js")
    await page.get_by_role("link", name="数据质量").click()
    await expect(page.locator("#content h1")).to_have_text("数据质量")
    assert loads == [f"{api.url}/system"]
