"""The registry: read from memory, written through the database, imported whole or not at all."""

import time
from pathlib import Path
from typing import Any

import pytest

from tests.integration.api.conftest import Api
from tests.integration.api.fake_engine import FakeEngine

SITE = {
    "site_id": "unit-1",
    "kind": "fire_unit",
    "name": "第一中学",
    "district": "620171",
    "lon": 103.65,
    "lat": 36.47,
}


async def profile_of(api: Api, *, gateway: bool = False) -> str:
    profiles = (await api.client("viewer").get("/profiles")).json()["items"]
    return next(profile["profile_id"] for profile in profiles if profile["gateway"] is gateway)


def device(number: int, profile: str, **fields: Any) -> dict[str, Any]:
    return {
        "device_id": f"device-{number:05}",
        "profile_id": profile,
        "site_id": "unit-1",
        "district": "620171",
        "name": f"设备 {number}",
    } | fields


async def import_city(api: Api, devices: list[dict[str, Any]]) -> dict[str, Any]:
    body = {"sites": [SITE], "devices": devices}
    answer = await api.client("supervisor").post("/registry/import", json=body)
    assert answer.status_code == 200, answer.text
    result: dict[str, Any] = answer.json()
    return result


async def test_thousands_of_devices_come_in_at_once_and_the_second_time_is_quick(api: Api) -> None:
    profile = await profile_of(api)
    devices = [device(number, profile) for number in range(3000)]

    first = await import_city(api, devices)
    began = time.perf_counter()
    second = await import_city(api, devices)

    assert first["devices"] == {"added": 3000, "changed": 0, "unchanged": 0}
    assert second["unchanged"] is True
    assert second["devices"]["unchanged"] == 3000
    assert time.perf_counter() - began < 2


async def test_bad_lines_are_named_and_nothing_is_imported(api: Api) -> None:
    profile = await profile_of(api)
    devices = [device(0, profile), device(1, "no-such-kind"), device(2, profile, site_id="nowhere")]

    answer = await api.client("supervisor").post(
        "/registry/import", json={"sites": [SITE], "devices": devices}
    )

    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "bad_lines")
    assert "devices 1, profile_id" in answer.json()["error"]["message"]
    assert "devices 2, site_id" in answer.json()["error"]["message"]
    assert (await api.client("viewer").get("/sites")).json()["items"] == []


async def test_lines_that_cannot_be_read_are_all_named(api: Api) -> None:
    bad = [SITE | {"lon": 200}, {"site_id": "x"}]

    answer = await api.client("supervisor").post("/registry/import", json={"sites": bad})

    assert answer.status_code == 422
    assert "sites 0" in answer.json()["error"]["message"]
    assert "sites 1" in answer.json()["error"]["message"]


async def test_devices_are_found_by_site_kind_text_and_in_pages(api: Api) -> None:
    profile = await profile_of(api)
    await import_city(api, [device(number, profile) for number in range(5)])
    viewer = api.client("viewer")

    page = (await viewer.get("/devices", params={"site": "unit-1", "limit": 3})).json()
    rest = (await viewer.get("/devices", params={"limit": 3, "cursor": page["next"]})).json()
    named = (await viewer.get("/devices", params={"text": "设备 4", "profile": profile})).json()

    found = [item["device_id"] for item in page["items"] + rest["items"]]
    assert found == [f"device-{number:05}" for number in range(5)]
    assert [item["name"] for item in named["items"]] == ["设备 4"]


async def test_a_device_behind_a_silent_gateway_is_not_online(api: Api, engine: FakeEngine) -> None:
    gateway, plain = await profile_of(api, gateway=True), await profile_of(api)
    devices = [device(1, gateway), device(2, plain, gateway_id="device-00001"), device(3, plain)]
    await import_city(api, devices)
    viewer = api.client("viewer")
    await engine.raise_alert("a-1", kind="offline", device_id="device-00001", site_id="unit-1")
    await engine.beat()
    await api.client("officer").post("/alerts/a-1/acknowledgement")
    await engine.beat()

    online = (await viewer.get("/devices", params={"online": True})).json()["items"]
    offline = (await viewer.get("/devices", params={"online": False})).json()["items"]

    assert [item["device_id"] for item in online] == ["device-00003"]
    assert [item["device_id"] for item in offline] == ["device-00001", "device-00002"]


