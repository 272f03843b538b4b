"""Vendor JSON through a profile's mapping: paths, scales, codes, bits, clocks."""

import msgspec
import pytest

from core.errors import Invalid
from devices.model import Mapping, SourceEvent, SourceField
from devices.payload.mapped import decode_mapped
from devices.reading import Report
from devices.registry import Speaker

T_US = 1_767_225_600_000_000


def read(lamp: Speaker, document: object, **mapping: object) -> Report:
    given = {"time": "t", "fields": (SourceField(metric="power_w", from_="p"),)} | mapping
    return decode_mapped(Mapping(**given), msgspec.json.encode(document), lamp)


@pytest.mark.parametrize(
    ("form", "raw"),
    [
        pytest.param("epoch_ms", 1_767_225_600_000, id="milliseconds"),
        pytest.param("epoch_ms", "1767225600000", id="milliseconds-as-text"),
        pytest.param("epoch_s", 1_767_225_600, id="seconds"),
        pytest.param("rfc3339", "2026-01-01T08:00:00+08:00", id="rfc-3339"),
        pytest.param("local", "2026-01-01 08:00:00", id="clock-on-the-wall-in-china"),
        pytest.param("local", "20260101T080000", id="without-separators"),
        pytest.param("local", "2026-01-01T00:00:00+00:00", id="a-zone-wins"),
    ],
)
def test_a_vendors_time_is_read(lamp: Speaker, form: str, raw: object) -> None:
    report = read(lamp, {"t": raw, "p": 1}, time_format=form)

    assert report.observed_us == T_US


@pytest.mark.parametrize(
    ("form", "raw"),
    [
        pytest.param("epoch_ms", None, id="none"),
        pytest.param("epoch_ms", 1_767_225_600, id="seconds-for-milliseconds"),
        pytest.param("epoch_s", "soon", id="a-word"),
        pytest.param("epoch_s", 10**30, id="a-huge-integer"),
        pytest.param("rfc3339", "2026-01-01T00:00:00", id="no-zone"),
        pytest.param("rfc3339", 1_767_225_600, id="a-number-for-a-text"),
        pytest.param("local", "2026-02-30 00:00:00", id="no-such-day"),
        pytest.param("local", "0001-01-01 00:00:00", id="year-one"),
    ],
)
def test_a_vendors_bad_time_is_refused(lamp: Speaker, form: str, raw: object) -> None:
    with pytest.raises(Invalid) as refusal:
        read(lamp, {"t": raw, "p": 1}, time_format=form)

    assert refusal.value.code == "bad_time"


