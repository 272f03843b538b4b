"""A client we did not write speaks to the broker; what it says is read back through the API."""

from functools import partial

import pytest
from pydantic import SecretStr

from tests.acceptance import wires
from tests.fixtures.whole import DISTRICT, Document, Login, Whole, eventually, now_ms, topic
from tests.integration.alerts.duty_room import Radio

GATEWAY = "foreign-gateway"
VALUES = {"temperature_c": 21.5, "humidity_pct": 40.25, "battery_pct": 96.0}
VENDOR = {
    "profile_id": "foreign-vendor",
    "domain": "fire",
    "name_zh": "某厂烟感",
    "name_en": "vendor's detector",
    "expected_interval_s": 60,
    "offline_after_s": 300,
    "metrics": list(VALUES),
    "mapping": {
        "time": "head.when",
        "time_format": "epoch_s",
        "fields": [
            {"metric": "temperature_c", "from": "data.0.t", "scale": 0.1},
            {"metric": "humidity_pct", "from": "data.0.rh", "scale": 0.01},
            {"metric": "battery_pct", "from": "data.1.bat"},
        ],
    },
}


@pytest.fixture(scope="module")
def detector(whole: Whole) -> Login:
    """A detector that has just been registered and given its first credential."""
    whole.register("foreign-1", "foreign-2")
    login = whole.issue("foreign-1")
    eventually(lambda: whole.admitted(login), within=10)
    return login


def latest(whole: Whole, device_id: str) -> dict[str, float]:
    items = whole.get(f"/devices/{device_id}/latest")["items"]
    return {item["metric"]: item["value"] for item in items}


def history(whole: Whole, device_id: str) -> list[Document]:
    return [
        {"metric": metric, **point}
        for metric in VALUES
        for point in whole.get(f"/devices/{device_id}/history", metric=metric, resolution="raw")[
            "points"
        ]
    ]


def whole_history(whole: Whole, device_id: str) -> list[Document]:
    """Wait until every value is there: each is asked for by itself, around one commit."""
    return eventually(
        lambda: found if len(found := history(whole, device_id)) >= len(VALUES) else None
    )


def test_what_mosquitto_pub_says_is_read_back_through_the_api(
    whole: Whole, detector: Login
) -> None:
    ts = now_ms()

    said = whole.publish(detector, topic("foreign-1"), wires.native(ts, VALUES, seq=1))

    assert said.returncode == 0, said.stderr
    eventually(lambda: latest(whole, "foreign-1") == VALUES)
    assert len(history(whole, "foreign-1")) == len(VALUES)


@pytest.mark.parametrize("version", ["311", "5"])
@pytest.mark.parametrize("qos", ["0", "1", "2"])
def test_every_protocol_and_quality_of_service_is_stored_once(
    whole: Whole, detector: Login, version: str, qos: str
) -> None:
    ts = now_ms()
    before = whole.get("/ledger", device_id="foreign-1")["stored"]

    payload = wires.native(ts, {"temperature_c": 20})
    whole.publish(detector, topic("foreign-1"), payload, "-V", version, "-q", qos)

    eventually(lambda: whole.get("/ledger", device_id="foreign-1")["stored"] == before + 1)


def test_what_a_device_says_under_another_name_is_not_stored(whole: Whole, detector: Login) -> None:
    whole.publish(detector, topic("foreign-2"), wires.native(now_ms(), {"temperature_c": 99}))
    whole.publish(detector, topic("foreign-1"), wires.native(now_ms(), {"temperature_c": 22}))

    eventually(lambda: latest(whole, "foreign-1")["temperature_c"] == 22)
    assert latest(whole, "foreign-2") == {}
    assert whole.get("/ledger", device_id="foreign-2")["received"] == 0


