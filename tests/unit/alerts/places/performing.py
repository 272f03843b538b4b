"""Shipped scenarios performed in memory: the simulated city speaks, the shipped rules judge."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from msgspec.structs import replace

from alerts.board.alert import Began, Finding
from alerts.journal.pen import Pen
from alerts.judging.conditions import Conditions
from alerts.judging.correlating import Correlations
from alerts.judging.rulebook import Rulebook
from alerts.reading import Reader
from core.broker import Delivery
from core.clock import from_us
from devices.registry import Registry, RegistryContent
from simulators import episodes
from simulators.arrays import Integers
from simulators.city import City
from simulators.episodes import Staging
from simulators.scenario import read_scenario
from simulators.scoring import Alert, Truth
from simulators.voices import Catalogue, Pace, Voices

S = 1_000_000
STEP_US = 5 * S
OURS = frozenset({"geofence", "route", "load_speed", "hours", "forbidden", "correlation"})


class Performance(NamedTuple):
    """What really happened, and what our kinds of rules made of it."""

    truth: Truth
    alerts: list[Alert]


def registered(city: City, catalogue: Catalogue) -> Registry:
    """The city as the database would number it."""
    metrics = enumerate(catalogue.metrics.values(), start=1)
    devices = enumerate(city.devices, start=1)
    return Registry(
        RegistryContent(
            version=1,
            grids=city.grids,
            sites=city.sites,
            metrics=tuple(replace(each, number=number) for number, each in metrics),
            profiles=tuple(catalogue.profiles.values()),
            devices=tuple(replace(each, number=number) for number, each in devices),
        )
    )


class Ears:
    """Hears messages and keeps the alerts of our kinds, as the scorer wants them."""

    def __init__(self, rulebook: Rulebook, registry: Registry) -> None:
        self._registry = registry
        self._reader = Reader(None)
        self._conditions = Conditions(late_us=300 * S, ahead_us=60 * S)
        self._conditions.adopt(registry, rulebook.index(registry))
        self._correlations = Correlations(Pen(), {})
        self._correlations.adopt(rulebook.rules, registry)
        self.alerts: list[Alert] = []

    def hear(self, topic: str, payload: bytes, now_us: int) -> None:
        read = self._reader.read(Delivery(topic, payload, received_us=now_us), self._registry)
        if read is not None:
            self._take(self._conditions.judge(*read, now_us), now_us)

    def wait(self, now_us: int) -> None:
        self._take(self._conditions.outlast(now_us), now_us)
        self._keep(self._correlations.due(now_us), now_us)

    def _take(self, findings: Iterable[Finding], now_us: int) -> None:
        for finding in findings:
            self._keep([finding], now_us)
            speaker = self._registry.speakers[_source(finding)]
            ids = speaker.device.site_id, speaker.device.device_id
            self._keep(self._correlations.note(finding, *ids, now_us), now_us)

    def _keep(self, findings: Iterable[Finding], now_us: int) -> None:
        now = from_us(now_us)
        for began in findings:
            if isinstance(began, Began) and began.rule.kind in OURS:
                _, device, _, site = began.subject
                alert = Alert(
                    alert_id=str(len(self.alerts)), rule_id=began.rule.rule_id,
                    kind=began.rule.kind, subject=began.measure.name, updated_at=now,
                    raised_at=from_us(began.at_us), detected_at=now,
                    device_id=device.device_id if device else None,
                    site_id=device.site_id if device else site.site_id if site else None,
                )  # fmt: skip
                self.alerts.append(alert)


def _source(finding: Finding) -> str:
    return finding.source if not isinstance(finding, Began) else finding.subject.source


def perform(
    name: str, domain: str, start_us: int, city: City, catalogue: Catalogue, rulebook: Rulebook
) -> Performance:
    """Perform a scenario; only devices of one domain are heard, and only our kinds are scored."""
    told = read_scenario(name, episodes.KINDS)
    staging = Staging(start_us)
    happening = episodes.stage(told, city, staging)
    truth = episodes.truth(name, told, city, happening, staging)
    voices = Voices(
        city, catalogue, _counter(city), pace=Pace(start_us, start_us / S), episodes=happening
    )
    ears = Ears(rulebook, registered(city, catalogue))
    for now_us in range(start_us - 60 * S, start_us + round(told.duration_s) * S, STEP_US):
        for message in voices.say(now_us, now_us + STEP_US):
            if f"/{domain}/" in message.topic:
                ears.hear(message.topic, message.payload, now_us + STEP_US)
        ears.wait(now_us + STEP_US)
    return Performance(_of_ours(truth), ears.alerts)


def _of_ours(truth: Truth) -> Truth:
    labels = (
        replace(label, expected=tuple(each for each in label.expected if each.kind in OURS))
        for label in truth.labels
    )
    return replace(truth, labels=tuple(labels))


def _counter(city: City):  # noqa: ANN202 - what Voices takes
    said = np.zeros(len(city.devices), dtype=np.int64)

    def take(places: Integers) -> Integers:
        said[places] += 1
        return said[places]

    return take
