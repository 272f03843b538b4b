"""The verifier mosquitto keeps instead of a password: PBKDF2 with SHA-512."""

import base64
import hashlib
import hmac
import secrets

_SCHEME = "7"  # mosquitto's number for PBKDF2-SHA512
_ITERATIONS = 101  # mosquitto's own; our passwords are random and long, not guessable words
_SALT_BYTES = 12


def verifier(password: str) -> str:
    """Return the text that goes behind the user name in mosquitto's password file."""
    salt = secrets.token_bytes(_SALT_BYTES)
    return f"${_SCHEME}${_ITERATIONS}${_text(salt)}${_text(_derived(password, salt, _ITERATIONS))}"


def verifies(password: str, verifier: str) -> bool:
    """Tell whether `verifier` was made from `password`; malformed ones never match."""
    try:
        _, scheme, iterations, salt, expected = verifier.split("$")
        derived = _derived(password, base64.b64decode(salt, validate=True), int(iterations))
    except ValueError:
        return False
    return scheme == _SCHEME and hmac.compare_digest(_text(derived), expected)


def _derived(password: str, salt: bytes, iterations: int) -> bytes:
    return hashlib.pbkdf2_hmac("sha512", password.encode(), salt, iterations)


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
