"""How soon the wall shows a large city, and what a frame of its moving map costs the page.

20,000 lamps and 2,000 trucks on the move; each run is a new browser that has nothing in its cache.
Debian's Chromium draws with the processor here: frames a second say how it is without a graphics
card, the milliseconds of our script say what is left of a frame with one. The yardsticks of the
same run are the browser's own: its time for a page of a few bytes, and how often a second it shows
a picture of the same size that is nothing but wiped. What those of the browser's processes used
that have ended counts as used elsewhere.
"""

import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final, NamedTuple

from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    ViewportSize,
    sync_playwright,
)

from bench.beating import heartbeats
from bench.browsers import ARGUMENTS, CHROMIUM
from bench.figures import percentile
from bench.machine import CpuMeter, describe
from bench.parade import LAMPS, TRUCKS, Parade
from bench.reporting import Result, as_table
from bench.scale import Scale
from bench.systems import System, private_system
from core.errors import Unavailable

TARGET: Final = 2.0  # seconds, until every figure is there
FRAME_MS: Final = 1000 / 60

_SIZE: Final = ViewportSize(width=1920, height=1080)
_WITHIN_MS: Final = 60_000
_FRAMES: Final = 60

# Each answers when its part of the page is there: milliseconds since the page was asked for.
_FIGURES = f"""() => document.querySelector('#tile-trucks .figure')?.textContent
  .includes('{TRUCKS:,}') && performance.now()"""
_MAP = """() => document.querySelector('.city-map canvas')
  && !document.querySelector('.city-map .said') && performance.now()"""
# Adds up the callbacks of each animation frame: MapLibre's, Vue's and ours together.
_STOPWATCH = """
window.frames = [];
const ask = window.requestAnimationFrame.bind(window);
window.requestAnimationFrame = (call) => ask((now) => {
  const began = performance.now();
  call(now);
  const last = window.frames.at(-1);
  const cost = performance.now() - began;
  if (last && last[0] === now) last[1] += cost;
  else window.frames.push([now, cost]);
});
"""
# Wipes a picture as large as the page, frame by frame, and answers how many a second that were.
_WIPE = """(frames) => new Promise((done) => {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width: window.innerWidth, height: window.innerHeight });
  document.body.replaceChildren(canvas);
  const gl = canvas.getContext('webgl2');
  let drawn = 0, began = 0;
  requestAnimationFrame(function wipe(now) {
    began ||= now;
    gl.clearColor(drawn % 2, 0, 0, 1);
    gl.clear(gl.COLOR_BUFFER_BIT);
    if (drawn++ < frames) requestAnimationFrame(wipe);
    else done(frames / (now - began) * 1000);
  });
})"""


class View(NamedTuple):
    """One new browser: seconds until its parts are there, and its frames."""

    tiny_s: float
    wiped_per_s: float
    figures_s: float
    map_s: float
    scripts_ms: list[float]
    frames_per_s: float


def bench(scale: Scale) -> Result:
    """Open the wall again and again, each time in a new browser."""
    meter = CpuMeter()
    programs = ("broker", "database", "ingest", "alerts", "api")
    with (
        private_system(*programs, name="wall") as system,
        heartbeats(system.broker("svc-api")) as beats,
        Parade(system.owner_url) as parade,
    ):
        parade.register(system.deployment)
        beats.wait_until("alerts", lambda beat: beat["devices_total"] == LAMPS + TRUCKS)
        views = [_view(system, parade) for _ in range(scale.runs)]
    print(_table(views))
    return _result(views, meter)


@contextmanager
def _chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        raise Unavailable(f"There is no {CHROMIUM}; install the package {CHROMIUM.name}.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


def _view(system: System, parade: Parade) -> View:
    parade.move()
    with _chromium() as browser:
        context = browser.new_context(viewport=_SIZE)
        _sign_in(context, system)
        page = context.new_page()
        tiny_s = _open_tiny(page, system)
        page.add_init_script(_STOPWATCH)
        page.goto(f"{system.deployment.api_url}/wall?mode=emergency", wait_until="commit")
        figures_s, map_s = _moment(page, _FIGURES), _moment(page, _MAP)
        scripts_ms, frames_per_s = _frames(page, parade)
        page.close()
        wiped_per_s = _wipe(context.new_page())
        return View(tiny_s, wiped_per_s, figures_s, map_s, scripts_ms, frames_per_s)


def _sign_in(context: BrowserContext, system: System) -> None:
    url, password = system.deployment.api_url, system.deployment.passwords["demo-viewer"]
    form: dict[str, str | float | bool] = {"username": "viewer", "password": password}
    answer = context.request.post(f"{url}/api/v1/sign-in", form=form, headers={"Origin": url})
    if not answer.ok:
        raise Unavailable(f"The sign-in was answered {answer.status}: {answer.text()}.")


def _open_tiny(page: Page, system: System) -> float:
    began = time.perf_counter()
    page.goto(f"{system.deployment.api_url}/api/v1/me")
    return time.perf_counter() - began


def _wipe(page: Page) -> float:
    return float(page.evaluate(_WIPE, _FRAMES))


def _moment(page: Page, what: str) -> float:
    handle = page.wait_for_function(what, timeout=_WITHIN_MS)
    return float(handle.json_value()) / 1000


def _frames(page: Page, parade: Parade) -> tuple[list[float], float]:
    """Let all trucks move on and watch the frames that follow."""
    parade.move()
    with page.expect_response(lambda answer: "/map/vehicles" in answer.url):
        page.evaluate("window.frames.length = 0")
    page.wait_for_function(f"() => window.frames.length >= {_FRAMES}", timeout=_WITHIN_MS)
    frames: list[list[float]] = page.evaluate("window.frames")
    seconds = (frames[-1][0] - frames[0][0]) / 1000
    return [cost for _, cost in frames], (len(frames) - 1) / seconds


def _table(views: Sequence[View]) -> str:
    head = [
        *("run", "tiny page s", "wiped/s", "figures s", "map s"),
        *("script p50 ms", "p95 ms", "frames/s"),
    ]
    return as_table(
        head,
        [
            [
                str(number),
                *view[:4],
                statistics.median(view.scripts_ms),
                percentile(view.scripts_ms, 95),
                view.frames_per_s,
            ]
            for number, view in enumerate(views, start=1)
        ],
    )


def _result(views: Sequence[View], meter: CpuMeter) -> Result:
    scripts = [cost for view in views for cost in view.scripts_ms]
    return Result(
        bench="wall",
        value=statistics.median(view.figures_s for view in views),
        unit="s",
        target=TARGET,
        yardsticks={
            "tiny_page_s": statistics.median(view.tiny_s for view in views),
            "wiped_frames_per_s": statistics.median(view.wiped_per_s for view in views),
            "frame_at_60_hz_ms": FRAME_MS,
        },
        figures={
            "lamps": LAMPS,
            "trucks": TRUCKS,
            "map_s": statistics.median(view.map_s for view in views),
            "script_p50_ms": statistics.median(scripts),
            "script_p95_ms": percentile(scripts, 95),
            "frames_per_s": statistics.median(view.frames_per_s for view in views),
        },
        machine=describe(meter),
    )
