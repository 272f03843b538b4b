"""What a duty officer's screen hears: the api's event stream, each alarm with its instant."""

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import httpx
import msgspec

from core.errors import Unavailable
from stack.deployment import Deployment

_SILENCE = 10.0  # seconds; the stream speaks each second
_FIELD = "data: "


class Raised(msgspec.Struct, frozen=True):
    """Of an alert, what tells whose alarm it is; other events of the stream have none of it."""

    device_id: str | None = None
    rule_id: str | None = None
    transition: str | None = None


class Instants:
    """When things were first heard of (monotonic), by device."""

    def __init__(self) -> None:
        """Start with nothing heard."""
        self._at: dict[str, float] = {}
        self._came = threading.Condition()

    def note(self, device_id: str, at: float) -> None:
        """Keep the first instant of each device."""
        with self._came:
            self._at.setdefault(device_id, at)
            self._came.notify_all()

    def wait_for(self, devices: Iterable[str], *, within_s: float) -> list[float]:
        """Return the instants of all these devices; one that never comes is an error, not a gap."""
        wanted = list(devices)
        with self._came:
            self._came.wait_for(lambda: self._at.keys() >= set(wanted), timeout=within_s)
            if missing := [device for device in wanted if device not in self._at]:
                raise Unavailable(f"{len(missing)} of {len(wanted)} alarms were never heard.")
            return [self._at[device] for device in wanted]


@contextmanager
def screen(deployment: Deployment, rule_id: str) -> Iterator[Instants]:
    """Listen to the stream, as a viewer, for alerts that `rule_id` raises."""
    auth = ("viewer", deployment.passwords["demo-viewer"])
    with (
        httpx.Client(auth=auth, timeout=_SILENCE) as client,
        client.stream("GET", f"{deployment.api_url}/api/v1/stream") as stream,
    ):
        stream.raise_for_status()
        reader = _Reader(stream, rule_id)
        reader.start()
        try:
            yield reader.instants
        finally:
            reader.leave()


class _Reader(threading.Thread):
    """Reads the stream to note the instants; the city's summary each second lets it leave."""

    def __init__(self, stream: httpx.Response, rule_id: str) -> None:
        super().__init__(name="screen", daemon=True)
        self.instants = Instants()
        self._stream = stream
        self._rule_id = rule_id
        self._over = False

    def run(self) -> None:
        for line in self._stream.iter_lines():
            at = time.monotonic()
            if self._over:
                return
            if line.startswith(_FIELD) and self._rule_id in line:
                self._read(line.removeprefix(_FIELD), at)

    def leave(self) -> None:
        self._over = True
        self.join(_SILENCE)

    def _read(self, document: str, at: float) -> None:
        alert = msgspec.json.decode(document, type=Raised)
        if (alert.rule_id, alert.transition) == (self._rule_id, "raised") and alert.device_id:
            self.instants.note(alert.device_id, at)
