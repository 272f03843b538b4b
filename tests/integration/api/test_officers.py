"""Who may be given an alert or a desk."""

from tests.integration.api.conftest import Api


async def test_an_officer_sees_everybody_who_takes_alerts_and_nobody_else(api: Api) -> None:
    answer = await api.client("officer").get("/officers")

    assert [(one["username"], one["role"]) for one in answer.json()["items"]] == [
        ("admin", "admin"),
        ("officer", "officer"),
        ("supervisor", "supervisor"),
    ]
    assert "password" not in answer.text


async def test_a_viewer_is_not_told_who_takes_alerts(api: Api) -> None:
    answer = await api.client("viewer").get("/officers")

    assert answer.status_code == 403
