"""What `python -m grafana push` does, in its order."""

import argparse
import asyncio
import os
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from core.clock import Clock, utc_now
from core.errors import Conflict, Invalid, YiwangError
from core.process import read_settings
from grafana.push.annotating import annotate, annotation, read_alerts
from grafana.push.comparing import Step, summary
from grafana.push.playlists import put_playlist
from grafana.push.pushing import Push
from grafana.push.reaching import Grafana
from grafana.push.settings import Settings
from grafana.push.wanted import WALL_ACCOUNT, wanted
from grafana.words import LANGUAGES, Language

_PRIVATE: Final = 0o600


def run(options: argparse.Namespace, clock: Clock = utc_now) -> int:
    """Push, say what was done; 1 where something is wrong."""
    settings = read_settings(Settings)
    try:
        _require_new(options.wall_token)
        steps = asyncio.run(push(options, settings, clock()))
    except YiwangError as error:
        sys.stderr.write(f"{error.message}\n")
        return 1
    for line in summary(steps, dry=options.dry_run):
        sys.stdout.write(f"{line}\n")
    return 0


async def push(options: argparse.Namespace, settings: Settings, now: datetime) -> list[Step]:
    """Push everything that was asked for; returns what happened to each thing."""
    if options.annotate_hours and settings.alerts_from is None:
        raise Invalid("GRAFANA_ALERTS_FROM is missing: annotations are read from there.")
    async with Grafana(options.url, settings) as grafana:
        steps: list[Step] = []
        pushing = Push(grafana, settings, dry=options.dry_run)
        for language in _languages(options.language):
            steps += await _language(pushing, grafana, settings, language, dry=options.dry_run)
        if options.annotate_hours:
            steps.append(await _annotate(grafana, settings, options, now))
        if options.wall_token is not None and not options.dry_run:
            secret = await pushing.token(WALL_ACCOUNT, f"wall {now:%Y%m%d%H%M%S}")
            await asyncio.to_thread(_write_private, options.wall_token, secret)
    return list(_each_once(steps))


async def _language(
    pushing: Push, grafana: Grafana, settings: Settings, language: Language, *, dry: bool
) -> list[Step]:
    everything = wanted(language, settings)
    steps = [step async for step in pushing.everything(everything)]
    name = f"{everything.folder['uid']}-wall"
    return [*steps, await put_playlist(grafana, name, everything.playlist, dry=dry)]


async def _annotate(
    grafana: Grafana, settings: Settings, options: argparse.Namespace, now: datetime
) -> Step:
    since = now - timedelta(hours=options.annotate_hours)
    url = settings.alerts_from.get_secret_value() if settings.alerts_from else ""
    language = _languages(options.language)[0]
    told = await asyncio.to_thread(read_alerts, url, since, language)
    marks = [annotation(each, settings.console_url) for each in told]
    return await annotate(grafana, marks, since, dry=options.dry_run)


def _languages(chosen: str) -> tuple[Language, ...]:
    return tuple(each for each in LANGUAGES if chosen in (each, "both"))


def _each_once(steps: list[Step]) -> Iterator[Step]:
    """Tell of what both languages share only the first time."""
    told: set[tuple[str, str]] = set()
    for step in steps:
        if (step.kind, step.name) not in told:
            told.add((step.kind, step.name))
            yield step


def _require_new(file: Path | None) -> None:
    if file is not None and file.exists():
        raise Conflict(f"{file} is there already; a token is not written over.")


def _write_private(file: Path, secret: str) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE), "w") as opened:
        opened.write(f"{secret}\n")
