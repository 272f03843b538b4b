"""A small city on the ground for the tests of rules about places."""

from typing import Any

from alerts.detectors.places import frame_at
from alerts.judging.detecting import Fix, State, VehicleDetector, Verdict
from devices.model import Device, Profile, Site
from devices.registry import Registry, RegistryContent

S = 1_000_000
NOW = 1_790_000_000 * S
DISTRICT = "620171"
LON, LAT = 103.62, 36.48
FRAME = frame_at(LON, LAT)

TRUCK = Profile(
    profile_id="truck-terminal",
    domain="truck",
    name_zh="车",
    name_en="truck",
    expected_interval_s=30,
    offline_after_s=300,
    metrics=("load_state", "lift_state", "cover_state"),
)

WORDS: dict[str, Any] = {
    "rule_id": "r",
    "version": 1,
    "priority": "low",
    "title_zh": "题",
    "title_en": "title",
    "guidance_zh": "做",
    "guidance_en": "do",
    "owner": "值班室",
    "meaning": "意",
    "consequence": "果",
}


def degrees(east_m: float, north_m: float) -> tuple[float, float]:
    """A point so many metres from the middle of the city."""
    return LON + east_m / FRAME.east_m, LAT + north_m / FRAME.north_m


def square(half_m: float, east_m: float = 0, north_m: float = 0) -> dict[str, Any]:
    corners = ((-half_m, -half_m), (half_m, -half_m), (half_m, half_m), (-half_m, half_m))
    ring = [list(degrees(east_m + x, north_m + y)) for x, y in (*corners, corners[0])]
    return {"type": "Polygon", "coordinates": [ring]}


def line(*points_m: tuple[float, float]) -> dict[str, Any]:
    return {"type": "LineString", "coordinates": [list(degrees(*each)) for each in points_m]}


def site(site_id: str, kind: str, geometry: dict[str, Any] | None, name: str = "") -> Site:
    lon, lat = degrees(0, 0)
    return Site(
        site_id=site_id,
        kind=kind,
        name=name or site_id,
        district=DISTRICT,
        lon=lon,
        lat=lat,
        geometry=geometry,
    )


def truck(device_id: str = "truck-1", **attributes: object) -> Device:
    return Device(
        device_id=device_id,
        profile_id=TRUCK.profile_id,
        site_id="firm",
        district=DISTRICT,
        name=device_id,
        number=1,
        attributes=attributes,
    )


def registry(*devices: Device, sites: tuple[Site, ...] = ()) -> Registry:
    content = RegistryContent(
        version=1, sites=(site("firm", "haulage_firm", None), *sites), profiles=(TRUCK,),
        devices=devices,
    )  # fmt: skip
    return Registry(content)


def fix(east_m: float, north_m: float, at_s: float, **known: Any) -> Fix:
    """A fix so many metres from the middle, so many seconds from now."""
    lon, lat = degrees(east_m, north_m)
    return Fix(NOW + round(at_s * S), lon, lat, device_id="truck-1", **known)


class Watched:
    """A detector with the state it keeps, and what was last said."""

    def __init__(self, detector: VehicleDetector | None) -> None:
        assert detector is not None
        self.detector = detector
        self.state: State = None
        self.bad = False
        self.verdict: Verdict | None = None

    def see(self, fix: Fix) -> bool:
        """Take in a fix; return what is held of the vehicle now."""
        self.state, self.verdict = self.detector.observe(self.state, fix, was_bad=self.bad)
        if self.verdict is not None:
            self.bad = self.verdict.bad
        return self.bad
