"""A private system with its devices registered, its books open and its heartbeats heard."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bench.beating import Heartbeats, heartbeats
from bench.books import Books
from bench.scale import Scale
from bench.seeding import seed
from bench.systems import System, private_system


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a benchmark takes place."""

    system: System
    books: Books
    beats: Heartbeats
    devices: int

    @property
    def speaker_url(self) -> str:
        """Return how the publisher reaches the broker."""
        return self.system.deployment.broker_url("svc-simulators")

    def stream(self, count: int, **options: float) -> dict[str, float]:
        """Return the publisher's options for the next `count` messages."""
        first_seq = self.books.totals().stored // self.devices
        return {"devices": self.devices, "count": count, "first_seq": first_seq, **options}


@contextmanager
def scene(*programs: str, scale: Scale, detectors: int = 0) -> Iterator[Scene]:
    """Set everything up, and leave nothing of it behind."""
    with (
        private_system(*programs) as system,
        heartbeats(system.broker("svc-api")) as beats,
    ):
        seed(system, devices=scale.devices, detectors=detectors)
        yield Scene(system, Books(system.owner_url), beats, scale.devices)
