"""Choosing devices from the registry in memory."""

import pytest

from devices.filters import DeviceFilter, select_devices
from devices.registry import Registry


def chosen(registry: Registry, wanted: DeviceFilter) -> list[str]:
    return [speaker.device.device_id for speaker in select_devices(registry, wanted)]


def test_no_question_selects_everything_in_order(registry: Registry) -> None:
    assert chosen(registry, DeviceFilter()) == sorted(registry.speakers)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        pytest.param(DeviceFilter(domain="truck"), ["truck-terminal"], id="domain"),
        pytest.param(DeviceFilter(profile_id="gas-meter"), ["gas-meter"], id="profile"),
        pytest.param(DeviceFilter(gateway_id="lighting-cabinet"), ["lamp-controller"], id="behind"),
        pytest.param(DeviceFilter(text="PIPE"), ["pipe-pressure"], id="text"),
        pytest.param(DeviceFilter(domain="utility", text="gas"), ["gas-meter"], id="two-questions"),
        pytest.param(DeviceFilter(district="620172"), [], id="another-district"),
        pytest.param(DeviceFilter(site_id="site-2"), [], id="another-site"),
        pytest.param(DeviceFilter(in_service=False), [], id="out-of-service"),
    ],
)
def test_every_question_narrows_the_answer(
    registry: Registry, wanted: DeviceFilter, expected: list[str]
) -> None:
    assert chosen(registry, wanted) == expected
