"""Signing in: tokens, Basic, the page's cookie; and what is refused."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.integration.api.conftest import PASSWORDS, Api, eventually

OFFICER = {"username": "officer", "password": PASSWORDS["officer"]}


@pytest.fixture
async def page(api: Api) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that has signed in."""
    async with httpx.AsyncClient(base_url=f"{api.url}/api/v1") as client:
        client.headers["Origin"] = api.url
        answer = await client.post("/sign-in", data=OFFICER)
        assert answer.status_code == 200
        yield client


async def test_a_program_signs_in_once_and_uses_its_token(api: Api) -> None:
    answer = await api.client(None).post("/token", data=OFFICER)

    token = answer.json()
    assert (token["token_type"], token["role"], token["expires_in"]) == ("bearer", "officer", 43200)
    headers = {"Authorization": f"Bearer {token['access_token']}"}
    me = await api.client(None).get("/me", headers=headers)
    assert me.json() == {"username": "officer", "full_name": "", "role": "officer"}


async def test_name_and_password_are_accepted_with_every_request(api: Api) -> None:
    answer = await api.client("viewer").get("/me")

    assert answer.json()["role"] == "viewer"


async def test_the_pages_cookie_is_out_of_reach_for_scripts_and_other_sites(api: Api) -> None:
    answer = await api.client(None).post("/sign-in", data=OFFICER, headers={"Origin": api.url})

    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "token" not in answer.text


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", None])
async def test_another_site_cannot_write_with_the_pages_cookie(
    page: httpx.AsyncClient, origin: str | None
) -> None:
    del page.headers["Origin"]
    headers = {} if origin is None else {"Origin": origin}

    answer = await page.post("/alerts/a/acknowledgement", headers=headers)

    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forbidden")


async def test_a_page_that_asks_now_and_then_stays_signed_in(page: httpx.AsyncClient) -> None:
    answer = await page.get("/me")

    assert "yiwang_session=" in answer.headers["set-cookie"]


async def test_after_signing_out_the_page_is_a_stranger(page: httpx.AsyncClient) -> None:
    await page.post("/sign-out")

    assert (await page.get("/me")).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"Authorization": "Bearer forged.token"}, id="forged"),
        pytest.param({"Authorization": "Basic !!!"}, id="not-base64"),
        pytest.param({"Cookie": "yiwang_session=forged"}, id="forged-cookie"),
    ],
)
async def test_strangers_learn_nothing(api: Api, headers: dict[str, str]) -> None:
    answer = await api.client(None).get("/devices", headers=headers)

    assert answer.status_code == 401
    assert set(answer.json()["error"]) == {"code", "message"}


async def test_guessing_is_slowed_down_even_when_the_last_guess_is_right(api: Api) -> None:
    for guess in range(5):
        wrong = {**OFFICER, "password": f"guess-{guess}"}
        assert (await api.client(None).post("/token", data=wrong)).status_code == 401

    answer = await api.client(None).post("/token", data=OFFICER)

    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 300


async def test_a_role_does_not_cover_what_is_above_it(api: Api) -> None:
    answer = await api.client("officer").get("/users")

    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forbidden")


async def test_a_disabled_user_is_out_at_once(api: Api) -> None:
    token = (await api.client(None).post("/token", data=OFFICER)).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}

    changed = await api.client("admin").patch("/users/officer", json={"disabled": True})

    assert changed.json()["disabled"] is True
    assert (await api.client(None).get("/me", headers=headers)).status_code == 401
    assert (await api.client(None).post("/token", data=OFFICER)).status_code == 401


async def test_a_new_password_ends_the_old_sign_ins(api: Api) -> None:
    token = (await api.client(None).post("/token", data=OFFICER)).json()["access_token"]

    await api.client("admin").patch("/users/officer", json={"password": "another-password"})

    headers = {"Authorization": f"Bearer {token}"}
    assert (await api.client(None).get("/me", headers=headers)).status_code == 401
    fresh = {"username": "officer", "password": "another-password"}
    assert (await api.client(None).post("/token", data=fresh)).status_code == 200


async def test_an_admin_admits_people_once_per_name(api: Api) -> None:
    new = {"username": "li", "full_name": "李警官", "role": "officer", "password": "0123456789"}

    first = await api.client("admin").post("/users", json=new)
    second = await api.client("admin").post("/users", json=new)

    assert (first.status_code, second.status_code) == (201, 409)
    assert "password" not in first.text
    listed = (await api.client("admin").get("/users")).json()["items"]
    assert "李警官" in [user["full_name"] for user in listed]


async def test_the_last_admin_cannot_lock_himself_out(api: Api) -> None:
    answer = await api.client("admin").patch("/users/admin", json={"role": "viewer"})

    assert answer.status_code == 409


async def test_deeds_are_in_the_audit_trail_and_officers_do_not_read_it(api: Api) -> None:
    await api.client("admin").patch("/users/viewer", json={"full_name": "大屏"})

    async def noted() -> dict[str, object] | None:
        deeds = (await api.client("supervisor").get("/audit")).json()["items"]
        return deeds[0] if deeds else None

    deed = await eventually(noted)
    assert (deed["actor"], deed["action"], deed["subject"]) == ("admin", "user.change", "viewer")
    assert (await api.client("officer").get("/audit")).status_code == 403
