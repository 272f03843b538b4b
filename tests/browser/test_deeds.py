"""What an officer does with an alert at the desk, and what is never offered."""

import re

from playwright.async_api import Page, Route, expect

from tests.browser.conftest import City, sign_in
from tests.browser.test_desk import line, queue, take_a_seat
from tests.integration.api.conftest import Api
from tests.integration.api.fake_engine import AT, FakeEngine

SHELVED = {
    "state": "shelved",
    "hold": {
        "state": "shelved",
        "by": "officer",
        "ref": "",
        "reason": "泵房检修",
        "until": "2026-05-01T04:00:00Z",
        "officer": "wang",
    },
}


async def test_who_comes_second_is_told_who_was_first_and_when(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    raised = await engine.raise_alert("a-1")
    await sign_in(page, api, at="/desk")
    await line(page, "a-1").click()
    await expect(page.get_by_role("button", name="确认接警")).to_be_visible()
    taken = {"state": "acknowledged", "acknowledged_by": "wang", "acknowledged_at": AT, "seq": 2}
    await engine.move({**raised, **taken}, publish=False)

    # At once, without Playwright's patience: the page will learn of it by itself before long.
    await page.evaluate("document.querySelector('.brief .buttons button')?.click()")

    refusal = page.locator(".brief .refused")
    await expect(refusal).to_contain_text(re.compile("告警 a-1 已由 wang 于 .* 确认"))


async def test_a_viewer_may_look_and_is_told_who_acts(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    await engine.raise_alert("a-1")
    await sign_in(page, api, "viewer", at="/desk")

    await take_a_seat(page)
    await page.keyboard.press("a")

    await expect(page.locator(".brief")).to_contain_text("只有值班员可以处置告警，您可以查看。")
    await expect(page.get_by_role("button", name="确认接警")).to_have_count(0)
    assert engine.commands() == []


async def test_what_is_put_aside_stands_last_with_who_until_when_and_why(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    await engine.raise_alert("a-aside", **SHELVED)
    await engine.raise_alert("a-low", priority="low")

    await sign_in(page, api, at="/desk")

    await expect(page.locator("[data-place]")).to_have_count(2)
    await expect(line(page, "a-aside")).to_have_attribute("data-place", "1")
    await expect(line(page, "a-aside")).to_contain_text(
        "已搁置 · wang · 至 05/01 12:00:00 · 泵房检修"
    )
    await line(page, "a-aside").click()
    await expect(page.get_by_role("button", name="确认接警")).to_have_count(0)
    await expect(page.get_by_role("button", name="取消搁置")).to_be_visible()


async def test_a_fire_gets_a_verdict_and_is_never_offered_to_be_put_aside(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    await engine.raise_alert("a-1", life_safety=True)
    await sign_in(page, api, "supervisor", at="/desk")
    await take_a_seat(page)
    await expect(page.get_by_role("button", name="误报")).to_be_visible()
    for never in ("搁置", "停用"):
        await expect(page.locator(".brief").get_by_role("button", name=never)).to_have_count(0)

    await page.keyboard.press("f")
    await page.keyboard.type("水蒸气")
    await page.keyboard.press("Enter")

    await expect(line(page, "a-1")).to_contain_text("误报")
    said = engine.commands()[-1]
    assert (said["verdict"], said["text"]) == ("false", "水蒸气")
    await expect(queue(page)).to_be_focused()


async def test_a_verified_fire_is_handed_over_help_is_sent_and_arrives(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    await engine.raise_alert("a-1", life_safety=True)
    await sign_in(page, api, at="/desk")
    await line(page, "a-1").click()
    await expect(page.get_by_role("button", name="转119")).to_have_count(0)

    await page.get_by_role("button", name="真警").click()
    await page.get_by_role("button", name="提交：真警").click()
    await page.get_by_role("button", name="转119").click()
    await page.get_by_label("119 警情编号").fill("119-0042")
    await page.get_by_role("button", name="提交：转119").click()
    await page.get_by_role("button", name="派员").click()
    await page.get_by_label("派往何人").fill("巡查二组")
    await page.get_by_role("button", name="提交：派员").click()
    await page.get_by_role("button", name="到场").click()
    await page.get_by_role("button", name="提交：到场").click()

    await expect(line(page, "a-1")).to_contain_text("已到场")
    done = [(one["do"], one.get("reference") or one.get("to")) for one in engine.commands()]
    assert done == [
        ("verify", None),
        ("hand_over_119", "119-0042"),
        ("dispatch", "巡查二组"),
        ("arrive", None),
    ]


async def test_putting_aside_takes_a_reason_and_what_was_written_survives_the_news(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    raised = await engine.raise_alert("a-1", priority="low")
    await sign_in(page, api, at="/desk")
    await take_a_seat(page)
    await page.keyboard.press("s")
    await page.get_by_role("button", name="提交：搁置").click()
    await expect(page.locator(".deed .answer")).to_have_text("请填写原因。")
    assert engine.commands() == []

    reason = page.get_by_label("原因")
    await reason.fill("检")
    told = {"seq": engine.last_seq + 1, "transition": "notified", "notified_at": AT}
    await engine.move(raised | told | {"assigned_to": "wang"})
    await engine.raise_alert("a-2", priority="critical")
    await expect(line(page, "a-1")).to_contain_text("指派 wang")
    await expect(reason).to_be_focused()
    await page.keyboard.type("修")
    await page.keyboard.press("Enter")

    await expect(line(page, "a-1")).to_contain_text("已搁置")
    shelved = engine.commands()[-1]
    assert (shelved["do"], shelved["alert_id"], shelved["minutes"], shelved["reason"]) == (
        "shelve",
        "a-1",
        30,
        "检修",
    )


async def test_a_remark_that_was_begun_is_still_there_after_another_room(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    await engine.raise_alert("a-1")
    await sign_in(page, api, at="/desk")
    await take_a_seat(page)
    await page.keyboard.press("m")
    await page.keyboard.type("电话无人接听")

    await page.get_by_role("link", name="交接班").click()
    await page.get_by_role("link", name="告警队列").click()
    await line(page, "a-1").click()
    await page.get_by_role("button", name="备注").click()

    await expect(page.get_by_role("textbox", name="备注")).to_have_value("电话无人接听")


async def test_a_deed_whose_answer_was_lost_and_that_is_repeated_is_one_deed(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    await engine.raise_alert("a-1")
    await sign_in(page, api, at="/desk")
    await take_a_seat(page)

    async def lose_the_answer(route: Route) -> None:
        await route.fetch()
        await route.abort()

    await page.route("**/comments", lose_the_answer, times=1)
    await page.keyboard.press("m")
    await page.keyboard.type("已通知物业")
    await page.keyboard.press("Enter")
    await expect(page.locator(".deed .answer")).to_contain_text("再次提交不会重复记录")
    await page.keyboard.press("Enter")

    await expect(page.locator(".brief .said")).to_have_text("备注：已记录。")
    commented = [one for one in engine.journal if one["transition"] == "commented"]
    assert len(commented) == 1
    assert len({one["request_id"] for one in engine.commands()}) == 1


async def test_an_alert_is_given_to_somebody_who_takes_alerts(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    await engine.raise_alert("a-1")
    await sign_in(page, api, at="/desk")
    await take_a_seat(page)

    await page.keyboard.press("g")
    await page.get_by_label("指派给").select_option("supervisor")
    await page.get_by_role("button", name="提交：指派").click()

    await expect(line(page, "a-1")).to_contain_text("指派 supervisor")
    assert engine.commands()[-1]["to"] == "supervisor"
