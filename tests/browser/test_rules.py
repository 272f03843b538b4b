"""Rules in the browser: drafted, tried on history, put in force by somebody else."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import City, sign_in
from tests.browser.test_accessibility import AXE, violations
from tests.integration.alerts.duty_room import now_ms
from tests.integration.api.conftest import Api
from tests.integration.api.documents import DRAFT, RULE
from tests.integration.api.fake_engine import FakeEngine
from tests.integration.api.test_real_engine import Both, both

__all__ = ["both"]

FAULT = "fire-detector-fault"
WITHOUT_DRAFT = RULE | {"draft": None, "rule": RULE["rule"] | {"on_delay_s": 60.0}}


@pytest.fixture
def shown(engine: FakeEngine) -> dict[str, Any]:
    """Show one rule, whatever is asked for; a test may change it while somebody looks."""
    rule: dict[str, Any] = dict(WITHOUT_DRAFT)
    engine.says["rules"] = lambda asked: {"rules": [] if asked["after"] else [rule]}
    engine.says["rule"] = lambda _asked: {"rule": rule, "versions": []}
    engine.says["put_rule"] = {"rule": RULE}
    return rule


async def sign_out(page: Page) -> None:
    await page.get_by_role("button", name="退出").click()
    await page.get_by_label("用户名").wait_for()


async def test_one_supervisor_drafts_and_tries_a_rule_and_another_puts_it_in_force(
    page: Page, both: Both
) -> None:
    fault = {"ts": now_ms(), "event": "fault", "active": True}
    both.room.field.say(both.room.city.topic(both.faulty, "event"), fault)
    await sign_in(page, both.api, "supervisor", at=f"/rules/{FAULT}")

    await page.get_by_role("button", name="起草修改").click()
    await page.get_by_label("责任人").fill("新的维保单位")
    await page.get_by_label("责任人").blur()
    await expect(page.get_by_role("row", name="owner")).to_contain_text("新的维保单位")
    await page.get_by_role("button", name="保存草稿").click()
    await expect(page.get_by_text("已保存为草稿，第 2 版")).to_be_visible()

    await page.get_by_label("天数").fill("1")
    await page.get_by_role("button", name="回放", exact=True).click()
    await expect(page.locator(".outcome")).to_contain_text("值守负荷", timeout=60_000)

    await page.get_by_role("button", name="批准并立即生效").click()
    refusal = page.get_by_role("alert").filter(has_text="须由他人批准")
    await expect(refusal).to_contain_text("第 2 版由 supervisor 起草")

    await sign_out(page)
    await sign_in(page, both.api, "admin", at=f"/rules/{FAULT}")
    await page.get_by_role("button", name="批准并立即生效").click()
    await expect(page.get_by_text("已批准，立即生效。")).to_be_visible()
    await expect(page.locator("dl")).to_contain_text("新的维保单位")

    rule = await both.do("viewer", "GET", f"/rules/{FAULT}")
    assert (rule["version"], rule["author"], rule["approved_by"]) == (2, "supervisor", "admin")
    assert rule["rule"]["owner"] == "新的维保单位"


@pytest.mark.usefixtures("shown")
async def test_the_condition_is_said_in_words_of_the_chosen_language(
    page: Page, api: Api, city: City
) -> None:
    await sign_in(page, api, "viewer", at="/rules/water_low")

    await expect(page.locator(".condition")).to_have_text(
        "压力低于 0.1 MPa（重要）；回升到 0.14 MPa 以上算恢复。"
    )
    await page.get_by_role("button", name="EN").click()
    await expect(page.locator(".condition")).to_contain_text("good again over 0.14 MPa.")
    await expect(page.get_by_role("button", name="Draft a change")).to_have_count(0)


async def test_who_writes_over_somebody_else_is_told_and_loses_nothing(
    page: Page, api: Api, city: City, engine: FakeEngine, shown: dict[str, Any]
) -> None:
    sentence = "Rule water_low is at draft version 5 by li of 2026-05-01 02:03:04 UTC; you saw 3."
    engine.refuses["put_rule"] = ("conflict", sentence)
    await sign_in(page, api, "supervisor", at="/rules/water_low")
    await page.get_by_role("button", name="起草修改").click()
    await page.get_by_label("责任人").fill("我写的")
    await page.get_by_role("button", name="保存草稿").click()

    await expect(page.get_by_role("alert").filter(has_text=sentence)).to_be_visible()
    shown["draft"] = {
        "version": 5,
        "rule": DRAFT,
        "author": "li",
        "written_at": "2026-05-01T02:03:04Z",
    }
    await page.get_by_role("button", name="查看最新版本").click()
    await expect(page.get_by_text("li 于")).to_be_visible()
    await expect(page.get_by_label("责任人")).to_have_value("我写的")
    await expect(page.get_by_role("button", name="保存草稿")).to_be_disabled()

    del engine.refuses["put_rule"]
    await page.get_by_role("button", name="在最新版本上保留我的内容").click()
    await page.get_by_role("button", name="保存草稿").click()
    await expect(page.get_by_text("已保存为草稿")).to_be_visible()
    put = [each for each in engine.commands() if each["do"] == "put_rule"]
    assert [each["expected_version"] for each in put] == [3, 5]
    assert put[-1]["rule"]["owner"] == "我写的"


@pytest.mark.usefixtures("shown")
async def test_what_is_wrong_with_a_rule_stands_at_its_field(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    sentence = "Rule water_low cannot be accepted: Expected `float` >= 0.0 - at `$.on_delay_s`"
    engine.refuses["put_rule"] = ("invalid", sentence)
    await sign_in(page, api, "supervisor", at="/rules/water_low")
    await page.get_by_role("button", name="起草修改").click()
    await page.get_by_label("报警延迟").fill("-5")
    await page.get_by_role("button", name="保存草稿").click()

    field = page.get_by_label("报警延迟")
    await expect(field).to_have_attribute("aria-invalid", "true")
    await expect(field).to_have_accessible_description(
        "规则 water_low 不能接受：`$.on_delay_s` 不能小于 0.0"
    )


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed (npm ci in console/).")
@pytest.mark.parametrize("theme", ["dark", "light"])
async def test_axe_finds_nothing_wrong_with_the_rules(
    page: Page, api: Api, city: City, shown: dict[str, Any], theme: str
) -> None:
    await page.add_init_script(f"localStorage.setItem('yiwang-theme', '{theme}')")
    shown["draft"] = RULE["draft"]
    await sign_in(page, api, "supervisor", at="/rules")
    await expect(page.get_by_role("row", name="消防水压低")).to_be_visible()
    assert await violations(page) == []

    await page.get_by_role("link", name="消防水压低").click()
    await page.get_by_role("button", name="修改草稿").click()
    await expect(page.get_by_label("责任人")).to_be_visible()
    assert await violations(page) == []
