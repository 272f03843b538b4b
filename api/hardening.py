"""What every answer carries and no request may exceed."""

import time
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import TooLarge, answer
from api.metrics import REQUESTS
from api.reports.html import STYLE_SOURCE

MIB = 1024 * 1024
BODY_AT_MOST = MIB
IMPORT_AT_MOST = 64 * MIB

_POLICY = "Content-Security-Policy"

HEADERS = {
    _POLICY: (
        f"default-src 'none'; script-src 'self'; style-src 'self' {STYLE_SOURCE}; "
        "img-src 'self' data:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def allow_tiles(policy: str, tiles_url: str | None) -> str:
    """Return the policy with one more source of images: where the map's raster tiles are."""
    if not tiles_url:
        return policy
    scheme, host, *_ = urlsplit(tiles_url)
    origin = f"{scheme}://{host}"
    return policy.replace("connect-src 'self'", f"connect-src 'self' {origin}").replace(
        "img-src 'self'", f"img-src 'self' {origin}"
    )


class SafeHeaders:
    """Adds the headers that tell a browser what this site never does."""

    def __init__(self, app: ASGIApp, *, tiles_url: str | None = None) -> None:
        """Wrap `app`; the page may fetch the map's raster tiles from that address, if any."""
        self._app = app
        self._headers = {**HEADERS, _POLICY: allow_tiles(HEADERS[_POLICY], tiles_url)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, with the headers."""

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, send_safely)


class BoundedBodies:
    """Refuses a body that is too long: by its announced length, else once it is."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, counting what comes in."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = IMPORT_AT_MOST if scope["path"].endswith("/import") else BODY_AT_MOST
        try:
            _check(_announced(scope), limit)
            await self._app(scope, _counted(receive, limit), send)
        except TooLarge as error:
            await answer(error)(scope, receive, send)


class Measured:
    """Measures how long answers take, by route."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, with a stop-watch."""
        began, status = time.perf_counter(), 500

        async def note_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        await self._app(scope, receive, note_status)
        route = getattr(scope.get("route"), "path", "page")
        if scope["type"] == "http" and not route.endswith("/stream"):
            took = time.perf_counter() - began
            REQUESTS.labels(scope["method"], route, status).observe(took)


def _announced(scope: Scope) -> int:
    length = dict(scope["headers"]).get(b"content-length", b"0")
    return int(length) if length.isdigit() else 0


def _check(length: int, limit: int) -> None:
    if length > limit:
        raise TooLarge(f"The body is longer than {limit // MIB} MiB.")


def _counted(receive: Receive, limit: int) -> Receive:
    seen = 0

    async def receive_counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        _check(seen, limit)
        return message

    return receive_counted
