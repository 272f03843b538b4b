"""Sparkplug B: births announce, data is short, deaths are told from deaths outlived."""

import pytest

from core.errors import Invalid
from devices.payload import SparkplugSession, decode_sparkplug, parse_sparkplug_topic
from devices.payload.sparkplug_wire import PAYLOAD_CLASS
from devices.reading import Event, Report
from devices.registry import Registry

T = 1_767_225_600_000
T_US = T * 1000
GATEWAY = "lighting-cabinet"
LAMP = "lamp-controller"

INT8, INT16, INT32, INT64, UINT32, FLOAT, DOUBLE, BOOLEAN, STRING = 1, 2, 3, 4, 7, 9, 10, 11, 12
FIELDS = {
    **dict.fromkeys((INT8, INT16, INT32, UINT32), "int_value"),
    INT64: "long_value",
    FLOAT: "float_value",
    DOUBLE: "double_value",
    BOOLEAN: "boolean_value",
    STRING: "string_value",
}


def metric(kind: int, value: object, **fields: object) -> dict[str, object]:
    return {FIELDS[kind]: value, "datatype": kind, **fields}


def short(kind: int, value: object, **fields: object) -> dict[str, object]:
    """Write a metric as data messages do, without its type."""
    return {FIELDS[kind]: value, **fields}


def payload(*metrics: dict[str, object], timestamp: int | None = T) -> bytes:
    message = PAYLOAD_CLASS(timestamp=timestamp)
    for fields in metrics:
        message.metrics.add(**fields)
    return message.SerializeToString()


def topic(kind: str, device: str | None = None, *, district: str = "620171") -> str:
    return "/".join(filter(None, ("spBv1.0", district, kind, GATEWAY, device)))


