"""`python -m simulators city` and `register`: the city's map, its import, its life."""

import time
from argparse import Namespace
from pathlib import Path
from typing import NamedTuple

import msgspec
import structlog

from core.errors import Conflict, YiwangError
from core.process import read_settings
from core.process import run as run_program
from devices.files import replace_file
from simulators import asking, atlas, episodes, lines, running
from simulators.asking import Request
from simulators.beating import beat_line
from simulators.behaviour.weather import at_local_time
from simulators.books import read_books
from simulators.city import City, registry_documents
from simulators.episodes import Episode, Staging
from simulators.faults import FaultOption, parse_option
from simulators.registering import register, summary
from simulators.running import Show, now_us
from simulators.scenario import Scenario, read_scenario
from simulators.settings import Settings
from simulators.truths import keep_truth
from simulators.voices import Catalogue, Pace, Voices
from simulators.wiring import choose_city, city_sequences, platform_api, read_catalogue, say

log = structlog.get_logger()

_API_PATIENCE_S = 120.0  # the api may still be starting
_START_AFTER_US = 3_000_000  # a scenario begins when the connections are up
_US = 1_000_000


def run_register(options: Namespace) -> None:
    """Import the city and say what that changed."""
    city = choose_city(options, read_catalogue())
    _register(read_settings(Settings), city)


def _register(settings: Settings, city: City) -> None:
    with platform_api(settings) as api:
        for document in registry_documents(city):
            say(summary(register(api, document, patience_s=_API_PATIENCE_S)))


class Town(NamedTuple):
    """A city with its kinds of devices and its wiring."""

    city: City
    catalogue: Catalogue
    settings: Settings


def run_city(options: Namespace) -> None:
    """Let the city speak, or only draw its map; a city that speaks already is asked to perform."""
    catalogue = read_catalogue()
    city = choose_city(options, catalogue)
    if options.geojson:
        _draw(city, options.geojson)
        return
    told = read_scenario(options.scenario, episodes.KINDS) if options.scenario else None
    faults = [parse_option(text) for text in options.fault]
    town = Town(city, catalogue, read_settings(Settings))
    with asking.only_city(town.settings.state_dir) as is_ours:
        if is_ours:
            _live(town, options, told, faults)
        else:
            _ask(options, told, town.settings)


def _draw(city: City, path: Path) -> None:
    path.write_bytes(msgspec.json.encode(atlas.describe(city)))
    say(f"{path}: {len(city.sites)} sites, {len(city.devices)} devices.")


def _live(town: Town, options: Namespace, told: Scenario | None, faults: list[FaultOption]) -> None:
    if not options.unregistered:
        _register(town.settings, town.city)
    ground = msgspec.json.encode(atlas.ground(town.city))
    replace_file(town.settings.state_dir / "map.geojson", ground)  # for the page (API_MAP_FILE)
    staging = Staging(now_us() + _START_AFTER_US, options.speed)
    happening = episodes.lasting(faults, town.city, staging.start_us)
    if told:
        happening += _stage(options.scenario, told, town, staging)
    show = _show(town, _pace(told, staging, options.rate), happening)
    show = show._replace(until_us=_end_us(told, staging, options.seconds))
    heartbeat = beat_line(town.settings.broker, running.INSTANCE)
    run_program(lambda: running.run(show, heartbeat), log_level=town.settings.log_level)


def _stage(name: str, told: Scenario, town: Town, staging: Staging) -> list[Episode]:
    """Put a scenario on the clock and write down its truth before it happens."""
    happening = episodes.stage(told, town.city, staging)
    truth = episodes.truth(name, told, town.city, happening, staging)
    keep_truth(town.settings.state_dir, truth)
    say(f"{name}: from {truth.start_at:%H:%M:%S} to {truth.end_at:%H:%M:%S} UTC.")
    return happening


def _requested(town: Town) -> list[Episode]:
    """Stage what somebody asked the running city to perform, if it can be performed."""
    request = asking.take(town.settings.state_dir)
    if request is None:
        return []
    try:
        told = read_scenario(request.scenario, episodes.KINDS)
        staging = Staging(now_us() + _START_AFTER_US, request.speed)
        return _stage(request.scenario, told, town, staging)
    except YiwangError as error:
        log.warning("scenario refused", scenario=request.scenario, reason=error.message)
        return []


def _ask(options: Namespace, told: Scenario | None, settings: Settings) -> None:
    """Have the running city perform the scenario, and stay until it is over."""
    if told is None:
        raise Conflict(
            "A city speaks already from this state folder; only a --scenario can be added to it."
        )
    asking.ask(settings.state_dir, Request(options.scenario, options.speed))
    say(f"The city that is running performs {options.scenario!r}.")
    time.sleep(_START_AFTER_US / _US + told.duration_s / options.speed)


def _pace(told: Scenario | None, staging: Staging, rate: float) -> Pace:
    city_s = staging.start_us / _US
    if told and told.local_time:
        city_s = at_local_time(city_s, told.local_time)
    return Pace(staging.start_us, city_s, staging.speed, rate)


def _end_us(told: Scenario | None, staging: Staging, seconds: float | None) -> int | None:
    if told:
        return staging.at(told.duration_s)
    return None if seconds is None else now_us() + round(seconds * _US)


def _show(town: Town, pace: Pace, happening: list[Episode]) -> Show:
    settings, city, profiles = town.settings, town.city, town.catalogue.profiles
    books_path = settings.state_dir / "books.json"
    books = read_books(books_path)
    take = city_sequences(settings.state_dir, city).take
    return Show(
        voices=Voices(city, town.catalogue, take, pace=pace, episodes=happening),
        lines=lines.draw_lines(city, profiles, settings.broker, books),
        requested=lambda: _requested(town),
        books=books,
        books_path=books_path,
        device_count=len(city.devices),
        until_us=None,
    )
