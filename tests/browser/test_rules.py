"""Rules in the browser: drafted, tried on history, put in force by somebody else."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from playwright.async_api import Page, expect

from alerts.replay.comparing import Comparison, load_of
from alerts.replay.outcome import Burden, Outcome, counts_of
from core.clock import to_us
from tests.browser.conftest import City, sign_in
from tests.browser.test_accessibility import AXE, violations
from tests.integration.alerts.duty_room import now_ms
from tests.integration.api.conftest import Api
from tests.integration.api.documents import DRAFT, JOB, RULE
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


BEGAN = datetime(2026, 5, 1, tzinfo=UTC)  # 08:00 in Shanghai
TEN_MINUTES = timedelta(minutes=10)


@pytest.fixture
def replayed(engine: FakeEngine, shown: dict[str, Any]) -> None:
    """Answer every replay: a flood of twelve in the second ten minutes becomes three."""
    start_us, end_us = to_us(BEGAN), to_us(BEGAN + timedelta(hours=2))
    before, after = (
        load_of([to_us(BEGAN + TEN_MINUTES) + each for each in range(count)], start_us, end_us)
        for count in (12, 3)
    )
    outcome = Outcome(
        start=BEGAN,
        end=BEGAN + timedelta(hours=2),
        rule_ids=("water_low",),
        read={"readings": 1},
        not_replayed={},
        counts=counts_of(12, 3, Comparison((), (), (), (), 3)),
        rules=(),
        load=Burden(before=before, after=after, others=""),
        added=(),
        removed=(),
        earlier=(),
        later=(),
        notes=(),
    )
    result = msgspec.json.decode(msgspec.json.encode(outcome))
    engine.says |= {"replay": {"job_id": "j-1"}, "job": JOB | {"result": result}}


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


@pytest.mark.usefixtures("replayed")
async def test_a_replay_shows_the_load_of_every_ten_minutes_as_a_chart_and_as_a_table(
    page: Page, api: Api, city: City
) -> None:
    await sign_in(page, api, "supervisor", at="/rules/water_low")
    await page.get_by_role("button", name="回放", exact=True).click()

    part = page.get_by_role("region", name="每 10 分钟报警数", exact=True)
    said = "之前最多 12 条，之后最多 3 条；超过 10 条的时段之前占 8.333 %，之后占 0 %"
    chart = part.get_by_role("img", name=said)
    await expect(chart.locator("canvas")).to_be_visible()
    figures = page.locator("figure", has=page.get_by_role("img", name="最多（条）"))
    await expect(figures.get_by_role("img")).to_have_accessible_name(
        "最多（条）: 之前 12, 之后 3, 目标 10, 达标"
    )

    await part.get_by_role("button", name="以表格显示").click()
    await expect(part.get_by_role("row").nth(1)).to_have_text("05-01 08:10▲ 超过 10 条 12 3")
    await expect(part.get_by_role("row")).to_have_count(2)
    await part.get_by_role("button", name="以图形显示").click()
    await expect(chart).to_be_visible()


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed (npm ci in console/).")
@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.usefixtures("replayed")
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

    await page.get_by_role("button", name="回放", exact=True).click()
    part = page.get_by_role("region", name="每 10 分钟报警数", exact=True)
    await expect(part.get_by_role("img")).to_be_visible()
    assert await violations(page) == []
    await part.get_by_role("button", name="以表格显示").click()
    assert await violations(page) == []
