"""All ways of being asked to stop are one, and stopping itself is not interrupted."""

import os
import signal

import pytest

from stack.interrupting import ended_by_interrupt, uninterrupted


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_every_request_to_end_is_an_interrupt(number: signal.Signals) -> None:
    with pytest.raises(KeyboardInterrupt), ended_by_interrupt():
        os.kill(os.getpid(), number)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_ending_is_not_interrupted(number: signal.Signals) -> None:
    with uninterrupted():
        os.kill(os.getpid(), number)


def test_what_was_handled_before_is_handled_again() -> None:
    before = signal.getsignal(signal.SIGTERM)

    with ended_by_interrupt(), uninterrupted():
        pass

    assert signal.getsignal(signal.SIGTERM) is before
