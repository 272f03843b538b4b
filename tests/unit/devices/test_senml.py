"""SenML: base fields, relative times, units; examples after RFC 8428, section 5."""

import pytest

from core.errors import Invalid
from devices.registry import Registry
from tests.unit.devices.conftest import Decode

T_US = 1_767_225_600_000_000


def test_base_fields_hold_for_the_records_after_them(registry: Registry, say: Decode) -> None:
    report = say(
        b"""[{"bn":"lamp-controller/","bt":1767225600,"n":"voltage_v","u":"V","v":221.5},
             {"n":"current_a","u":"A","v":0.41,"t":-5},
             {"bt":1767225660,"n":"lamp_on","vb":true}]"""
    )

    assert [
        (registry.metric_names[reading.metric], reading.observed_us - T_US, reading.value)
        for reading in report.readings
    ] == [("voltage_v", 0, 221.5), ("current_a", -5_000_000, 0.41), ("lamp_on", 60_000_000, 1.0)]
    assert (report.observed_us, report.seq) == (T_US + 60_000_000, None)


@pytest.mark.parametrize(
    "name",
    [
        "power_w",
        "lamp-controller/power_w",
        "lamp-controller:power_w",
        "lamp-controller.power_w",
        "lamp-controller_power_w",
    ],
)
def test_a_name_may_begin_with_the_devices_id(say: Decode, name: str) -> None:
    assert say(b'[{"bt":1767225600,"n":"%b","v":88}]' % name.encode()).readings[0].value == 88


@pytest.mark.parametrize(
    ("device_id", "record", "value"),
    [
        ("lamp-controller", b'"n":"temperature_c","u":"Cel","v":21.5', 21.5),
        ("lamp-controller", b'"n":"dimming_pct","u":"/","v":0.5', 50.0),
        ("lamp-controller", b'"n":"power_factor","u":"/","v":0.9', 0.9),
        ("lamp-controller", b'"n":"energy_kwh","u":"kWh","v":12', 12.0),
        ("environment-station", b'"n":"humidity_pct","u":"%RH","v":41', 41.0),
        ("environment-station", b'"n":"eco2_ppm","u":"ppm","v":400', 400.0),
        ("hydrant-pressure", b'"n":"pressure_mpa","u":"Pa","v":140000', 0.14),
        ("residual-current", b'"n":"residual_current_ma","u":"A","v":0.3', 300.0),
    ],
    ids=lambda value: value.decode() if isinstance(value, bytes) else None,
)
def test_units_of_the_rfc_become_ours(
    say: Decode, device_id: str, record: bytes, value: float
) -> None:
    report = say(b'[{"bt":1767225600,%b}]' % record, device_id=device_id)

    assert report.readings[0].value == pytest.approx(value, rel=1e-12)


def test_a_base_value_is_added_and_a_base_unit_applies(say: Decode) -> None:
    report = say(
        b'[{"bt":1767225600,"bv":200,"bu":"V","n":"voltage_v","v":21.5},{"n":"lamp_on","vb":false,'
        b'"u":"1"}]'
    )

    assert [reading.value for reading in report.readings] == [221.5, 0.0]


@pytest.mark.parametrize(
    ("pack", "code"),
    [
        pytest.param(b"[]", "bad_senml", id="empty"),
        pytest.param(b"[1]", "bad_senml", id="no-record"),
        pytest.param(b"[" * 60_000, "bad_senml", id="very-deep"),
        pytest.param(b'[{"bt":1767225600,"n":"power_w"', "not_json", id="cut-off"),
        pytest.param(b'[{"bt":1767225600,"n":"power_w","v":NaN}]', "not_finite", id="nan"),
        pytest.param(b'[{"bt":1767225600,"n":"power_w","v":"8"}]', "bad_senml", id="a-text"),
        pytest.param(b'[{"bt":1767225600,"n":"power_w","vs":"on"}]', "bad_senml", id="vs"),
        pytest.param(b'[{"bt":1767225600,"n":"power_w","vd":"AA"}]', "bad_senml", id="vd"),
        pytest.param(b'[{"bt":1767225600,"n":"power_w","s":8}]', "bad_senml", id="a-sum"),
        pytest.param(b'[{"bt":1767225600,"n":"power_w"}]', "bad_senml", id="no-value"),
        pytest.param(b'[{"bt":1767225600,"n":"lamp_on","v":1,"vb":true}]', "bad_senml", id="two"),
        pytest.param(b'[{"bt":1767225600,"n":"power_w","v":1,"x_":1}]', "bad_senml", id="must"),
        pytest.param(b'[{"bver":11,"bt":1767225600,"n":"power_w","v":1}]', "bad_senml", id="v11"),
        pytest.param(b'[{"bt":1767225600,"n":"power_w","u":"V","v":1}]', "bad_senml", id="unit"),
        pytest.param(b'[{"bt":1767225600,"n":"power","v":1}]', "unknown_metric", id="metric"),
        pytest.param(b'[{"n":"power_w","v":1}]', "bad_time", id="no-time-means-now"),
        pytest.param(b'[{"t":-60,"n":"power_w","v":1}]', "bad_time", id="relative-to-now"),
        pytest.param(b'[{"bt":268435455,"n":"power_w","v":1}]', "bad_time", id="below-2^28"),
        pytest.param(b'[{"bt":1767225600,"n":"\xff","v":1}]', "not_utf8", id="not-utf-8"),
        pytest.param(b"[" + b'{"n":"a"},' * 256 + b'{"n":"a"}]', "too_large", id="257-records"),
    ],
)
def test_a_pack_that_cannot_be_read_is_refused_whole(say: Decode, pack: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        say(pack)

    assert refusal.value.code == code


def test_only_telemetry_may_be_senml(say: Decode) -> None:
    with pytest.raises(Invalid) as refusal:
        say(b'[{"bt":1767225600,"n":"power_w","v":1}]', channel="event")

    assert refusal.value.code == "not_json"
