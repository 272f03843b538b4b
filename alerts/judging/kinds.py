"""All kinds of rules there are, and what makes each of them ready for a device kind.

A new kind is a module with its rule and `ready`, and a line here.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from alerts.detectors import (
    baseline,
    change,
    expression,
    forbidden,
    geofence,
    hours,
    implausible,
    load_speed,
    route,
    stuck,
    threshold,
)
from alerts.detectors.baseline import BaselineRule
from alerts.detectors.change import ChangeRule, RateRule
from alerts.detectors.expression import ExpressionRule
from alerts.detectors.forbidden import ForbiddenRule
from alerts.detectors.geofence import GeofenceRule
from alerts.detectors.hours import HoursRule
from alerts.detectors.implausible import ImplausibleRule
from alerts.detectors.load_speed import LoadSpeedRule
from alerts.detectors.norms import Norms
from alerts.detectors.route import RouteRule
from alerts.detectors.stuck import StuckRule
from alerts.judging.correlation import CorrelationRule
from alerts.judging.detecting import (
    MetricDetector,
    PersonalDetector,
    QualityDetector,
    ValuesDetector,
    VehicleDetector,
)
from alerts.judging.rules import EventRule, OfflineRule, Rule, ThresholdRule
from devices.model import Profile
from devices.registry import Registry

AnyRule = (
    EventRule
    | ThresholdRule
    | RateRule
    | ChangeRule
    | StuckRule
    | ImplausibleRule
    | OfflineRule
    | GeofenceRule
    | RouteRule
    | LoadSpeedRule
    | HoursRule
    | ForbiddenRule
    | CorrelationRule
    | BaselineRule
    | ExpressionRule
)
"""What a rule file may hold; `kind` tells which it is."""

DetectorT = TypeVar("DetectorT")

Ready = Callable[[Any, Profile, Registry], DetectorT | None]
"""Makes a rule of one kind ready for a profile; None where it is not meant or cannot be met."""

ReadyByNorms = Callable[[Any, Profile, Registry, Norms], PersonalDetector | None]
"""The same, by what is usual for each device."""

METRIC: Final[Mapping[type[Rule], Ready[MetricDetector]]] = {
    ThresholdRule: threshold.ready,
    RateRule: change.ready,
    ChangeRule: change.ready,
    StuckRule: stuck.ready,
}
"""Kinds that judge the values of one metric."""

PERSONAL: Final[Mapping[type[Rule], ReadyByNorms]] = {
    BaselineRule: baseline.ready,
}
"""Kinds that judge the values of one metric by what is usual for the device."""

QUALITY: Final[Mapping[type[Rule], Ready[QualityDetector]]] = {
    ImplausibleRule: implausible.ready,
}
"""Kinds that judge whether the values of one metric can be believed."""

VEHICLE: Final[Mapping[type[Rule], Ready[VehicleDetector]]] = {
    GeofenceRule: geofence.ready,
    RouteRule: route.ready,
    LoadSpeedRule: load_speed.ready,
    HoursRule: hours.ready,
    ForbiddenRule: forbidden.ready,
}
"""Kinds that judge where a vehicle is and what it does there."""

VALUES: Final[Mapping[type[Rule], Ready[ValuesDetector]]] = {
    ExpressionRule: expression.ready,
}
"""Kinds that judge several metrics of a device together."""