@pytest.mark.parametrize(
    ("field", "raw", "value"),
    [
        pytest.param({}, 21, 21.0, id="as-it-is"),
        pytest.param({"scale": 0.1}, 215, 21.5, id="scaled"),
        pytest.param({"scale": 0.1, "offset": -40}, 215, -18.5, id="scaled-and-shifted"),
        pytest.param({}, "-2.5", -2.5, id="a-number-as-text"),
        pytest.param({}, True, 1.0, id="a-truth-value"),
        pytest.param({"codes": {"on": 1, "off": 0}}, "off", 0.0, id="a-code"),
        pytest.param({"codes": {"3": 0.5}}, 3, 0.5, id="a-numeric-code"),
        pytest.param({"codes": {"true": 7}}, True, 7.0, id="a-truth-value-as-code"),
    ],
)
def test_a_vendors_value_becomes_ours(
    lamp: Speaker, field: dict[str, object], raw: object, value: float
) -> None:
    source = SourceField(metric="power_w", from_="data.0.p", **field)

    report = read(lamp, {"t": T_US // 1000, "data": [{"p": raw}]}, fields=(source,))

    assert report.readings[0].value == pytest.approx(value)


@pytest.mark.parametrize(
    ("field", "raw", "code"),
    [
        pytest.param({}, b'"high"', "bad_value", id="a-word"),
        pytest.param({}, b"[1]", "bad_value", id="a-list"),
        pytest.param({}, b"9" * 400, "bad_value", id="a-huge-integer"),
        pytest.param({}, b"NaN", "not_finite", id="nan"),
        pytest.param({"codes": {"on": 1}}, b'"off"', "bad_mapping", id="an-unknown-code"),
        pytest.param({"codes": {"on": 1}}, b'{"on":1}', "bad_mapping", id="an-object-as-code"),
        pytest.param({"codes": {"on": 1}}, b"9" * 400, "bad_mapping", id="a-huge-code"),
    ],
)
def test_a_vendors_bad_value_is_refused(
    lamp: Speaker, field: dict[str, object], raw: bytes, code: str
) -> None:
    source = SourceField(metric="power_w", from_="p", **field)

    with pytest.raises(Invalid) as refusal:
        decode_mapped(
            Mapping(time="t", fields=(source,)), b'{"t":1767225600000,"p":%b}' % raw, lamp
        )

    assert refusal.value.code == code


def test_what_a_vendor_did_not_measure_is_left_out(lamp: Speaker) -> None:
    sources = (
        SourceField(metric="power_w", from_="p"),
        SourceField(metric="voltage_v", from_="deep.down.9.v"),
        SourceField(metric="current_a", from_="c"),
    )

    report = read(
        lamp, {"t": T_US // 1000, "p": 1, "c": None, "deep": {"down": []}}, fields=sources
    )

    assert len(report.readings) == 1


@pytest.mark.parametrize(
    ("signal", "raw", "active"),
    [
        pytest.param({"bit": 3}, 0b1000, True, id="bit-set"),
        pytest.param({"bit": 3}, 0b0111, False, id="bit-clear"),
        pytest.param({"equals": "ALARM"}, "ALARM", True, id="the-value"),
        pytest.param({"equals": "ALARM"}, "alarm", False, id="another-value"),
        pytest.param({"equals": 1}, 1, True, id="the-number"),
        pytest.param({}, True, True, id="true"),
        pytest.param({}, 0, False, id="zero"),
    ],
)
def test_a_vendors_signal_becomes_an_event(
    lamp: Speaker, signal: dict[str, object], raw: object, active: bool
) -> None:
    source = SourceEvent(event="fault", from_="s", **signal)

    report = read(lamp, {"t": T_US // 1000, "s": raw}, events=(source,))

    assert report.events == ((T_US, "fault", active, ""),)


def test_bits_of_a_text_are_refused(lamp: Speaker) -> None:
    source = SourceEvent(event="fault", from_="s", bit=0)

    with pytest.raises(Invalid) as refusal:
        read(lamp, {"t": T_US // 1000, "s": "0x01"}, events=(source,))

    assert refusal.value.code == "bad_mapping"


def test_a_vendors_position_is_moved_to_wgs84(lamp: Speaker) -> None:
    place = {"lon": "x", "lat": "y", "speed_kmh": "v"}

    gcj = read(lamp, {"t": T_US // 1000, "x": 103.6, "y": 36.5}, **place, crs="GCJ02").positions
    wgs = read(lamp, {"t": T_US // 1000, "x": 103.6, "y": 36.5, "v": 30}, **place).positions

    assert wgs == ((T_US, 103.6, 36.5, 30.0, None, None),)
    assert 0.001 < abs(gcj[0].lon - 103.6) < 0.01


@pytest.mark.parametrize(
    ("document", "code"),
    [
        pytest.param([], "bad_time", id="a-list"),
        pytest.param({"t": T_US // 1000}, "empty", id="nothing-the-mapping-names"),
        pytest.param({"t": T_US // 1000, "x": 200, "y": 0}, "bad_position", id="off-the-earth"),
        pytest.param({"t": T_US // 1000, "p": 1, "n": -1}, "bad_seq", id="seq-below-zero"),
        pytest.param({"t": T_US // 1000, "p": 1, "n": "7"}, "bad_seq", id="seq-a-text"),
    ],
)
def test_what_the_mapping_cannot_read_is_refused(
    lamp: Speaker, document: object, code: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        read(lamp, document, lon="x", lat="y", seq="n")

    assert refusal.value.code == code
