"""Stop the system in the reverse of the order in which it started, and leave nothing behind."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psutil

from core.errors import Unavailable
from stack.folders import Instance
from stack.handing import take_back
from stack.interrupting import ended_by_interrupt, uninterrupted
from stack.programs import START_ORDER
from stack.progress import say
from stack.supervising import Supervisor

_ENDS_WITHIN = 90.0  # seconds, for everything together


@contextmanager
def ending_with(instance: Instance) -> Iterator[None]:
    """End the instance when the block ends, be it by Ctrl-C or by `down` from elsewhere."""
    try:
        with ended_by_interrupt():
            yield
    except KeyboardInterrupt:
        print()
    finally:
        end(instance)


def end(instance: Instance) -> None:
    """Stop everything, and let no second Ctrl-C leave half of it running."""
    with uninterrupted():
        down(instance)


def down(instance: Instance) -> bool:
    """Stop everything in reverse order; False says that nothing was running."""
    take_back(instance)
    supervisor = Supervisor(instance)
    running = supervisor.answers()
    if running:
        known = {state.name for state in supervisor.states() if state.pid}
        for name in (name for name in reversed(START_ORDER) if name in known):
            say(f"Stopping {name}")
            supervisor.stop(name)
        supervisor.shutdown()
        _wait_for_end(supervisor)
    return end_leftovers(instance) or running


def end_leftovers(instance: Instance) -> bool:
    """End what a killed supervisor left behind; it would hold ports and files."""
    found = _leftovers(instance)
    for process in found:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGINT if process.name() == "postgres" else signal.SIGTERM)
    _, stubborn = psutil.wait_procs(found, timeout=_ENDS_WITHIN)
    for process in stubborn:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    return bool(found)


def _leftovers(instance: Instance) -> list[psutil.Process]:
    """Find the processes that were started with the instance's folder in their environment."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("YIWANG_INSTANCE") == str(instance.folder):
                found.append(process)
        except psutil.Error:
            continue
    return found


def _wait_for_end(supervisor: Supervisor) -> None:
    deadline = time.monotonic() + _ENDS_WITHIN
    while supervisor.answers():
        if time.monotonic() > deadline:
            raise Unavailable("Supervisor does not end; some programs may still be running.")
        time.sleep(0.1)
