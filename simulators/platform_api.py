"""The platform's api as an operator's own program uses it; its refusals become our sentences."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Self, TypeVar

import httpx
import msgspec
from pydantic import SecretStr

from core.errors import Invalid, NotFound, Unavailable, YiwangError
from simulators.scoring import Alert, occurrences

_PATIENCE_S = 30.0  # for one answer; a first import of thousands of devices takes seconds
_PAGE = {"limit": "1000"}

ThingT = TypeVar("ThingT")


class Tally(msgspec.Struct, frozen=True):
    """What an import did to one kind of thing."""

    added: int
    changed: int
    unchanged: int


class ImportResult(msgspec.Struct, frozen=True):
    """What an import did."""

    grids: Tally
    sites: Tally
    devices: Tally


class Account(msgspec.Struct, frozen=True):
    """The platform's books of one device."""

    received: int
    stored: int
    duplicate: int
    quarantined: int


class _Alerts(msgspec.Struct, frozen=True):
    items: list[Alert]
    next: str | None = None


class PlatformApi:
    """A signed-in connection to the api."""

    def __init__(
        self,
        url: str,
        username: str,
        password: SecretStr,
        *,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """Prepare the connection; nothing is asked yet. Tests bring their own `transport`."""
        self._client = httpx.Client(
            base_url=f"{url.rstrip('/')}/api/v1",
            auth=(username, password.get_secret_value()),
            timeout=_PATIENCE_S,
            transport=transport,
        )

    def __enter__(self) -> Self:
        """Use the connection in a `with` block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connection."""
        self._client.close()

    def import_registry(self, document: bytes) -> ImportResult:
        """Import grids, sites and devices; nothing happens where nothing changed."""
        headers = {"content-type": "application/json"}
        return self._ask(
            ImportResult, "POST", "/registry/import", content=document, headers=headers
        )

    def occurrences(
        self, start: datetime, end: datetime, *, device_id: str | None = None
    ) -> list[Alert]:
        """Return every raising of an alert from `start` up to `end`, closed alerts too."""
        device = {} if device_id is None else {"device_id": device_id}
        stretch = {"from": start.isoformat(), "to": end.isoformat()}
        found = [*self._alerts({"state": "all", **stretch, **device})]
        seen = {alert.alert_id for alert in found}
        # One that was already open before may have been raised again in this stretch.
        found += [alert for alert in self._alerts(device) if alert.alert_id not in seen]
        return list(occurrences(found, self._transitions))

    def _alerts(self, wanted: dict[str, str]) -> Iterator[Alert]:
        cursor: dict[str, str] = {}
        while True:
            page = self._ask(_Alerts, "GET", "/alerts", params=wanted | cursor | _PAGE)
            yield from page.items
            if page.next is None:
                return
            cursor = {"cursor": page.next}

    def _transitions(self, alert_id: str) -> list[Alert]:
        return self._ask(_Alerts, "GET", f"/alerts/{alert_id}/events").items

    def account(self, device_id: str) -> Account:
        """Return the books of one device."""
        return self._ask(Account, "GET", "/ledger", params={"device_id": device_id})

    def _ask(self, kind: type[ThingT], method: str, path: str, **request: Any) -> ThingT:  # noqa: ANN401 - httpx's own
        try:
            answer = self._client.request(method, path, **request)
        except httpx.TransportError as error:
            raise Unavailable(f"The api at {self._client.base_url} does not answer.") from error
        if not answer.is_success:
            raise _refusal(answer)
        return msgspec.json.decode(answer.content, type=kind)


def _refusal(answer: httpx.Response) -> YiwangError:
    """Turn an answer that is a no into the error it means."""
    try:
        sentence = str(answer.json()["error"]["message"])
    except (ValueError, KeyError, TypeError):
        sentence = f"it answered {answer.status_code} {answer.reason_phrase}."
    kinds: dict[int, type[YiwangError]] = {404: NotFound, 503: Unavailable}
    return kinds.get(answer.status_code, Invalid)(f"The api refuses: {sentence}")