@pytest.mark.parametrize(
    "login",
    [
        pytest.param(Login("foreign-1", "guessed"), id="with-a-wrong-password"),
        pytest.param(Login("foreign-2", "guessed"), id="registered-but-never-given-a-credential"),
        pytest.param(Login("nobody", "guessed"), id="unregistered"),
        pytest.param(None, id="anonymous"),
    ],
)
def test_who_has_no_credential_cannot_connect(
    whole: Whole, detector: Login, login: Login | None
) -> None:
    refused = whole.publish(login, topic("foreign-1"), b"{}")

    assert refused.returncode != 0
    assert b"Not authorized" in refused.stderr


def test_the_same_values_in_every_wire_form_become_the_same_readings(whole: Whole) -> None:
    whole.put(f"/profiles/{VENDOR['profile_id']}", VENDOR)
    whole.register(GATEWAY, profile="user-information-transmission-device")
    whole.register("foreign-native", "foreign-senml")
    whole.register("foreign-sparkplug", gateway_id=GATEWAY)
    whole.register("foreign-mapped", profile="foreign-vendor", gateway_id=GATEWAY)
    speakers = {name: whole.issue(name) for name in ("foreign-native", "foreign-senml", GATEWAY)}
    for login in speakers.values():
        eventually(partial(whole.admitted, login), within=10)
    ts = now_ms() // 1000 * 1000
    vendor = {
        "head": {"when": ts // 1000},
        "data": [{"t": 215, "rh": 4025}, {"bat": "96"}],
    }

    whole.publish(speakers["foreign-native"], topic("foreign-native"), wires.native(ts, VALUES))
    whole.publish(
        speakers["foreign-senml"],
        topic("foreign-senml"),
        wires.senml(ts, "foreign-senml", VALUES),
    )
    for kind in ("DBIRTH", "DDATA"):
        where = f"spBv1.0/{DISTRICT}/{kind}/{GATEWAY}/foreign-sparkplug"
        whole.publish(speakers[GATEWAY], where, wires.sparkplug(ts, VALUES))
    whole.publish(speakers[GATEWAY], topic("foreign-mapped"), vendor)

    expected = whole_history(whole, "foreign-native")
    assert len(expected) == len(VALUES)
    for name in ("foreign-senml", "foreign-sparkplug", "foreign-mapped"):
        assert whole_history(whole, name) == expected, name


def test_a_credential_is_rotated_without_a_gap(whole: Whole) -> None:
    whole.register("foreign-rotating")
    old = whole.issue("foreign-rotating")
    eventually(lambda: whole.admitted(old), within=10)

    new = whole.issue("foreign-rotating")

    eventually(lambda: _both(whole, old, new), within=10)
    for number, login in enumerate((old, new)):
        payload = wires.native(now_ms() + number, {"temperature_c": number})
        assert whole.publish(login, topic("foreign-rotating"), payload).returncode == 0
    eventually(lambda: len(history(whole, "foreign-rotating")) == 2)

    answer = whole.ask("DELETE", f"/devices/foreign-rotating/credentials/{old.username}")

    assert answer.status_code == 204
    eventually(lambda: not whole.admitted(old), within=10)
    assert whole.admitted(new)


def _both(whole: Whole, old: Login, new: Login) -> bool:
    """Say whether the new one works; the old one must work all the while."""
    assert whole.admitted(old)
    return whole.admitted(new)


@pytest.mark.parametrize("how", ["its-credential-is-revoked", "its-device-is-deleted"])
def test_who_is_connected_is_thrown_out_when(whole: Whole, how: str) -> None:
    whole.register(how)
    login = whole.issue(how)
    eventually(lambda: whole.admitted(login), within=10)
    address = whole.servers.broker_address("svc-api")
    password = SecretStr(login.password)
    radio = Radio(address.model_copy(update={"username": login.username, "password": password}))
    radio.say(topic(how), {"ts": now_ms(), "values": {"temperature_c": 20}})
    eventually(lambda: latest(whole, how) == {"temperature_c": 20})

    credential = f"/devices/{how}/credentials/{login.username}"
    path = credential if how == "its-credential-is-revoked" else f"/devices/{how}"
    assert whole.ask("DELETE", path).status_code == 204

    eventually(lambda: not radio._client.is_connected(), within=10)
    radio.close()
    assert not whole.admitted(login)
