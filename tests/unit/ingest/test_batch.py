"""Whatever bytes arrive under whatever topic, they end as a report or as a problem."""

import json

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from devices.catalogue import load_catalogue
from devices.model import Device, Site
from devices.payload.sparkplug_wire import PAYLOAD_CLASS
from devices.reading import Quality
from devices.registry import Registry, RegistryContent
from ingest.batch import NOBODY, Message, Source, batch_of, is_for_us, read_message
from ingest.settings import TimeLimits
from ingest.timing import limits_of

NOW_MS = 1_800_000_000_000
NOW_US = NOW_MS * 1000
LIMITS = limits_of(TimeLimits())
DISTRICT = "620171"
GATEWAY = "user-information-transmission-device"
BEHIND = "smoke-detector"
TELEMETRY = f"yiwang/v1/{DISTRICT}/fire/{BEHIND}/telemetry"
DDATA = f"spBv1.0/{DISTRICT}/DDATA/{GATEWAY}/{BEHIND}"
DAY_MS = 86_400_000
YEAR_2099_MS = 4_070_908_800_000


def _registry() -> Registry:
    """One device of every kind of the catalogue; the smoke detector is behind the gateway."""
    catalogue = load_catalogue()
    site = Site(site_id="s", kind="unit", name="s", district=DISTRICT, lon=103.6, lat=36.5)
    devices = [
        Device(
            device_id=profile.profile_id,
            profile_id=profile.profile_id,
            site_id="s",
            district=DISTRICT,
            name=profile.profile_id,
            gateway_id=GATEWAY if profile.profile_id == BEHIND else None,
            number=number,
        )
        for number, profile in enumerate(catalogue.profiles, start=1)
    ]
    metrics = tuple(
        msgspec.structs.replace(metric, number=number)
        for number, metric in enumerate(catalogue.metrics, start=1)
    )
    content = RegistryContent(
        version=1,
        sites=(site,),
        metrics=metrics,
        profiles=catalogue.profiles,
        devices=tuple(devices),
    )
    return Registry(content)


REGISTRY = _registry()


def read(topic: str, payload: bytes) -> Message:
    return read_message(Source(NOW_US, topic, payload), REGISTRY, {}, LIMITS)


def sparkplug(*metrics: tuple[str, float, int | None], ts_ms: int = NOW_MS) -> bytes:
    said = [
        {"name": name, "double_value": value, "timestamp": metric_ts_ms}
        for name, value, metric_ts_ms in metrics
    ]
    payload: bytes = PAYLOAD_CLASS(timestamp=ts_ms, metrics=said).SerializeToString()
    return payload


LEVELS = st.one_of(
    st.sampled_from(
        ["", "yiwang", "v1", "spBv1.0", DISTRICT, "999999", "fire", "truck", "alerts", "system"]
    ),
    st.sampled_from(["telemetry", "position", "event", "status", "reply", "command"]),
    st.sampled_from(["NBIRTH", "NDATA", "NDEATH", "DBIRTH", "DDATA", "DDEATH", "NCMD", "STATE"]),
    st.sampled_from(sorted(REGISTRY.speakers)),
    st.text(st.characters(codec="utf-8"), max_size=70),
)
TOPICS = st.one_of(
    st.lists(LEVELS, max_size=9).map("/".join),
    st.builds(
        lambda device, channel: (
            f"yiwang/v1/{DISTRICT}/{REGISTRY.speakers[device].profile.domain}/{device}/{channel}"
        ),
        st.sampled_from(sorted(REGISTRY.speakers)),
        st.sampled_from(["telemetry", "position", "event", "status", "reply"]),
    ),
    st.sampled_from(
        [DDATA, DDATA.replace("DDATA", "DBIRTH"), f"spBv1.0/{DISTRICT}/NDEATH/{GATEWAY}"]
    ),
)
NUMBERS = st.one_of(
    st.integers(),
    st.floats(),
    st.integers(NOW_MS - 800 * DAY_MS, NOW_MS + 800 * DAY_MS),
    st.sampled_from([NOW_MS, NOW_MS // 1000, YEAR_2099_MS, 2**53, 2**64, 10**400]),
)
NAMES = st.one_of(
    st.sampled_from(["ts", "seq", "values", "position", "event", "active", "online", "text"]),
    st.sampled_from(["lon", "lat", "speed_kmh", "direction_deg", "altitude_m", "time", "records"]),
    st.sampled_from(["bn", "bt", "n", "t", "u", "v", "vb", "vs", "battery", "alarm", "value"]),
    st.sampled_from(sorted(REGISTRY.metrics)),
    st.text(max_size=5),
)
WORDS = st.one_of(
    st.sampled_from(["fire", "online", "2026-11-22T08:00:00Z", "9999-12-31T23:59:59-14:00"]),
    st.text(max_size=20),
)
DOCUMENTS = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, WORDS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(NAMES, inner, max_size=6)),
    max_leaves=12,
)
METRICS = st.lists(
    st.tuples(
        st.one_of(st.sampled_from(["temperature_c", "smoke_db_m", "fire", "bdSeq"]), st.text()),
        st.floats(),
        st.one_of(st.none(), st.integers(0, 2**64 - 1)),
    ),
    max_size=4,
)
PAYLOADS = st.one_of(
    st.binary(max_size=200),
    DOCUMENTS.map(lambda document: json.dumps(document).encode("utf-8", "surrogatepass")),
    st.builds(
        lambda metrics, ts: sparkplug(*metrics, ts_ms=ts), METRICS, st.integers(0, 2**64 - 1)
    ),
)


