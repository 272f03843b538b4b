from bench import idle
from bench.crowd import crowd
from bench.machine import CpuMeter


def test_a_quick_look_says_by_how_much_it_was_extrapolated() -> None:
    sizes = idle.Sizes(50_000_000, 80_000_000, 40_000_000, 10_000_000, 1.0)

    result = idle._result(sizes, 100_000, CpuMeter())

    assert result.value == 50e6 + 10 * 130e6
    assert result.figures["extrapolated_by"] == 10
    assert result.figures["devices_measured"] == 100_000
    assert result.figures["registry_bytes_per_device"] == 800


def test_everybody_is_filled_in_heard_and_judged() -> None:
    sizes = idle.fill(500)  # it raises if anybody was not

    assert sizes.before > 10_000_000
    assert sizes.seconds > 0


def test_the_crowd_stands_behind_gateways() -> None:
    city = crowd(100)
    gateways = {it.device.gateway_id for it in city.speakers.values()} - {None}

    assert len(city.speakers) == 100
    assert all(city.speakers[str(each)].profile.gateway for each in gateways)
    assert sum(it.profile.gateway for it in city.speakers.values()) == len(gateways)
