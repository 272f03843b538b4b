"""What the commands share: the catalogue, the city they mean, its counters, the signed-in api."""

import sys
from argparse import Namespace
from pathlib import Path

from devices.catalogue import load_catalogue
from simulators.city import City, build_city, scale_for
from simulators.platform_api import PlatformApi
from simulators.sequences import Sequences
from simulators.settings import Settings
from simulators.voices import Catalogue


def read_catalogue() -> Catalogue:
    """Return the shipped kinds of devices and their metrics, by name."""
    shipped = load_catalogue()
    return Catalogue(
        {profile.profile_id: profile for profile in shipped.profiles},
        {metric.name: metric for metric in shipped.metrics},
    )


def choose_city(options: Namespace, catalogue: Catalogue) -> City:
    """Build the city that the size options ask for."""
    scale: float = options.scale
    if options.devices is not None:
        scale = scale_for(catalogue.profiles, options.devices)
    return build_city(catalogue.profiles, seed=options.seed, scale=scale)


def city_sequences(state_dir: Path, city: City) -> Sequences:
    """Return the sequence numbers of the city's devices."""
    return Sequences(state_dir, [device.device_id for device in city.devices])


def platform_api(settings: Settings, url: str | None = None) -> PlatformApi:
    """Return the signed-in api of the settings, or the same sign-in elsewhere."""
    return PlatformApi(url or str(settings.api_url), settings.api_username, settings.api_password)


def say(text: str) -> None:
    """Write a line for whoever started the command."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
