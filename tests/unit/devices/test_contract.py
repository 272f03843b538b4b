"""The contract's two texts are true: every example of `docs/mqtt.md` and `docs/asyncapi.yaml` runs.

`asyncapi-3.0.0.json` is the schema of the npm package @asyncapi/specs 6.11.1 (Apache-2.0).
"""

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema
import pytest
import yaml

from core.errors import Invalid
from devices.catalogue import load_catalogue
from devices.model import Device, Site
from devices.payload import decode
from devices.reading import Report
from devices.registry import Registry, RegistryContent
from devices.topic import FROM_DEVICE, parse_topic

HERE = Path(__file__).parent
DOCS = HERE.parents[2] / "docs"
EXAMPLE = re.compile(r"```json (?:(\w+) )?(yiwang\S+)\n\s*(.+?)\n\s*```", re.DOTALL)
ASYNCAPI = yaml.safe_load((DOCS / "asyncapi.yaml").read_text(encoding="utf-8"))

PROFILES = {
    "lamp-0417": "lamp-controller",
    "truck-0031": "truck-terminal",
    "smoke-0112": "smoke-detector",
    "hydrant-0007": "hydrant-pressure",
    "hydrant-0008": "hydrant-pressure-meokon",
}


class Example(NamedTuple):
    refusal: str | None
    topic: str
    payload: bytes


def examples_of_the_page() -> list[Example]:
    text = (DOCS / "mqtt.md").read_text(encoding="utf-8")
    return [
        Example(refusal or None, topic, payload.encode())
        for refusal, topic, payload in EXAMPLE.findall(text)
    ]


def examples_for_machines() -> list[Any]:
    return [
        pytest.param(channel, example["payload"], id=f"{channel}-{number}")
        for channel, content in ASYNCAPI["channels"].items()
        if channel in FROM_DEVICE
        for name in content["messages"]
        for number, example in enumerate(ASYNCAPI["components"]["messages"][name]["examples"])
    ]


@pytest.fixture(scope="module")
def city() -> Registry:
    catalogue = load_catalogue()
    site = Site(site_id="s", kind="street", name="s", district="620171", lon=103.6, lat=36.5)
    devices = tuple(
        Device(device_id=it, profile_id=profile, site_id="s", district="620171", name=it)
        for it, profile in PROFILES.items()
    )
    return Registry(
        RegistryContent(
            version=1,
            sites=(site,),
            metrics=catalogue.metrics,
            profiles=catalogue.profiles,
            devices=devices,
        )
    )


def read(city: Registry, path: str, payload: bytes) -> Report:
    topic = parse_topic(path)
    return decode(topic, payload, city.speaker(topic.device), city)


def test_the_page_has_examples_of_every_channel() -> None:
    assert {example.topic.rpartition("/")[2] for example in examples_of_the_page()} == set(
        FROM_DEVICE
    )


@pytest.mark.parametrize("example", examples_of_the_page(), ids=lambda example: example.topic)
def test_every_example_of_the_page_does_what_it_says(city: Registry, example: Example) -> None:
    if example.refusal is None:
        assert read(city, example.topic, example.payload).observed_us
    else:
        with pytest.raises(Invalid) as refusal:
            read(city, example.topic, example.payload)
        assert refusal.value.code == example.refusal


def test_the_page_lists_every_reason_there_is() -> None:
    folder = HERE.parents[2] / "devices"
    sources = [*(folder / "payload").glob("*.py"), folder / "topic.py", folder / "registry.py"]
    code = "".join(path.read_text(encoding="utf-8") for path in sources)
    reasons = set(re.findall(r'(?:code=|: )"((?:bad|not|too|unknown|topic|empty)_?\w*)"', code))

    text = (DOCS / "mqtt.md").read_text(encoding="utf-8")
    table = text.partition("## Why a message")[2].partition("## Versions")[0]
    assert reasons >= {"bad_time", "not_json", "too_large", "unknown_device", "empty"}
    assert reasons <= set(re.findall(r"`(\w+)`", table))


def test_the_description_for_machines_is_asyncapi_3() -> None:
    schema = json.loads((HERE / "asyncapi-3.0.0.json").read_text(encoding="utf-8"))

    jsonschema.Draft7Validator(schema).validate(ASYNCAPI)


def test_its_addresses_are_those_of_the_code() -> None:
    channels = ASYNCAPI["channels"]

    assert set(channels) == {*FROM_DEVICE, "command"}
    for channel, content in channels.items():
        assert content["address"] == f"yiwang/v1/{{district}}/{{domain}}/{{device}}/{channel}"


@pytest.mark.parametrize(("channel", "payload"), examples_for_machines())
def test_its_examples_fit_their_schemas_and_are_read(
    city: Registry, channel: str, payload: Any
) -> None:
    schema = {"$ref": f"#/components/schemas/{channel}", "components": ASYNCAPI["components"]}
    if channel != "reply" and isinstance(payload, dict):
        jsonschema.Draft7Validator(schema).validate(payload)

    device = "truck-0031" if channel == "position" else "lamp-0417"
    domain = city.speaker(device).profile.domain
    path = f"yiwang/v1/620171/{domain}/{device}/{channel}"
    assert read(city, path, json.dumps(payload).encode()).observed_us
