"""GCJ-02 and BD-09: there and back within a millionth of a degree, and nothing moved abroad."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.coordinates import Crs, from_wgs84, is_in_china, to_wgs84

SYSTEMS: tuple[Crs, ...] = ("WGS84", "GCJ02", "BD09")


@pytest.mark.parametrize("crs", SYSTEMS)
@given(lon=st.floats(73.5, 135.5), lat=st.floats(3.5, 53.5))
def test_there_and_back_is_the_same_place(crs: Crs, lon: float, lat: float) -> None:
    back = to_wgs84(crs, *from_wgs84(crs, lon, lat))

    assert back == pytest.approx((lon, lat), abs=1e-6)


@pytest.mark.parametrize("crs", SYSTEMS)
@pytest.mark.parametrize(
    ("lon", "lat"),
    [
        pytest.param(2.2945, 48.8583, id="paris"),
        pytest.param(-43.21, -22.95, id="rio"),
        pytest.param(0.0, 0.0, id="where-the-axes-meet"),
        pytest.param(180.0, 90.0, id="pole"),
        pytest.param(72.0, 36.0, id="just-west-of-china"),
    ],
)
def test_places_abroad_stay_as_they_are(crs: Crs, lon: float, lat: float) -> None:
    assert not is_in_china(lon, lat)
    assert from_wgs84(crs, lon, lat) == (lon, lat)
    assert to_wgs84(crs, lon, lat) == (lon, lat)


@pytest.mark.parametrize(
    ("crs", "shifted"),
    [  # the example of eviltransform and coordtransform: 116.404, 39.915 in Beijing
        pytest.param("GCJ02", (116.41024449916938, 39.91640428150164), id="gcj02"),
        pytest.param("BD09", (116.41662724378733, 39.922699552216216), id="bd09"),
    ],
)
def test_the_public_formula_is_followed(crs: Crs, shifted: tuple[float, float]) -> None:
    assert from_wgs84(crs, 116.404, 39.915) == pytest.approx(shifted, abs=1e-9)
