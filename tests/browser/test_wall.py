"""What a duty room sees on its wall, and what it must never be shown."""

import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

from api.settings import PrepareSettings
from tests.browser.conftest import City, enter, sign_in
from tests.browser.test_accessibility import AXE, violations
from tests.integration.api.conftest import Api, running_api
from tests.integration.api.fake_engine import AT, FakeEngine

WITHIN_3_S = 3000  # milliseconds: what the design promises for a page that is cut off
DESK: dict[str, Any] = {
    "desk_id": "fire",
    "name_zh": "消防监控中心",
    "name_en": "Fire monitoring centre",
    "scope": {"domains": ["fire"], "districts": [], "sites": [], "grids": []},
    "members": [],
    "supervisors": [],
    "at_least": 2,
    "check": None,
    "chains": {},
}
WHOLE_CHARTS = """() => {
  const panel = document.querySelector('.today');
  const frame = panel.getBoundingClientRect();
  const shown = [...panel.querySelectorAll('figure')].map((one) => one.getBoundingClientRect());
  const beyond = (one) => one.scrollHeight - one.clientHeight;
  return {
    shown: shown.filter(({ height }) => height > 0).length,
    cut: shown.filter(({ height, bottom }) => height > 0 && bottom > frame.bottom).length,
    hidden: beyond(panel),
    page: beyond(document.querySelector('#content')),
  };
}"""
DOMAINS = ["fire", "lighting", "truck", "utility", "environment"]
FIRE = {"life_safety": True, "site_id": "unit-1", "title_zh": "三楼烟感火警"}


@pytest.fixture(autouse=True)
def desks(engine: FakeEngine) -> None:
    """One desk with one officer on duty."""
    on_duty = {"desk": DESK, "on_duty": ["officer"], "overdue": []}
    engine.says |= {"desks": {"desks": [on_duty]}}


async def test_a_wrong_password_is_refused_in_words(page: Page, api: Api) -> None:
    await page.goto(api.url)
    await page.get_by_label("用户名").fill("officer")
    await page.get_by_label("密码").fill("guess")
    await page.get_by_label("密码").press("Enter")

    await expect(page.get_by_role("alert")).to_have_text("用户名或密码不正确。")


async def test_the_wall_shows_the_city_in_chinese_and_in_english(
    page: Page, api: Api, city: City
) -> None:
    await sign_in(page, api)

    await expect(page.locator("#tile-units")).to_contain_text("消防联网单位在线")
    await expect(page.locator("#tile-units .figure")).to_have_text("105/ 107")
    await expect(page.locator("#tile-units .note")).to_contain_text("离线 2 家")
    await expect(page.locator("#tile-devices .figure")).to_have_text("2,297/ 2,318")
    await expect(page.locator("#tile-books")).to_contain_text("收支平衡")
    await expect(page.locator("#mode")).to_contain_text("平时")
    await expect(page.locator(".banner")).to_have_count(0)
    await page.get_by_role("button", name="EN", exact=True).click()
    await expect(page.locator("#tile-units")).to_contain_text("Fire units online")
    await expect(page.locator("html")).to_have_attribute("lang", "en")


async def test_before_anybody_was_heard_nobody_is_called_offline(
    page: Page, api: Api, city: City
) -> None:
    for each in ("devices", "fire_units"):
        city.alerts |= {f"{each}_online": 0, f"{each}_unheard": 107, f"{each}_total": 107}
    city.alerts["devices_watched"] = 107
    await sign_in(page, api)

    for tile, said in (("units", "尚未收到 107 家"), ("devices", "尚未收到 107 台")):
        await expect(page.locator(f"#tile-{tile} .note")).to_contain_text(said)
        await expect(page.locator(f"#tile-{tile}")).to_have_class(re.compile("unknown"))
        await expect(page.locator(f"#tile-{tile}")).not_to_contain_text("离线")


async def test_what_is_not_known_is_said_to_be_unknown(page: Page, api: Api, city: City) -> None:
    await sign_in(page, api)

    await expect(page.locator("#tile-quality .figure")).to_have_text("—")  # nothing received yet
    await expect(page.locator("#tile-quality")).to_contain_text("未知")


