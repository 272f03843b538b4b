"""The invented city: reproducible, complete, and consistent with itself."""

from collections import Counter

import msgspec
import numpy as np
import pytest

from devices.model import Device, Grid, Site
from simulators import atlas, plane
from simulators.cells import code_at
from simulators.city import City, build_city, registry_documents, scale_for
from simulators.streets import BUILT_UP_M
from simulators.voices import Catalogue


class Imported(msgspec.Struct):
    devices: list[Device]
    grids: list[Grid] = []
    sites: list[Site] = []


def test_the_same_seed_gives_the_same_city_byte_for_byte(catalogue: Catalogue) -> None:
    one, other = (build_city(catalogue.profiles, seed=7, scale=0.3) for _ in range(2))

    assert list(registry_documents(one)) == list(registry_documents(other))
    assert msgspec.json.encode(atlas.describe(one)) == msgspec.json.encode(atlas.describe(other))


def test_another_seed_gives_another_city(catalogue: Catalogue, city: City) -> None:
    other = build_city(catalogue.profiles, seed=2)

    assert list(registry_documents(other)) != list(registry_documents(city))


def test_what_is_imported_passes_the_registrys_own_checks(city: City) -> None:
    (document,) = registry_documents(city)

    assert msgspec.json.decode(document, type=Imported).devices == list(city.devices)


def test_a_large_city_is_imported_in_pieces_gateways_first(catalogue: Catalogue) -> None:
    large = build_city(catalogue.profiles, scale=4)

    known: set[str] = set()
    pieces = [msgspec.json.decode(d, type=Imported) for d in registry_documents(large)]
    for piece in pieces:
        known |= {device.device_id for device in piece.devices}
        assert {d.gateway_id for d in piece.devices if d.gateway_id} <= known

    assert len(pieces) == 3
    assert len(known) == len(large.devices)
    assert [bool(piece.sites) for piece in pieces] == [True, False, False]


def test_the_default_city_has_107_fire_units_with_about_twelve_sensors(city: City) -> None:
    units = {site.site_id for site in city.sites if site.kind == "fire_unit"}
    behind = Counter(d.site_id for d in city.devices if d.site_id in units and d.gateway_id)

    assert len(units) == 107
    assert 11.5 < np.mean(list(behind.values())) < 13


def test_every_unit_says_whom_to_call_and_no_number_can_ring_at_a_strangers(city: City) -> None:
    units = [site for site in city.sites if site.kind == "fire_unit"]

    called = [contact["phone"] for unit in units for contact in contacts(unit)]

    assert len(set(called)) == 3 * len(units)
    assert all(phone.startswith("0931-0") for phone in called)


def contacts(unit: Site) -> list[dict[str, str]]:
    found = unit.attributes["contacts"]
    assert isinstance(found, list)
    return found


def test_every_unit_and_cabinet_has_one_gateway_and_all_others_speak_through_it(
    city: City, catalogue: Catalogue
) -> None:
    gateways = {d.device_id: d for d in city.devices if catalogue.profiles[d.profile_id].gateway}
    followers = [d for d in city.devices if d.gateway_id is not None]

    assert len(gateways) == 107 + 40
    assert all(gateways[d.gateway_id or ""].site_id == d.site_id for d in followers)


def test_ids_are_unique_and_references_hold(city: City, catalogue: Catalogue) -> None:
    sites = {site.site_id for site in city.sites}

    assert len(sites) == len(city.sites)
    assert len({d.device_id for d in city.devices}) == len(city.devices)
    assert all(d.site_id in sites and d.profile_id in catalogue.profiles for d in city.devices)


def test_names_of_sites_are_unique_and_chinese_first(city: City) -> None:
    names = [site.name for site in city.sites]

    assert len(set(names)) == len(names)
    assert all("\u4e00" <= name.lstrip("0123456789")[0] <= "\u9fff" for name in names)


def test_every_site_lies_in_the_cell_it_names(city: City) -> None:
    cells = {grid.code: grid for grid in city.grids}

    for site in city.sites:
        assert site.grid_code is not None
        west, south, east, north = _bounds(cells[site.grid_code])
        assert west <= site.lon <= east
        assert south <= site.lat <= north


def test_the_grid_has_four_levels_each_under_its_parent(city: City) -> None:
    codes = {grid.code for grid in city.grids}

    assert Counter(grid.level for grid in city.grids) == {1: 1, 2: 4, 3: 24, 4: 288}
    assert all(
        grid.parent == grid.code[:-3] and grid.parent in codes
        for grid in city.grids
        if grid.level > 1
    )


@pytest.mark.parametrize(
    ("east", "north", "code"),
    [
        pytest.param(-5599, 4099, "620171001001001", id="north-west-is-the-first-of-all"),
        pytest.param(5599, 4099, "620171002002004", id="then-eastwards"),
        pytest.param(-5599, -4099, "620171003005009", id="then-southwards"),
        pytest.param(5599, -4099, "620171004006012", id="south-east-is-the-last"),
        pytest.param(-9999, 9999, "620171001001001", id="outside-falls-to-the-nearest"),
    ],
)
def test_cells_are_numbered_west_to_east_then_north_to_south(
    east: float, north: float, code: str
) -> None:
    assert code_at(east, north) == code


def test_the_built_up_area_is_55_square_kilometres() -> None:
    assert BUILT_UP_M[0] * BUILT_UP_M[1] == 55e6


def test_scale_multiplies_units_lamps_and_trucks(catalogue: Catalogue, city: City) -> None:
    triple = build_city(catalogue.profiles, scale=3)

    assert len(triple.trips) == 3 * len(city.trips)
    assert len(triple.devices) == pytest.approx(3 * len(city.devices), rel=0.01)


def test_about_as_many_devices_as_asked_for_are_built(catalogue: Catalogue) -> None:
    city = build_city(catalogue.profiles, scale=scale_for(catalogue.profiles, 20_000))

    assert len(city.devices) == pytest.approx(20_000, rel=0.02)


def test_lamps_even_of_a_huge_city_have_finite_places(catalogue: Catalogue) -> None:
    huge = build_city(catalogue.profiles, scale=20)

    places = np.array([(d.lon, d.lat) for d in huge.devices if d.lon is not None])
    assert np.isfinite(places).all()


def test_the_map_holds_grids_streets_routes_sites_and_devices(city: City) -> None:
    features = msgspec.json.decode(msgspec.json.encode(atlas.describe(city)))["features"]

    layers = Counter(feature["properties"]["layer"] for feature in features)
    assert layers["grid"] == 317
    assert layers["street"] == 30
    assert layers["route"] == 60
    assert layers["site"] == len(city.sites)
    assert layers["device"] == len(city.devices) - 60  # trucks have no fixed place


def test_metres_become_degrees_and_back_within_ten_centimetres() -> None:
    points = np.array([[0.0, 0.0], [5_500.0, -4_000.0], [-123.4, 56.7]])

    assert np.abs(plane.to_metres(plane.to_degrees(points)) - points).max() < 0.1


def _bounds(grid: Grid) -> tuple[float, float, float, float]:
    assert grid.geometry is not None
    ring = np.array(grid.geometry["coordinates"])[0]
    return (*ring.min(axis=0), *ring.max(axis=0))