@given(topic=TOPICS, payload=PAYLOADS)
@example(topic=TELEMETRY, payload=b"[" * 65_536)
@example(topic=TELEMETRY, payload=b'{"ts":1,"x":' + b"[" * 60_000)
@example(topic=TELEMETRY, payload=b'{"ts":1e400,"values":{"temperature_c":1}}')
@example(topic=TELEMETRY.replace("telemetry", "event"), payload=b'{"ts":1,"event":"\\ud800"}')
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_message_is_a_report_or_a_problem_and_never_an_exception(
    topic: str, payload: bytes
) -> None:
    is_for_us(topic)

    message = read(topic, payload)

    assert message.problem is None or message.report is None
    assert message.report is not None or message.problem is not None or topic.startswith("spBv1.0/")
    assert message.device in {NOBODY, *REGISTRY.by_number}
    assert len(message.source.digest) == 16
    batch_of([message], LIMITS)


@given(topic=TOPICS, payload=PAYLOADS)
@example(topic=DDATA, payload=sparkplug(("temperature_c", 20.0, YEAR_2099_MS)))
@example(topic=DDATA, payload=sparkplug(("temperature_c", 20.0, NOW_MS - 400 * DAY_MS)))
@example(
    topic=TELEMETRY,
    payload=b'[{"bt":946684800,"n":"temperature_c","v":1},{"bt":%d,"n":"smoke_db_m","v":1}]'
    % (NOW_MS // 1000),
)
@example(
    topic=TELEMETRY,
    payload=b'[{"bt":%d,"n":"temperature_c","v":1},{"bt":4070908800,"n":"smoke_db_m","v":1}]'
    % (NOW_MS // 1000),
)
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_nothing_that_is_stored_lies_beyond_the_limits_of_time(topic: str, payload: bytes) -> None:
    report = read(topic, payload).report
    said = () if report is None else (*report.readings, *report.positions, *report.events)

    for each in said:
        assert each.observed_us - NOW_US <= LIMITS.ahead_us
        assert NOW_US - each.observed_us <= LIMITS.oldest_us


def test_one_value_ahead_of_its_time_does_not_move_the_others() -> None:
    now_s = NOW_MS // 1000
    pack = [
        {"bt": now_s, "n": "temperature_c", "v": 21},
        {"bt": now_s + 86_400, "n": "smoke_db_m", "v": 0.1},
    ]

    report = read(TELEMETRY, json.dumps(pack).encode()).report

    assert report is not None
    assert [(each.observed_us, each.quality) for each in report.readings] == [
        (NOW_US, Quality.GOOD),
        (NOW_US, Quality.UNCERTAIN_CLOCK),
    ]


@pytest.mark.parametrize(
    ("topic", "expected"),
    [
        pytest.param(TELEMETRY, True, id="a-device"),
        pytest.param(DDATA, True, id="a-device-by-sparkplug"),
        pytest.param("yiwang/v1/alerts/20260101-1", False, id="our-own-alerts"),
        pytest.param("yiwang/v1/system/api/main", False, id="our-own-heartbeats"),
        pytest.param(TELEMETRY.replace("telemetry", "command"), False, id="a-command"),
        pytest.param(f"spBv1.0/{DISTRICT}/NCMD/{GATEWAY}", False, id="a-sparkplug-command"),
        pytest.param("spBv1.0/STATE/host", False, id="a-sparkplug-host"),
        pytest.param("yiwang/v1/999999/fire/x/telemetry", True, id="a-district-nobody-has"),
        pytest.param("yiwang/v1/alertsx/fire/x/telemetry", True, id="a-name-that-begins-like-ours"),
    ],
)
def test_only_the_voices_of_devices_are_for_us(topic: str, expected: bool) -> None:
    assert is_for_us(topic) is expected