class Edge:
    """What the caller keeps: the sessions of edge nodes."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.sessions: dict[str, SparkplugSession] = {}

    def says(
        self, kind: str, *metrics: dict[str, object], device: str | None = None
    ) -> Report | None:
        return decode_sparkplug(
            topic(kind, device), payload(*metrics), self.registry, self.sessions
        )


@pytest.fixture
def edge(registry: Registry) -> Edge:
    return Edge(registry)


def values(report: Report | None) -> list[float]:
    assert report is not None
    return [reading.value for reading in report.readings]


def test_a_birth_brings_the_device_online_with_its_first_values(
    edge: Edge, registry: Registry
) -> None:
    edge.says("NBIRTH", metric(INT64, 3, name="bdSeq"))

    report = edge.says("DBIRTH", metric(DOUBLE, 221.5, name="voltage_v", alias=1), device=LAMP)

    assert report is not None
    assert report.device == registry.speaker(LAMP).number
    assert report.events == (Event(T_US, "online", active=True),)
    assert values(report) == [221.5]
    assert report.seq is None


def test_data_by_alias_means_what_the_birth_said(edge: Edge, registry: Registry) -> None:
    edge.says("DBIRTH", metric(INT16, 20, name="temperature_c", alias=0), device=LAMP)

    report = edge.says("DDATA", short(INT16, 0xFFF6, alias=0, timestamp=T + 5), device=LAMP)

    assert report is not None
    (reading,) = report.readings
    assert registry.metric_names[reading.metric] == "temperature_c"
    assert (reading.value, reading.observed_us) == (-10.0, T_US + 5000)


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        pytest.param(INT8, 0xFF, -1, id="int8-in-8-bits"),
        pytest.param(INT8, 0xFFFFFFFF, -1, id="int8-in-32-bits"),
        pytest.param(INT8, 0x7F, 127, id="int8-largest"),
        pytest.param(INT32, 0x80000000, -(2**31), id="int32-smallest"),
        pytest.param(INT64, 2**64 - 1, -1, id="int64"),
        pytest.param(UINT32, 2**32 - 1, 2**32 - 1, id="uint32"),
        pytest.param(FLOAT, 0.5, 0.5, id="float"),
        pytest.param(BOOLEAN, True, 1, id="boolean"),
    ],
)
def test_numbers_have_the_sign_of_their_type(
    edge: Edge, kind: int, raw: float, value: float
) -> None:
    report = edge.says("DDATA", metric(kind, raw, name="power_w"), device=LAMP)

    assert values(report) == [value]


def test_a_boolean_named_after_an_event_is_that_event(edge: Edge) -> None:
    report = edge.says("DDATA", metric(BOOLEAN, True, name="lamp_failure"), device=LAMP)

    assert report is not None
    assert report.events == (Event(T_US, "lamp_failure", active=True),)


def test_null_and_housekeeping_metrics_say_nothing(edge: Edge) -> None:
    report = edge.says(
        "NDATA",
        metric(BOOLEAN, False, name="Node Control/Rebirth"),
        metric(STRING, "v1", name="Properties/Firmware"),
        {"name": "power_w", "datatype": DOUBLE, "is_null": True},
    )

    assert values(report) == []


def test_an_alias_before_any_birth_asks_for_a_rebirth(edge: Edge) -> None:
    with pytest.raises(Invalid, match="Rebirth") as refusal:
        edge.says("DDATA", short(DOUBLE, 1.0, alias=1), device=LAMP)

    assert refusal.value.code == "bad_sparkplug"


def test_a_new_birth_forgets_the_aliases_of_the_last(edge: Edge) -> None:
    edge.says("DBIRTH", metric(DOUBLE, 1.0, name="power_w", alias=1), device=LAMP)
    edge.says("NBIRTH")

    with pytest.raises(Invalid, match="alias 1"):
        edge.says("DDATA", short(DOUBLE, 1.0, alias=1), device=LAMP)


def test_an_alias_of_one_device_is_not_anothers(edge: Edge) -> None:
    edge.says("DBIRTH", metric(DOUBLE, 1.0, name="power_w", alias=1), device=LAMP)

    with pytest.raises(Invalid, match="alias 1"):
        edge.says("NDATA", short(DOUBLE, 1.0, alias=1))


def test_a_death_takes_the_edge_node_offline(edge: Edge) -> None:
    edge.says("NBIRTH", metric(INT64, 3, name="bdSeq"))

    report = edge.says("NDEATH", metric(INT64, 3, name="bdSeq"))

    assert report is not None
    assert report.events == (Event(T_US, "online", active=False),)
    assert edge.sessions == {}


def test_the_death_of_an_earlier_connection_is_outlived(edge: Edge) -> None:
    edge.says("NBIRTH", metric(INT64, 4, name="bdSeq"))

    assert edge.says("NDEATH", metric(INT64, 3, name="bdSeq")) is None
    assert edge.sessions


def test_a_death_of_an_unknown_session_counts(edge: Edge) -> None:
    assert edge.says("NDEATH", metric(INT64, 3, name="bdSeq")) is not None


def test_the_time_of_receipt_dates_a_death(registry: Registry) -> None:
    dead = payload(metric(INT64, 3, name="bdSeq"), timestamp=None)

    report = decode_sparkplug(topic("NDEATH"), dead, registry, {}, received_us=T_US + 9)

    assert report is not None
    assert report.events == (Event(T_US + 9, "online", active=False),)


def test_a_device_can_die_alone(edge: Edge) -> None:
    report = edge.says("DDEATH", device=LAMP)

    assert report is not None
    assert report.events == (Event(T_US, "online", active=False),)


@pytest.mark.parametrize("kind", ["NCMD", "DCMD"])
def test_commands_of_others_say_nothing(registry: Registry, kind: str) -> None:
    path = topic(kind, LAMP if kind == "DCMD" else None)

    assert decode_sparkplug(path, b"anything", registry, {}) is None


def test_a_hosts_state_says_nothing(registry: Registry) -> None:
    assert decode_sparkplug("spBv1.0/STATE/host", b"{}", registry, {}) is None


@pytest.mark.parametrize(
    "path",
    [
        "spBv1.0",
        "spBv1.0/620171/NDATA",
        "spBv1.0/620171/NDATA/g/d",
        "spBv1.0/620171/DDATA/g",
        "spBv1.0/620171/XDATA/g",
        "spAv1.0/620171/NDATA/g",
    ],
)
def test_other_topics_are_refused(path: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parse_sparkplug_topic(path)

    assert refusal.value.code == "bad_topic"


@pytest.mark.parametrize(
    ("path", "message", "code"),
    [
        pytest.param(topic("NDATA"), b"\xff\xff", "bad_sparkplug", id="no-protobuf"),
        pytest.param(topic("NDATA"), b"\x12\x03\x0a\x01\xff", "bad_sparkplug", id="bad-utf-8"),
        pytest.param(topic("NDATA"), b" " * 65_537, "too_large", id="too-large"),
        pytest.param(topic("NDATA"), payload(timestamp=None), "bad_time", id="no-time"),
        pytest.param(topic("NDATA"), payload(timestamp=1), "bad_time", id="time-of-1970"),
        pytest.param(
            topic("NDATA"), payload(metric(DOUBLE, 1, name="x")), "unknown_metric", id="metric"
        ),
        pytest.param(
            topic("NDATA"),
            payload(metric(STRING, "1", name="power_w")),
            "bad_value",
            id="a-text",
        ),
        pytest.param(
            topic("NDATA"),
            payload(metric(DOUBLE, float("nan"), name="power_w")),
            "not_finite",
            id="nan",
        ),
        pytest.param(
            topic("NDATA"),
            payload(*[metric(DOUBLE, 1, name="power_w")] * 257),
            "too_large",
            id="257-values",
        ),
        pytest.param(topic("DDATA", "ghost"), payload(), "unknown_device", id="device"),
        pytest.param(topic("DDATA", "water-meter"), payload(), "topic_mismatch", id="gateway"),
        pytest.param(topic("NDATA", district="1"), payload(), "topic_mismatch", id="district"),
    ],
)
def test_what_cannot_be_read_is_refused(
    registry: Registry, path: str, message: bytes, code: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        decode_sparkplug(path, message, registry, {})

    assert refusal.value.code == code