async def test_an_alert_appears_and_leads_to_its_page(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    await sign_in(page, api)
    await engine.raise_alert("a-1", title_zh="三楼烟感火警", site_id="unit-1")
    alert = page.locator("#alert-a-1")
    await expect(alert).to_contain_text("三楼烟感火警")
    await expect(alert).to_contain_text("第一中学")
    await expect(page.locator("#tile-alerts li.critical")).to_contain_text("1")

    await alert.get_by_role("link").click()

    await expect(page).to_have_url(re.compile("/alerts/a-1$"))


async def test_critical_comes_before_low_whatever_came_first(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    await sign_in(page, api)
    for priority in ("high", "critical", "low"):
        await engine.raise_alert(f"a-{priority}", priority=priority)

    await expect(page.locator("#alert-list > li")).to_have_count(3)
    ids = await page.locator("#alert-list > li").evaluate_all("all => all.map(one => one.id)")
    assert ids == ["alert-a-critical", "alert-a-high", "alert-a-low"]
    await expect(page.get_by_role("row", name="消防")).to_contain_text("3")


async def test_a_cleared_alert_is_gone(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    await sign_in(page, api)
    await engine.raise_alert("a-1")
    await expect(page.locator("#alert-a-1")).to_be_visible()

    await engine.clear("a-1")

    await expect(page.locator("#alert-a-1")).to_have_count(0)
    await expect(page.locator("#no-alerts")).to_have_text("当前没有未结告警。")


async def test_emergency_is_offered_never_forced_and_kept_in_the_address(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    await sign_in(page, api)
    await engine.raise_alert("a-1", **FIRE)
    offer = page.locator("#offer")
    await expect(offer).to_contain_text("三楼烟感火警（第一中学）")
    await expect(page.locator("#mode")).to_contain_text("平时")

    await offer.get_by_role("button", name="切换到战时").click()

    await expect(page).to_have_url(re.compile("mode=emergency"))
    await expect(page.locator("#mode")).to_contain_text("战时")
    danger = page.locator("#danger-a-1")
    await expect(danger).to_contain_text("第一中学")
    await expect(danger.locator(".running")).to_have_text(re.compile(r"\d+:\d\d"))
    await expect(danger.locator(".waiting")).to_contain_text("通知")
    await expect(page.locator("#around")).to_contain_text("人民医院")
    await expect(page.get_by_role("region", name="在岗人员")).to_contain_text("officer")
    await page.get_by_role("button", name="回到平时").click()
    await expect(page.locator("#mode")).to_contain_text("平时")
    await expect(offer).to_have_count(0)  # waved away: this fire does not ask again


async def test_a_wall_can_be_opened_in_emergency_without_its_header(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    await engine.raise_alert("a-1", **FIRE, notified_at=AT, acknowledged_at=AT)
    await enter(page, api, "viewer", at="/wall?mode=emergency&kiosk")

    await expect(page.locator("#mode")).to_contain_text("战时 · 应急指挥")
    await expect(page.locator(".shell > header")).to_be_hidden()
    await expect(page.locator(".modes time")).to_be_visible()
    await expect(page.locator("#danger-a-1 .done")).to_have_count(2)
    await expect(page.get_by_role("button", name="回到平时")).to_have_count(0)  # an officer's


async def test_a_viewer_is_told_of_a_danger_and_who_decides(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    await engine.raise_alert("a-1", **FIRE)
    await sign_in(page, api, "viewer")

    await expect(page.locator("#offer")).to_contain_text("请值班员决定是否转入战时。")
    await expect(page.locator("#offer").get_by_role("button")).to_have_count(0)


async def test_a_drill_does_not_ask_for_emergency(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    await sign_in(page, api)

    await engine.raise_alert("a-1", **FIRE, drill=True)

    await expect(page.locator("#alert-a-1")).to_contain_text("【演练】三楼烟感火警")
    await expect(page.locator("#offer")).to_have_count(0)


async def test_text_from_outside_is_shown_never_run(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    attack = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
    await sign_in(page, api)

    await engine.raise_alert("a-1", title_zh=attack, site_id="unit-1", life_safety=True)

    await expect(page.locator("#alert-a-1 .title")).to_have_text(attack)
    await expect(page.locator("#offer")).to_contain_text(attack)
    assert await page.locator("#wall img, #wall script").count() == 0
    assert "owned" not in await page.title()


async def test_a_page_that_is_cut_off_says_so_within_three_seconds(
    page: Page, api: Api, city: City
) -> None:
    await sign_in(page, api)
    await expect(page.locator(".banner")).to_have_count(0)

    await page.context.set_offline(True)  # new connections fail; the open one goes quiet
    await api.stop()

    await expect(page.locator(".banner strong")).to_have_text("与服务器断开", timeout=WITHIN_3_S)
    await expect(page.locator(".shell")).to_have_class(re.compile("cut-off"))
    await expect(page.locator(".shell header .age output")).to_have_text("未知")


async def test_after_a_cut_off_nothing_is_missing_and_nobody_has_reloaded(
    page: Page, api: Api, city: City, engine: FakeEngine, settings: PrepareSettings
) -> None:
    await engine.raise_alert("a-over")
    await sign_in(page, api)
    await expect(page.locator("#alert-a-over")).to_be_visible()
    await page.evaluate("window.neverReloaded = true")

    await api.stop()
    await expect(page.locator(".banner strong")).to_have_text("与服务器断开", timeout=WITHIN_3_S)
    await engine.raise_alert("a-meanwhile")
    await engine.clear("a-over")
    async with running_api(settings):
        await expect(page.locator("#alert-a-meanwhile")).to_be_visible(timeout=15_000)

        await expect(page.locator("#alert-a-over")).to_have_count(0)
        await expect(page.locator(".banner")).to_have_count(0)
        assert await page.evaluate("window.neverReloaded")


async def test_a_silent_engine_is_said_large_and_its_figures_are_withdrawn(
    page: Page, api: Api, city: City
) -> None:
    await sign_in(page, api)

    city.alerts["state"] = "lost"

    await expect(page.locator(".banner strong")).to_have_text("告警引擎中断")
    await expect(page.locator("#tile-units .figure")).to_have_text("—")
    await expect(page.locator("#tile-units")).to_contain_text("未知")


async def test_old_data_is_said_to_be_old(page: Page, api: Api, city: City) -> None:
    await sign_in(page, api)

    city.data_age_s = 95

    await expect(page.locator(".banner strong")).to_have_text("数据陈旧")
    await expect(page.locator(".banner")).to_contain_text(re.compile("9[5-9] 秒"))
    await expect(page.locator("#tile-newest")).to_have_class(re.compile("bad"))


async def test_the_clock_is_shanghais_wherever_the_browser_is(
    page: Page, api: Api, city: City, engine: FakeEngine
) -> None:
    await sign_in(page, api)

    await engine.raise_alert("a-1", raised_at="2026-04-30T22:00:00Z")

    await expect(page.locator("#alert-a-1 time")).to_have_text("发生 05/01 06:00:00")


async def test_signing_out_leaves_nothing_on_the_screen(page: Page, api: Api, city: City) -> None:
    await sign_in(page, api)

    await page.get_by_role("button", name="退出").click()

    await expect(page.locator("#wall")).to_have_count(0)
    await expect(page.get_by_label("用户名")).to_be_focused()


@pytest.mark.parametrize("address", ["/wall", "/wall?mode=emergency"])
@pytest.mark.parametrize("width", [1280, 800, 390])
async def test_the_wall_fits_narrower_screens(
    page: Page, api: Api, city: City, engine: FakeEngine, width: int, address: str
) -> None:
    await page.set_viewport_size({"width": width, "height": 900})
    await engine.raise_alert("a-1", **FIRE)
    await sign_in(page, api, at=address)
    await expect(page.get_by_role("link", name="三楼烟感火警").first).to_be_visible()

    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await page.evaluate(overflow) <= 0
    inner = "document.querySelector('#content').scrollWidth > innerWidth"
    assert not await page.evaluate(inner)


@pytest.mark.parametrize(
    ("size", "domains", "charts"),
    [
        pytest.param((1920, 1080), [], 2, id="nothing-is-wrong"),
        pytest.param((1920, 1080), ["fire"], 2, id="a-fire-and-its-banner"),
        pytest.param((1920, 1080), DOMAINS, 1, id="something-everywhere"),
        pytest.param((1366, 768), [], 0, id="a-small-screen"),
    ],
)
async def test_a_wall_shows_whole_charts_or_none_and_nobody_has_to_scroll(
    page: Page,
    api: Api,
    city: City,
    engine: FakeEngine,
    size: tuple[int, int],
    domains: list[str],
    charts: int,
) -> None:
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    for domain in domains:
        await engine.raise_alert(f"a-{domain}", **FIRE, domain=domain)
    await sign_in(page, api)
    await expect(page.locator("#offer")).to_have_count(1 if domains else 0)
    await expect(page.locator(".today figure canvas")).to_have_count(2)

    said = await page.evaluate(WHOLE_CHARTS)
    assert said == {"shown": charts, "cut": 0, "hidden": 0, "page": 0}


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed (npm ci in console/).")
@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("address", ["/wall", "/wall?mode=emergency"])
async def test_a_machine_finds_no_fault_with_the_wall(
    page: Page, api: Api, city: City, engine: FakeEngine, theme: str, address: str
) -> None:
    await page.add_init_script(f"localStorage.setItem('yiwang-theme', '{theme}')")
    await engine.raise_alert("a-1", **FIRE)
    await engine.raise_alert("a-2", priority="medium", drill=True, acknowledged_by="li")
    await sign_in(page, api, at=address)
    await expect(page.get_by_role("link", name="三楼烟感火警").first).to_be_visible()

    assert await violations(page) == []


async def test_the_reference_is_drawn_from_our_own_document(page: Page, api: Api) -> None:
    await page.goto(f"{api.url}/docs")

    await expect(page.locator("#reference")).to_contain_text("POST /api/v1/token")


async def test_a_room_whose_files_are_gone_is_said_and_the_page_goes_on(
    page: Page, api: Api, city: City
) -> None:
    await page.route("**/assets/ReportsRoom*.js", lambda route: route.fulfill(status=404))
    await sign_in(page, api)

    await page.get_by_role("link", name="报表").click()

    said = page.get_by_role("alert").filter(has_text="页面 /reports 暂时打不开，当前页面不受影响。")
    await expect(said).to_be_visible()
    await expect(page.locator("#tile-units")).to_be_visible()
    await page.unroute_all()
    await said.get_by_role("button", name="重试").click()
    await expect(page.locator("#content h1")).to_have_text("报表")
