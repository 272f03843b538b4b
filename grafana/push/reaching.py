"""One Grafana over its HTTP API, through grafana-client; what it refuses becomes a sentence."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, Self, cast
from urllib.parse import urlsplit

from grafana_client.api import AsyncGrafanaApi
from grafana_client.client import (
    GrafanaClientError,
    GrafanaException,
    GrafanaServerError,
    GrafanaTimeoutError,
    GrafanaUnauthorizedError,
)
from niquests.exceptions import RequestException

from core.errors import Conflict, Invalid, NotFound, Unavailable, YiwangError
from grafana.push.settings import Settings

Json = Any

OLDEST: Final = 11
"""The first release whose API and panels these dashboards are for."""
_NEW_API: Final = "s"
"""The client puts `/api` before every path; so the newer `/apis/…` begins like this."""


class Grafana:
    """A Grafana that was reached, signed in to, and is new enough."""

    def __init__(self, url: str, settings: Settings) -> None:
        """Take the address and the sign-in; nothing is sent yet."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Invalid(f"{url!r} is no address such as https://grafana.example.org.")
        if parts.username or parts.password:
            raise Invalid("The address holds a sign-in; put it into GRAFANA_TOKEN instead.")
        self._url = url
        api: Any = cast("Any", AsyncGrafanaApi)(
            settings.credential,
            protocol=parts.scheme,
            host=f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname,
            port=parts.port,
            url_path_prefix=f"{parts.path.strip('/')}/".lstrip("/"),
            timeout=settings.timeout_s,
            organization_id=settings.organization,
        )
        self.api: Any = api
        self.namespace = "default" if settings.organization == 1 else f"org-{settings.organization}"

    async def __aenter__(self) -> Self:
        """Look whether it is there and new enough, and whether we may come in."""
        try:
            await self._introduce()
        except BaseException:
            await self.api.client.s.close()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        """Let the connections go."""
        await self.api.client.s.close()

    async def get(self, path: str, *, newer: bool = False) -> Json | None:
        """Read something; None if it is not there."""
        try:
            return await self.send("GET", path, newer=newer)
        except NotFound:
            return None

    async def send(
        self, method: str, path: str, body: Json | None = None, *, newer: bool = False
    ) -> Json:
        """Send one request below `/api`, or `/apis` if it is the newer one."""
        with self._in_our_words(f"{method} {path}"):
            run = getattr(self.api.client, method)
            return await run(f"{_NEW_API if newer else ''}{path}", json=body)

    async def _introduce(self) -> None:
        health = await self.send("GET", "/health")  # the one path that needs no sign-in
        version = health.get("version", "") if isinstance(health, dict) else None
        if version is None:
            raise Unavailable(f"What answers at {self._url} is not Grafana.")
        number = re.match(r"\d+", version)
        if number and int(number[0]) < OLDEST:
            raise Invalid(
                f"Grafana {version} is too old; these dashboards are for {OLDEST} and newer."
            )
        await self.send("GET", "/org")

    @contextmanager
    def _in_our_words(self, doing: str) -> Iterator[None]:
        try:
            yield
        except GrafanaTimeoutError as error:
            raise Unavailable(f"Grafana at {self._url} takes too long to answer.") from error
        except GrafanaUnauthorizedError as error:
            raise Invalid(
                f"Grafana at {self._url} does not accept the sign-in: GRAFANA_TOKEN (or "
                "GRAFANA_USERNAME and GRAFANA_PASSWORD) is wrong or has expired."
            ) from error
        except GrafanaException as error:
            raise self._refused(doing, error) from error
        except (RequestException, OSError) as error:
            raise Unavailable(f"Grafana does not answer at {self._url}.") from error
        except ValueError as error:  # an answer that is no JSON
            raise Unavailable(f"What answers at {self._url} is not Grafana.") from error

    def _refused(self, doing: str, error: GrafanaException) -> YiwangError:
        said = str(error.message).strip().rstrip(".")[:300]
        match error:
            case GrafanaServerError():
                return Unavailable(f"Grafana failed at {doing}: {said}.")
            case GrafanaClientError(status_code=403):
                return Invalid(f"The sign-in may not do this: {doing}. It needs the role Admin.")
            case GrafanaClientError(status_code=404):
                return NotFound(f"There is nothing at {doing}.")
            case GrafanaClientError(status_code=409 | 412):
                return Conflict(f"Somebody else has changed it meanwhile: {doing}: {said}.")
        return Invalid(f"Grafana refuses {doing}: {said}.")
