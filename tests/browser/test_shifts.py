"""Desks and weekly windows in the browser: what a supervisor decides, the real engine keeps."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import City, enter, sign_in
from tests.browser.test_accessibility import AXE, violations
from tests.browser.test_rooms import desks
from tests.integration.api.conftest import Api
from tests.integration.api.fake_engine import FakeEngine
from tests.integration.api.test_real_engine import Both, both

__all__ = ["both", "desks"]

WEEKLY = {
    "days": [2],
    "from": "02:00",
    "to": "04:00",
    "zone": "Asia/Shanghai",
    "first": "2026-05-01",
    "last": None,
}


async def test_a_supervisor_changes_a_desk_and_the_engine_keeps_it(page: Page, both: Both) -> None:
    await enter(page, both.api, "supervisor", at="/shifts?desk=fire")
    settings = page.locator("article", has=page.get_by_role("heading", name="席位设置"))
    await expect(settings).to_contain_text("没有配置任何通知渠道")
    await settings.get_by_role("button", name="修改本席设置").click()

    await settings.get_by_label("名称（中文）").fill("消防一席")
    await settings.get_by_label("每班至少人数").fill("1")
    members = settings.get_by_role("group", name="成员")
    await members.get_by_label("officer").check()
    supervisors = settings.get_by_role("group", name="值班长")
    await expect(settings).to_contain_text("“紧急”第 2 步通知不到任何人：未指定值班长。")
    await supervisors.get_by_label("admin").check()
    await expect(settings).not_to_contain_text("未指定值班长")
    await settings.get_by_label("每天按计划查岗").check()
    await settings.get_by_label("第 1 次查岗时间").fill("09:30")
    low = settings.get_by_role("region", name="“提示”报警")
    await low.get_by_role("button", name="添加一步").click()
    await low.get_by_label("报警后（分钟）").fill("2.5")
    await low.get_by_label("重复").fill("10")
    await settings.get_by_role("button", name="保存", exact=True).click()
    await expect(settings).to_contain_text("席位设置已保存")

    await page.reload()
    await expect(page.get_by_role("radio", name="消防一席")).to_be_checked()
    await expect(page.get_by_text("计划查岗：每天 09:30")).to_be_visible()
    desk = await both.do("viewer", "GET", "/desks/fire")
    assert (desk["members"], desk["supervisors"]) == (["officer"], ["admin"])
    assert (desk["at_least"], desk["check"]) == (1, {"at": ["09:30"], "minutes": 5})
    assert desk["on_duty"] == ["officer"]
    assert desk["scope"]["domains"] == ["fire"]
    (step,) = desk["chains"]["low"]
    assert (step["after_s"], step["repeat_every_s"], step["to"]) == (150, 600, "on_duty")
    assert [each["after_s"] for each in desk["chains"]["critical"]] == [0, 60, 300]


async def test_a_new_desk_is_made_and_what_is_wrong_with_it_stands_at_its_field(
    page: Page, both: Both
) -> None:
    await enter(page, both.api, "supervisor", at="/shifts")
    await page.get_by_role("button", name="新建值守席").click()
    form = page.locator("article", has=page.get_by_role("heading", name="新值守席"))
    save = form.get_by_role("button", name="保存", exact=True)

    await form.get_by_label("编号（小写字母").fill("City 2")
    await expect(form.get_by_label("编号（小写字母")).to_have_accessible_description(
        "编号只能用小写字母、数字、短横和下划线，最多 64 个。"
    )
    await form.get_by_label("编号（小写字母").fill("city")
    await expect(form.get_by_role("alert").filter(has_text="已被另一值守席使用")).to_be_visible()
    await expect(save).to_be_disabled()
    await form.get_by_label("编号（小写字母").fill("city-2")
    await form.get_by_label("名称（中文）").fill("城管二席")
    await form.get_by_label("名称（英文）").fill("City 2")
    await form.get_by_label("区县编号").fill("620171，620172")
    await form.get_by_label("区县编号").blur()
    await expect(form).to_contain_text("范围中没有登记单位的：620172。")
    critical = form.get_by_role("region", name="“紧急”报警")
    await critical.get_by_label("报警后（分钟）").nth(1).fill("0")
    await expect(critical.get_by_role("alert")).to_have_text("各步的时间必须依次递增。")
    await critical.get_by_label("报警后（分钟）").nth(1).fill("3")

    await form.get_by_label("每班至少人数").fill("0")
    await save.click()
    await expect(form.get_by_label("每班至少人数")).to_have_accessible_description(
        "内容不符合要求：`$.at_least` 不能小于 1。"
    )
    await form.get_by_label("每班至少人数").fill("2")
    await save.click()

    await expect(page.get_by_role("radio", name="城管二席")).to_be_checked()
    desk = await both.do("viewer", "GET", "/desks/city-2")
    assert (desk["at_least"], desk["scope"]["districts"]) == (2, ["620171", "620172"])


async def test_the_last_desk_for_everything_keeps_its_scope(page: Page, both: Both) -> None:
    await enter(page, both.api, "supervisor", at="/shifts?desk=duty_room")
    await page.get_by_role("button", name="修改本席设置").click()

    await page.get_by_role("group", name="负责的领域").get_by_label("消防").check()

    alert = page.get_by_role("alert").filter(has_text="部分报警将无人负责")
    await expect(alert).to_be_visible()
    await expect(page.get_by_role("button", name="保存", exact=True)).to_be_disabled()


async def test_an_officer_changes_no_desk_and_no_window(
    page: Page, api: Api, city: City, desks: dict[str, Any]
) -> None:
    await sign_in(page, api, "officer", at="/shifts")

    await expect(page.get_by_text("等待接班签字")).to_be_visible()
    await expect(page.get_by_role("heading", name="席位设置")).to_have_count(0)
    for name in ("修改本席设置", "新建值守席", "创建"):
        await expect(page.get_by_role("button", name=name, exact=True)).to_have_count(0)
    await expect(page.get_by_text("新建窗口")).to_have_count(0)


async def test_who_changes_a_desk_somebody_else_has_changed_is_told(
    page: Page, api: Api, city: City, engine: FakeEngine, desks: dict[str, Any]
) -> None:
    await sign_in(page, api, "supervisor", at="/shifts")
    await page.get_by_role("button", name="修改本席设置").click()
    await page.get_by_label("名称（中文）").fill("我的名称")

    (shown,) = engine.says["desks"]["desks"]
    theirs = {"desk": shown["desk"] | {"name_zh": "他人的名称"}, "on_duty": [], "overdue": []}
    engine.says["desks"] = {"desks": [theirs]}

    await expect(page.get_by_text("本席设置刚被别人改动")).to_be_visible(timeout=30_000)
    await expect(page.get_by_label("名称（中文）")).to_have_value("我的名称")
    await page.get_by_role("button", name="放弃我的内容").click()
    await expect(page.get_by_label("名称（中文）")).to_have_value("他人的名称")
    await expect(page.get_by_text("本席设置刚被别人改动")).to_have_count(0)


async def test_a_weekly_window_is_made_and_said_in_words(page: Page, both: Both) -> None:
    await enter(page, both.api, "supervisor", at="/shifts")
    await page.get_by_text("新建窗口").click()
    form = page.locator("details form")
    await form.get_by_label("编号").fill("pump-weekly")
    await form.get_by_label("原因").fill("泵房检修")
    await form.get_by_label("每周").check()
    await form.get_by_label("从（北京时间）").fill("02:00")
    await form.get_by_label("到（", exact=False).fill("04:00")
    await form.get_by_label("单位（").fill("unit-1")
    await form.get_by_role("button", name="创建").click()
    await expect(
        page.get_by_role("alert").filter(has_text="请至少选择星期中的一天")
    ).to_be_visible()

    await form.get_by_label("周二").check()
    await form.get_by_role("button", name="创建").click()
    await expect(page.get_by_text("已创建。")).to_be_visible()
    await page.reload()

    line = page.get_by_role("listitem").filter(has_text="pump-weekly")
    await expect(line).to_contain_text("每周二 02:00–04:00")
    window = await both.do("viewer", "GET", "/windows/pump-weekly")
    weekly = window["weekly"]
    assert (weekly["days"], weekly["zone"], weekly["last"]) == ([2], "Asia/Shanghai", None)
    assert (window["start"], window["scope"]["sites"]) == (None, ["unit-1"])


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed (npm ci in console/).")
@pytest.mark.parametrize("theme", ["dark", "light"])
async def test_axe_finds_nothing_wrong_with_the_forms(
    page: Page, api: Api, city: City, engine: FakeEngine, desks: dict[str, Any], theme: str
) -> None:
    await page.add_init_script(f"localStorage.setItem('yiwang-theme', '{theme}')")
    (shown,) = engine.says["windows"]["windows"]
    weekly = shown | {"start": None, "end": None, "weekly": WEEKLY}
    engine.says["windows"] = {"windows": [shown, weekly | {"window_id": "weekly"}]}
    await sign_in(page, api, "supervisor", at="/shifts")
    await expect(page.get_by_text("每周二 02:00–04:00，2026-05-01 起")).to_be_visible()
    await page.get_by_text("新建窗口").click()
    await page.locator("details form").get_by_label("每周").check()
    await page.get_by_role("button", name="新建值守席").click()
    await page.get_by_label("每天按计划查岗").check()
    await page.get_by_role("button", name="“提示”添加一步").click()
    await page.get_by_label("编号（小写字母").fill("A b")

    assert await violations(page) == []

    await page.set_viewport_size({"width": 390, "height": 844})
    wide = await page.evaluate("document.querySelector('#content').scrollWidth")
    assert wide <= 390
    assert await violations(page) == []
