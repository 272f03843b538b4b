"""Hand-over and duty check at two screens, on the real alert engine: nothing vanishes."""

from playwright.async_api import Page, expect

from tests.browser.conftest import enter
from tests.integration.api.conftest import access_dir, cheap_start, settings
from tests.integration.api.documents import DESK
from tests.integration.api.test_real_engine import Both, both, now_ms

__all__ = ["access_dir", "both", "cheap_start", "settings"]

HANDOVER = "/desk?view=handover&desk=fire"


async def staffed(both: Both) -> None:
    """Put the officer on duty at the fire desk."""
    desk = DESK | {"members": ["officer"], "supervisors": ["admin"]}
    await both.do("supervisor", "PUT", "/desks/fire", json=desk)


async def test_a_shift_is_handed_over_by_two_signatures_and_nothing_vanishes(
    page: Page, other_page: Page, both: Both
) -> None:
    await staffed(both)
    both.room.fire(both.smoke)
    fire = await both.alert(both.smoke)
    await enter(page, both.api, "officer", at=HANDOVER)
    await enter(other_page, both.api, "supervisor", at=HANDOVER)
    await expect(page.get_by_text("名单完整：本席位未结 1 条")).to_be_visible()

    await page.get_by_label("接班人").select_option("supervisor")
    await page.get_by_label("交代事项").fill("二号泵房检修至 18 时。")
    await page.get_by_role("button", name="交班签字").click()
    await expect(page.get_by_text("等待 supervisor 接班签字")).to_be_visible()
    fault = {"ts": now_ms(), "event": "fault", "active": True}
    both.room.field.say(both.room.city.topic(both.faulty, "event"), fault)
    came = await both.alert(both.faulty)
    await expect(other_page.get_by_text("交班签字后新增 1 条")).to_be_visible()
    await expect(other_page.get_by_text("二号泵房检修至 18 时。")).to_be_visible()
    await other_page.get_by_role("button", name="接班签字").click()

    for screen in (page, other_page):
        signatures = screen.locator("details[open] .signatures")
        await expect(signatures).to_contain_text("✓ officer")
        await expect(signatures).to_contain_text("✓ supervisor")
        signed = screen.locator("details[open]")
        for alert_id in (fire, came):
            await expect(signed.locator(f"a[href='/alerts/{alert_id}']").first).to_be_visible()
        added = signed.locator("[data-section=added]")
        await expect(added.locator(f"a[href='/alerts/{came}']")).to_be_visible()
        await expect(screen.get_by_text("在岗：supervisor")).to_be_visible()


async def test_who_is_not_on_duty_is_told_who_can_hand_over(page: Page, both: Both) -> None:
    await staffed(both)
    await enter(page, both.api, "supervisor", at=HANDOVER)

    await page.get_by_label("接班人").select_option("admin")
    await page.get_by_role("button", name="交班签字").click()

    await expect(page.locator(".begin .answer")).to_contain_text("可由 officer 交班")


async def test_a_duty_check_finds_the_officer_in_whatever_they_do_and_is_answered(
    page: Page, both: Both
) -> None:
    await staffed(both)
    await enter(page, both.api, "officer", at="/desk")
    search = page.get_by_label("查找")
    await search.fill("泵")

    await both.do("supervisor", "POST", "/desks/fire/checks", json={"minutes": 5})

    check = page.get_by_role("alertdialog", name="查岗")
    await expect(check).to_be_visible(timeout=15_000)
    await expect(check).to_contain_text("剩余 4:")
    await expect(search).to_be_focused()  # nothing that is being written is interrupted
    await check.get_by_role("button", name="在岗应答").click()
    await expect(check).to_have_count(0)
    checks = await both.do("viewer", "GET", "/desks/fire/checks")
    assert checks["checks"][0]["answers"][0]["answered_at"]
