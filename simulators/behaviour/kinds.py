"""Which signals each kind of device has; a metric without one is not reported."""

from collections.abc import Mapping

from simulators.behaviour import electricity, environment, indoor, lighting, metering, water
from simulators.behaviour.moment import Signal

KINDS: Mapping[str, Mapping[str, Signal]] = {
    "smoke-detector": indoor.SMOKE,
    "heat-detector": indoor.HEAT,
    "gas-detector": indoor.GAS,
    "fire-door": indoor.DOOR,
    "residual-current": electricity.RESIDUAL_CURRENT,
    "cable-temperature": electricity.CABLE,
    "three-phase-supply": electricity.THREE_PHASE,
    "pump-cabinet": electricity.PUMP_CABINET,
    "fire-power-supply": electricity.FIRE_POWER,
    "user-information-transmission-device": electricity.GATEWAY,
    "hydrant-pressure": water.HYDRANT,
    "pipe-pressure": water.PIPE,
    "tank-level": water.TANK,
    "lamp-controller": lighting.LAMP,
    "lighting-cabinet": lighting.CABINET,
    "water-meter": metering.WATER,
    "gas-meter": metering.GAS,
    "heat-meter": metering.HEAT,
    "environment-station": environment.STATION,
}
"""By profile; trucks are missing here because their signals need their routes (`driving`)."""
