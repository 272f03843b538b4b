"""The live stream as a browser hears it, in a thread of its own."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import httpx

from tests.fixtures.whole import Document, Whole
from tests.integration.alerts.duty_room import Office


class Heard(NamedTuple):
    """One alert on the stream; `number` is its id, None where it overtook another."""

    number: int | None
    alert: Document


class Ear:
    """Hears until it is closed or the server goes away."""

    def __init__(self, whole: Whole, last: int | None = None) -> None:
        self._whole = whole
        self._last = last
        self._changed = threading.Condition()
        self._closing = False
        self.heard: list[Heard] = []
        self.resets = 0
        self.cities = 0
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()
        self.wait_for(lambda: self.cities, within=20)

    def alerts(self, device_id: str) -> list[Document]:
        """Return what was heard of one device, in order."""
        return [each.alert for each in list(self.heard) if each.alert["device_id"] == device_id]

    def states(self, device_id: str) -> list[str]:
        return [alert["state"] for alert in self.alerts(device_id)]

    def numbers(self) -> set[int]:
        return {number for number, _ in list(self.heard) if number is not None}

    @property
    def last(self) -> int:
        """Wait until a browser could resume, and return from where."""
        self.wait_for(lambda: self._last is not None)
        return self._last or 0

    def wait_for(self, condition: Callable[[], Any], *, within: float = 10) -> None:
        with self._changed:
            assert self._changed.wait_for(condition, within), f"not within {within} s"

    def close(self) -> None:
        """Stop with the next event; there is one each second."""
        self._closing = True
        self._thread.join(20)

    def _listen(self) -> None:
        headers = {"Authorization": f"Bearer {self._whole.tokens['viewer']}"}
        if self._last is not None:
            headers["Last-Event-ID"] = str(self._last)
        url = f"{self._whole.servers.deployment.api_url}/api/v1/stream"
        try:
            with httpx.stream("GET", url, headers=headers, timeout=20) as response:
                self._read(response.iter_lines())
        except httpx.TransportError:
            return  # the server is gone, as some tests want it

    def _read(self, lines: Iterator[str]) -> None:
        fields: dict[str, str] = {}
        for line in lines:
            name, _, value = line.partition(": ")
            if line:
                fields[name] = value
                continue
            self._take(fields)
            fields = {}
            if self._closing:
                return

    def _take(self, fields: dict[str, str]) -> None:
        number = int(fields["id"]) if "id" in fields else None
        with self._changed:
            self._last = self._last if number is None else number
            match fields.get("event"):
                case "alert":
                    self.heard.append(Heard(number, json.loads(fields["data"])))
                case "city":
                    self.cities += 1
                case "reset":
                    self.resets += 1
            self._changed.notify_all()


@contextmanager
def listening(whole: Whole, last: int | None = None) -> Iterator[Ear]:
    whole.get("/me")  # signs the viewer in
    ear = Ear(whole, last)
    try:
        yield ear
    finally:
        ear.close()


def wait_until_known(whole: Whole, office: Office) -> None:
    """Wait until the engine has read of every device that is registered."""
    registered = len(whole.items("/devices"))
    office.wait_for(lambda: (office.pulse() or {}).get("devices_total", 0) >= registered)


def shown_on(office: Office) -> int:
    """Count the alerts the broker shows, without reading them."""
    return sum(name.startswith("yiwang/v1/alerts/") for name in office.retained)
