"""`python -m simulators load`: a bounded load test of this machine."""

import time
from argparse import Namespace

import msgspec

from core.process import read_settings
from simulators import loading
from simulators.city import build_city, scale_for
from simulators.loading import Load
from simulators.settings import Settings
from simulators.wiring import city_sequences, read_catalogue, say


def run_load(options: Namespace) -> None:
    """Publish at a rate for a while, and print one JSON line."""
    settings = read_settings(Settings)
    loading.check_loopback(settings.broker)
    catalogue = read_catalogue()
    # Fewer devices than the default city has are taken from it: they are registered already.
    scale = max(1.0, scale_for(catalogue.profiles, options.devices))
    city = build_city(catalogue.profiles, seed=options.seed, scale=scale)
    voices = loading.templates(city, catalogue, now_s=time.time())[: options.devices]
    take = city_sequences(settings.state_dir, city).take
    result = loading.run(settings.broker, voices, take, Load(options.rate, options.seconds))
    say(msgspec.json.encode(result).decode())
