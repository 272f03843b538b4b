from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from pydantic import SecretStr

from api.attempts import PER_ADDRESS, PER_PERSON, WINDOW, Attempts
from api.errors import TooManyAttempts, Unauthenticated
from api.people import Role, User
from api.tokens import Tokens

NOW = datetime(2026, 5, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
LI = User(
    username="li",
    full_name="",
    role=Role.OFFICER,
    password_hash="$argon2id$…",
    disabled=False,
    created_at=NOW,
)


@pytest.fixture
def tokens() -> Tokens:
    return Tokens(SecretStr("k" * 40), valid_for=HOUR)


def test_a_token_tells_whose_it_is(tokens: Tokens) -> None:
    assert tokens.owner(tokens.issue(LI, now=NOW), {"li": LI}, now=NOW) is LI


@pytest.mark.parametrize(
    ("users", "later"),
    [
        pytest.param({"li": LI}, HOUR, id="expired"),
        pytest.param({}, HOUR / 2, id="disabled"),
        pytest.param(
            {"li": msgspec.structs.replace(LI, password_hash="new")}, HOUR / 2, id="new-password"
        ),
    ],
)
def test_a_token_ends(tokens: Tokens, users: dict[str, User], later: timedelta) -> None:
    token = tokens.issue(LI, now=NOW)

    with pytest.raises(Unauthenticated):
        tokens.owner(token, users, now=NOW + later)


@pytest.mark.parametrize("forged", ["", "a.b", "W10.x", "…"])
def test_a_forged_token_is_nobodys(tokens: Tokens, forged: str) -> None:
    with pytest.raises(Unauthenticated):
        tokens.owner(forged, {"li": LI}, now=NOW)


def test_a_token_of_another_key_is_nobodys(tokens: Tokens) -> None:
    other = Tokens(SecretStr("x" * 40), valid_for=HOUR).issue(LI, now=NOW)

    with pytest.raises(Unauthenticated):
        tokens.owner(other, {"li": LI}, now=NOW)


def test_a_role_covers_itself_and_those_before_it() -> None:
    assert [role for role in Role if Role.SUPERVISOR.covers(role)] == [
        Role.VIEWER,
        Role.OFFICER,
        Role.SUPERVISOR,
    ]


def test_one_more_failure_than_allowed_has_to_wait_for_the_first_to_age() -> None:
    attempts = Attempts()
    for _ in range(PER_PERSON):
        attempts.check("10.0.0.1", "li", now=NOW)
        attempts.failed("10.0.0.1", "li", now=NOW)

    with pytest.raises(TooManyAttempts) as refused:
        attempts.check("10.0.0.1", "li", now=NOW + timedelta(seconds=60))

    assert refused.value.retry_after_s == WINDOW.seconds - 60
    attempts.check("10.0.0.1", "li", now=NOW + WINDOW)
    attempts.check("10.0.0.1", "wang", now=NOW)
    attempts.check("10.0.0.2", "li", now=NOW)


def test_trying_many_names_from_one_address_is_guessing_too() -> None:
    attempts = Attempts()
    for number in range(PER_ADDRESS):
        attempts.failed("10.0.0.1", f"name-{number}", now=NOW)

    with pytest.raises(TooManyAttempts):
        attempts.check("10.0.0.1", "li", now=NOW)


def test_a_right_password_forgives_the_wrong_ones() -> None:
    attempts = Attempts()
    for _ in range(PER_PERSON - 1):
        attempts.failed("10.0.0.1", "li", now=NOW)
    attempts.succeeded("10.0.0.1", "li")
    attempts.failed("10.0.0.1", "li", now=NOW)

    attempts.check("10.0.0.1", "li", now=NOW)
