"""What can really happen in the city, by name: the vocabulary of `what` in scenario files.

Figures are illustrative; they pass the usual alarm bands (domain 1.5) at a pace a duty officer
would believe. Only the metrics and events that a device's profile has are touched.
"""

from collections.abc import Mapping

from simulators.behaviour.effects import Happening, Ramp, Shift

_ELSEWHERE = (Shift("lon", 0.0045), Shift("lat", 0.0036))
"""400 m east and north: off site and route, no farther than a truck drives between two reports."""


def _still(*, load: float, lift: float, cover: float) -> tuple[Ramp, ...]:
    """Return what a truck reports that stands with its box like this."""
    box = (Ramp("load_state", load), Ramp("lift_state", lift), Ramp("cover_state", cover))
    return (*box, Ramp("speed_kmh", 0.0))


HAPPENINGS: Mapping[str, Happening] = {
    "fire": Happening(
        (
            Ramp("smoke_db_m", 1.2, over_s=25),
            Ramp("temperature_c", 95.0, over_s=90),
            Ramp("eco2_ppm", 4000.0, over_s=60),
        ),
        ("fire",),
    ),
    "smouldering": Happening((Ramp("smoke_db_m", 1.2, over_s=120),)),
    "gas_leak": Happening((Ramp("gas_lel_pct", 62.0, over_s=45),), ("gas_low", "gas_high")),
    "current_leakage": Happening((Ramp("residual_current_ma", 650.0, over_s=10),), ("leakage",)),
    "cable_overheating": Happening(
        tuple(
            Ramp(metric, 98.0, over_s=60)
            for metric in ("cable_temperature_c", "cable_l1_temperature_c")
        ),
        ("overheat",),
    ),
    "pressure_loss": Happening((Ramp("pressure_mpa", 0.03, over_s=20),), ("pressure_low",)),
    "hydrant_opened": Happening((Shift("pressure_mpa", -0.08, over_s=2),), ("water_discharge",)),
    "tank_draining": Happening((Ramp("level_m", 0.2, over_s=120),), ("level_low",)),
    "door_left_open": Happening((Ramp("door_state", 1.0),), ("door_open",)),
    "pump_in_manual": Happening((Ramp("manual_state", 1.0),), ("manual_mode",)),
    "battery_empty": Happening((Ramp("battery_pct", 4.0),), ("low_battery",)),
    "day_burning": Happening(
        (
            Ramp("lamp_on", 1.0),
            Ramp("dimming_pct", 100.0),
            Ramp("power_w", 180.0, over_s=3),
            Ramp("current_a", 0.83, over_s=3),
        ),
        ("day_burning",),
    ),
    "lamp_failure": Happening(
        (Ramp("power_w", 0.0), Ramp("current_a", 0.0)),
        ("lamp_failure",),
    ),
    "leaves_route": Happening(
        (Shift("lon", 0.0045, over_s=20), Shift("lat", 0.0036, over_s=20)),  # 400 m each way
        ("route_deviation",),
    ),
    "overspeed": Happening((Ramp("speed_kmh", 84.0, over_s=8),), ("overspeed",)),
    "uncovered": Happening(
        (
            *_ELSEWHERE,
            Ramp("cover_state", 1.0),
            Ramp("load_state", 1.0),
            Ramp("speed_kmh", 32.0, over_s=8),
        ),
        ("cover_open",),
    ),
    "stands_empty": Happening((*_ELSEWHERE, *_still(load=0.0, lift=0.0, cover=0.0))),
    "loads_outside": Happening((*_ELSEWHERE, *_still(load=1.0, lift=0.0, cover=1.0))),
    "tips_outside": Happening((*_ELSEWHERE, *_still(load=1.0, lift=1.0, cover=1.0)), ("lift",)),
    "drives_banned": Happening((Ramp("speed_kmh", 30.0, over_s=8),)),
    "pump_starts": Happening((Ramp("pump_state", 1.0),), ("started",)),
    "power_loss": Happening((), ("main_power_fault", "power_off"), is_silent=True),
}
