"""Making the city known to the platform, as an operator would: one import through the api."""

import random
import time

import structlog

from core.errors import Unavailable
from simulators.platform_api import ImportResult, PlatformApi

log = structlog.get_logger()

_PAUSE_S = 2.0


def register(api: PlatformApi, document: bytes, *, patience_s: float) -> ImportResult:
    """Import a registry document; while the api is not up, try again for up to `patience_s`."""
    deadline = time.monotonic() + patience_s
    while True:
        try:
            return api.import_registry(document)
        except Unavailable as error:
            if time.monotonic() > deadline:
                raise
            log.warning("waiting for the api", reason=error.message)
            time.sleep(_PAUSE_S * random.uniform(0.5, 1.0))


def summary(result: ImportResult) -> str:
    """Say in one line what an import did."""
    parts = {"grids": result.grids, "sites": result.sites, "devices": result.devices}
    return "; ".join(
        f"{name}: {tally.added} added, {tally.changed} changed, {tally.unchanged} as before"
        for name, tally in parts.items()
    )
