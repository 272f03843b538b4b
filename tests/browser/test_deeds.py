"""What an officer does with an alert on the wall, and how drills and what is put aside look."""

from playwright.async_api import Page, expect

from tests.browser.conftest import City, sign_in
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


async def test_a_drill_is_marked_so_that_nobody_takes_it_for_a_fire(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    await sign_in(page, api)

    await engine.raise_alert("a-1", drill=True)

    await expect(page.locator("#alert-a-1 .drill")).to_have_text("【演练】")
    await expect(page.locator("#tile-alerts")).to_contain_text("1 条演练")


async def test_what_is_put_aside_stands_last_with_who_until_when_and_why(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    await engine.raise_alert("a-aside", **SHELVED)
    await engine.raise_alert("a-low", priority="low")

    await sign_in(page, api)

    aside = page.locator("#alert-a-aside")
    await expect(page.locator("#alert-list > li").last).to_have_id("alert-a-aside")
    await expect(aside).to_contain_text("已搁置 · wang · 至 05/01 12:00:00 · 泵房检修")
    await expect(aside.get_by_role("button", name="确认接警")).to_have_count(0)
    await expect(page.locator("#alert-count")).to_have_text("1")


async def test_what_is_folded_is_a_number_on_the_alert_above_it(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    await engine.raise_alert("a-first", hidden=1)
    await engine.raise_alert("a-next", folded_under="a-first")

    await sign_in(page, api)

    await expect(page.locator("#alert-a-first")).to_contain_text("另有 1 条归并于此")
    await expect(page.locator("#alert-a-next")).to_have_count(0)


async def test_a_fire_gets_a_verdict_and_is_never_offered_to_be_put_aside(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    await sign_in(page, api)
    await engine.raise_alert("a-1", life_safety=True)
    fire = page.locator("#alert-a-1")
    await fire.get_by_text("处置", exact=True).click()
    await expect(fire.get_by_role("button", name="搁置")).to_have_count(0)

    await fire.get_by_role("button", name="误报").click()

    await expect(fire.locator(".marks")).to_have_text("误报")
    assert engine.commands()[-1]["verdict"] == "false"


async def test_putting_aside_takes_a_reason_and_what_was_written_survives_the_news(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    await sign_in(page, api)
    raised = await engine.raise_alert("a-1", priority="low")
    card = page.locator("#alert-a-1")
    await card.get_by_text("处置", exact=True).click()
    await card.get_by_role("button", name="搁置").click()
    await expect(card).to_contain_text("请先填写备注或原因。")
    assert engine.commands() == []

    await card.get_by_label("备注或原因").fill("检修")
    told = {"seq": engine.last_seq + 1, "transition": "notified", "notified_at": AT}
    await engine.move(raised | told | {"assigned_to": "wang"})
    await expect(card).to_contain_text("指派 wang")
    await card.get_by_role("button", name="搁置").click()

    await expect(card).to_contain_text("已搁置")
    shelved = engine.commands()[-1]
    assert (shelved["do"], shelved["minutes"], shelved["reason"]) == ("shelve", 30, "检修")
