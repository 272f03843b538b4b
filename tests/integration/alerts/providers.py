"""A provider of messages on this machine, whose answers the tests write."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

TAKEN = {"errcode": 0, "code": 0}
"""What the robots of WeCom, DingTalk and Feishu say of a message they have taken."""


class Received(NamedTuple):
    """One request as the provider saw it."""

    path: str
    headers: dict[str, str]
    document: Any


class Provider(ThreadingHTTPServer):
    """Answers what `answers` says, one after another, and then always that it took the message."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.received: list[Received] = []
        self.answers: list[tuple[int, Any]] = []
        self.open = threading.Event()
        self.open.set()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Provider

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        document = json.loads(self.rfile.read(length))
        self.server.received.append(Received(self.path, dict(self.headers), document))
        self.server.open.wait(30)
        status, said = self.server.answers.pop(0) if self.server.answers else (200, TAKEN)
        text = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def running() -> Iterator[Provider]:
    """A provider that answers until the block ends."""
    server = Provider()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.open.set()
        server.shutdown()
        server.server_close()
        thread.join()