async def test_what_was_put_is_what_is_got_and_deleted_is_gone(api: Api) -> None:
    profile, writer = await profile_of(api), api.client("supervisor")
    assert (await writer.put("/sites/unit-1", json=SITE)).status_code == 200

    stored = await writer.put("/devices/device-00001", json=device(1, profile))

    assert stored.status_code == 200
    got = await api.client("viewer").get("/devices/device-00001")
    assert got.json() == stored.json()
    assert (await writer.delete("/devices/device-00001")).status_code == 204
    assert (await api.client("viewer").get("/devices/device-00001")).status_code == 404
    assert (await writer.delete("/devices/device-00001")).status_code == 404


async def test_the_map_has_every_site(api: Api) -> None:
    await import_city(api, [device(1, await profile_of(api))])

    features = (await api.client("viewer").get("/sites.geojson")).json()["features"]

    assert [feature["properties"]["devices"] for feature in features] == [1]
    assert features[0]["geometry"] == {"type": "Point", "coordinates": [103.65, 36.47]}


@pytest.mark.parametrize(
    ("form", "media"), [("csv", "text/csv"), ("geojson", "application/geo+json")]
)
async def test_an_exported_file_comes_in_again_unchanged(api: Api, form: str, media: str) -> None:
    await import_city(api, [device(1, await profile_of(api), lon=103.6, lat=36.4)])
    for things in ("sites", "devices"):
        file = await api.client("viewer").get(f"/{things}/export", params={"format": form})

        answer = await api.client("supervisor").post(
            f"/{things}/import", content=file.content, headers={"Content-Type": media}
        )

        assert answer.status_code == 200, answer.text
        assert answer.json()["unchanged"] is True


async def test_a_bad_line_of_a_csv_is_named_by_its_number(api: Api) -> None:
    text = "site_id,kind,name,district,lon,lat\nunit-9,fire_unit,九号,620171,999,36\n"

    answer = await api.client("supervisor").post(
        "/sites/import", content=text.encode(), headers={"Content-Type": "text/csv"}
    )

    assert answer.status_code == 422
    assert "line 2, lon" in answer.json()["error"]["message"]


async def test_a_profile_that_names_no_metric_is_refused(api: Api) -> None:
    profile = (await api.client("viewer").get("/profiles")).json()["items"][0]
    writer, path = api.client("supervisor"), f"/profiles/{profile['profile_id']}"

    good = await writer.put(path, json=profile)
    bad = await writer.put(path, json=profile | {"metrics": ["phlogiston_kg"]})

    assert good.status_code == 200, good.text
    assert (bad.status_code, bad.json()["error"]["code"]) == (422, "bad_profile")


async def test_a_credential_is_shown_once_rotated_and_revoked(api: Api, access_dir: Path) -> None:
    await import_city(api, [device(1, await profile_of(api))])
    writer, path = api.client("supervisor"), "/devices/device-00001/credentials"

    first = await writer.post(path)
    second = await writer.post(path)

    assert (first.status_code, second.status_code) == (201, 201)
    old, new = first.json()["username"], second.json()["username"]
    assert old != new
    passwd = (access_dir / "passwd").read_text()
    assert f"{old}:" in passwd
    assert first.json()["password"] not in passwd
    assert (await writer.delete(f"{path}/{old}")).status_code == 204
    assert f"{old}:" not in (access_dir / "passwd").read_text()
    listed = (await writer.get(path)).json()["items"]
    assert [held["username"] for held in listed] == [new]
    assert "password" not in str(listed)


async def test_an_officer_does_not_change_the_registry(api: Api) -> None:
    answer = await api.client("officer").put("/sites/unit-1", json=SITE)

    assert answer.status_code == 403
