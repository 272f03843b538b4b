"""Mosquitto's verifiers, as we make and check them."""

import pytest

from core.broker_password import verifier, verifies


def test_a_password_verifies_against_its_own_verifier() -> None:
    assert verifies("三号桥 bridge", verifier("三号桥 bridge"))


def test_another_password_does_not() -> None:
    assert not verifies("wrong", verifier("right"))


def test_the_same_password_never_looks_the_same() -> None:
    assert verifier("right") != verifier("right")


@pytest.mark.parametrize(
    "malformed",
    [
        pytest.param("", id="nothing"),
        pytest.param("right", id="a-plain-password"),
        pytest.param("$7$101$salt", id="no-hash"),
        pytest.param("$7$many$c2FsdA==$aGFzaA==", id="iterations-are-no-number"),
        pytest.param("$7$0$c2FsdA==$aGFzaA==", id="no-iterations"),
        pytest.param("$7$101$***$aGFzaA==", id="salt-is-no-base64"),
        pytest.param("$6$101$c2FsdA==$aGFzaA==", id="another-scheme"),
    ],
)
def test_a_malformed_verifier_matches_nothing(malformed: str) -> None:
    assert not verifies("right", malformed)
