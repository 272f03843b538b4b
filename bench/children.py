"""The processes a benchmark starts beside the system: publisher and bare subscriber."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from core.errors import Unavailable
from stack.folders import ROOT

_LAST_WORDS_WITHIN = 10.0  # seconds, once asked to end


class Published(msgspec.Struct, frozen=True):
    """When a publisher began (monotonic, the same clock in every process) and how long it took."""

    started: float
    seconds: float


class Subscribed(msgspec.Struct, frozen=True):
    """When the subscriber had everything (monotonic), and the processor time it used."""

    ended: float
    cpu_s: float


@contextmanager
def child(module: str, url: str, **options: float) -> Iterator[subprocess.Popen[str]]:
    """Run `python -m bench.<module>`, ended with the block; its broker's address is no argument."""
    words = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
    with subprocess.Popen(
        [sys.executable, "-m", f"bench.{module}", *words],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            print(url, file=process.stdin, flush=True)
            yield process
        finally:
            process.terminate()


def publish(url: str, *, within_s: float, **options: float) -> Published:
    """Publish as a process of its own, until the broker has every message."""
    with child("publishing", url, **options) as publisher:
        return msgspec.json.decode(last_words(publisher, within_s=within_s), type=Published)


def last_words(process: subprocess.Popen[str], *, within_s: float = _LAST_WORDS_WITHIN) -> str:
    """Return what a process printed until its end; one that fails or hangs ends the benchmark."""
    try:
        said, _ = process.communicate(timeout=within_s)
    except subprocess.TimeoutExpired as error:
        raise Unavailable(f"{process.args!r} does not come to an end.") from error
    if process.returncode:
        raise Unavailable(f"{process.args!r} failed.")
    return said.strip()
