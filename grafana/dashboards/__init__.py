"""One module for each dashboard: `screen(say)` describes it; its SQL stands beside it."""

from collections.abc import Callable
from typing import Final

from grafana.dashboards import duty, fire, lighting, overview, quality, system, trucks
from grafana.screen import Screen
from grafana.words import Say

SCREENS: Final[tuple[Callable[[Say], Screen], ...]] = (
    overview.screen,
    fire.screen,
    lighting.screen,
    trucks.screen,
    duty.screen,
    quality.screen,
    system.screen,
)
"""In the order of the playlist."""
