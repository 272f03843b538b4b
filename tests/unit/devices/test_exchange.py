"""Files of sites and devices: read back as written, or refused with line, column and remedy."""

import csv
import io

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from devices.exchange import Format, export, read_devices, read_sites
from devices.model import Device, Site
from devices.registry import Registry

SQUARE = {
    "type": "Polygon",
    "coordinates": [[[103.6, 36.5], [103.7, 36.5], [103.7, 36.6], [103.6, 36.5]]],
}
SITE = Site(
    site_id="site-9", kind="dump_site", name="九号", district="620171", lon=103.65, lat=36.52
)
OUTLINED = replace(SITE, site_id="site-10", geometry=SQUARE, attributes={"approved": [1, {"a": 2}]})
LAMP = Device(
    device_id="lamp-9",
    profile_id="lamp-controller",
    site_id="site-1",
    district="620171",
    name="九号灯",
    gateway_id="lighting-cabinet",
    identification_code="6201710101700009",
    lon=103.6,
    lat=36.5,
    in_service=False,
)
HEADER = "device_id,profile_id,site_id,district,name,gateway_id,lon,lat,crs,in_service\n"
GOOD = "lamp-9,lamp-controller,site-1,620171,九号灯,,,,,\n"

FORMS = pytest.mark.parametrize("form", ["csv", "geojson"])


def devices_in(registry: Registry, *lines: str) -> list[tuple[int, str]]:
    content = read_devices("csv", (HEADER + "".join(lines)).encode(), registry)
    return [(problem.place, problem.column) for problem in content.problems]


@FORMS
def test_sites_read_back_as_they_were_written(registry: Registry, form: Format) -> None:
    content = read_sites(form, export(Site, form, [SITE, OUTLINED]), registry)

    assert content.problems == ()
    assert content.things == [SITE, OUTLINED]


@FORMS
def test_devices_read_back_as_they_were_written(registry: Registry, form: Format) -> None:
    nowhere = replace(LAMP, device_id="lamp-8", lon=None, lat=None, identification_code=None)

    content = read_devices(form, export(Device, form, [LAMP, nowhere]), registry)

    assert content.problems == ()
    assert content.things == [LAMP, nowhere]


@FORMS
@given(name=st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=50))
def test_any_name_survives_the_journey(registry: Registry, form: Format, name: str) -> None:
    site = replace(SITE, name=name)

    assert read_sites(form, export(Site, form, [site]), registry).things == [site]


@FORMS
@pytest.mark.parametrize("crs", ["GCJ02", "BD09"])
def test_other_coordinate_systems_are_converted_at_the_edge(
    registry: Registry, form: Format, crs: str
) -> None:
    written = export(Site, form, [OUTLINED], crs)

    (site,) = read_sites(form, written, registry).things
    assert (site.lon, site.lat) == pytest.approx((OUTLINED.lon, OUTLINED.lat), abs=1e-6)
    assert site.geometry is not None
    assert site.geometry["coordinates"][0][1] == pytest.approx([103.7, 36.5], abs=1e-6)
    assert b"103.65," not in written


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_spreadsheet_runs_nothing_we_export(start: str) -> None:
    data = export(Site, "csv", [replace(SITE, name=f"{start}cmd()")])

    (row,) = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert row["name"] == f"'{start}cmd()"


def test_a_byte_order_mark_and_blank_lines_are_tolerated(registry: Registry) -> None:
    data = ("\ufeff" + HEADER + "\n" + GOOD + "\n").encode()

    assert read_devices("csv", data, registry).problems == ()


@pytest.mark.parametrize(
    ("line", "columns"),
    [
        pytest.param("lamp 9,lamp-controller,site-1,620171,x,,,,,\n", ["device_id"], id="id"),
        pytest.param("lamp-9,kettle,site-1,620171,x,,,,,\n", ["profile_id"], id="profile"),
        pytest.param("lamp-9,lamp-controller,site-2,620171,x,,,,,\n", ["site_id"], id="site"),
        pytest.param("lamp-9,lamp-controller,site-1,62017,x,,,,,\n", ["district"], id="district"),
        pytest.param("lamp-9,lamp-controller,site-1,620171,,,,,,\n", ["name"], id="no-name"),
        pytest.param("lamp-9,lamp-controller,site-1,620171,x,ghost,,,,\n", ["gateway_id"], id="gw"),
        pytest.param(
            "lamp-9,lamp-controller,site-1,620171,x,lamp-9,,,,\n", ["gateway_id"], id="own-gateway"
        ),
        pytest.param(
            "lamp-9,lamp-controller,site-1,620171,x,smoke-detector,,,,\n",
            ["gateway_id"],
            id="no-gateway",
        ),
        pytest.param("lamp-9,lamp-controller,site-1,620171,x,,103.6,,,\n", ["lon"], id="half"),
        pytest.param("lamp-9,lamp-controller,site-1,620171,x,,181,36,,\n", ["lon"], id="far-east"),
        pytest.param("lamp-9,lamp-controller,site-1,620171,x,,nan,36,,\n", ["lon"], id="nan"),
        pytest.param("lamp-9,lamp-controller,site-1,620171,x,,,,GPS,\n", ["crs"], id="crs"),
        pytest.param("lamp-9,lamp-controller,site-1,620171,x,,,,,yes\n", ["in_service"], id="yes"),
        pytest.param("lamp-9,lamp-controller,site-1\n", [""], id="too-few-cells"),
        pytest.param(",,,x,,,x,,,\n", ["district", "lon"], id="all-of-a-lines-misfits-at-once"),
    ],
)
def test_a_problem_is_named_with_its_line_and_column(
    registry: Registry, line: str, columns: list[str]
) -> None:
    found = devices_in(registry, GOOD.replace("lamp-9", "lamp-1"), line)

    assert {place for place, _ in found} == {3}
    assert set(columns) <= {column for _, column in found}


def test_lines_are_counted_as_an_editor_counts_them(registry: Registry) -> None:
    broken = 'lamp-7,lamp-controller,site-1,620171,"two\nlines",,,,,\n'

    assert devices_in(registry, broken, "lamp-8,kettle,site-1,620171,x,,,,,\n") == [
        (4, "profile_id")
    ]


def test_the_same_id_twice_is_named_at_both_places(registry: Registry) -> None:
    assert devices_in(registry, GOOD, GOOD) == [(2, "device_id"), (3, "device_id")]


def test_a_gateway_of_the_same_file_counts(registry: Registry) -> None:
    cabinet = "cabinet-9,lighting-cabinet,site-1,620171,x,,,,,\n"
    child = "lamp-8,lamp-controller,site-1,620171,x,cabinet-9,,,,\n"

    assert devices_in(registry, child, cabinet) == []


@pytest.mark.parametrize(
    ("data", "place", "column"),
    [
        pytest.param(b"", 1, "", id="empty"),
        pytest.param("名称".encode("gb18030"), 1, "", id="not-utf-8"),
        pytest.param(b'device_id\n"x', 2, "", id="an-open-quote"),
        pytest.param(HEADER.encode().replace(b"lat", b"latt"), 1, "latt", id="unknown-column"),
        pytest.param(HEADER.encode().replace(b"name", b"lon"), 1, "lon", id="column-twice"),
        pytest.param(HEADER.encode().replace(b"name,", b""), 1, "name", id="column-missing"),
    ],
)
def test_a_broken_table_is_refused_with_its_place(
    registry: Registry, data: bytes, place: int, column: str
) -> None:
    content = read_devices("csv", data, registry)

    assert content.things == []
    assert (place, column) in [problem[:2] for problem in content.problems]


@pytest.mark.parametrize(
    ("feature", "column"),
    [
        pytest.param({"properties": {"colour": "red"}}, "colour", id="unknown-property"),
        pytest.param({"properties": {}}, "site_id", id="nothing-said"),
        pytest.param({"geometry": {"type": "Point", "coordinates": ["x", 1]}}, "lon", id="text"),
        pytest.param({"geometry": {"type": "Circle", "coordinates": []}}, "geometry", id="circle"),
        pytest.param({"geometry": {"type": "LineString"}}, "geometry", id="no-coordinates"),
        pytest.param(
            {"geometry": {"type": "MultiPoint", "coordinates": [[1, 2], [200, 1]]}},
            "geometry",
            id="off-the-earth",
        ),
        pytest.param(
            {"geometry": {"type": "Polygon", "coordinates": [[1, 2]]}}, "geometry", id="too-flat"
        ),
    ],
)
def test_a_problem_of_a_feature_is_named_with_its_index(
    registry: Registry, feature: dict[str, object], column: str
) -> None:
    collection = msgspec.json.decode(export(Site, "geojson", [SITE, OUTLINED]))
    collection["features"][1] |= feature

    content = read_sites("geojson", msgspec.json.encode(collection), registry)

    assert (1, column) in [problem[:2] for problem in content.problems]


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"\xff", b'{"type":"Feature"}', b"[" * 60_000],
    ids=["empty", "list", "not-utf-8", "one-feature", "very-deep"],
)
def test_what_is_no_feature_collection_is_refused(registry: Registry, data: bytes) -> None:
    (problem,) = read_sites("geojson", data, registry).problems

    assert "FeatureCollection" in problem.message


def test_an_unknown_grid_cell_is_named(registry: Registry) -> None:
    data = export(Site, "csv", [replace(SITE, grid_code="620171001")])

    (problem,) = read_sites("csv", data, registry).problems
    assert problem[:2] == (2, "grid_code")


def test_a_code_of_another_district_is_named(registry: Registry) -> None:
    data = export(Device, "csv", [replace(LAMP, district="620172")])

    (problem,) = read_devices("csv", data, registry).problems
    assert problem[:2] == (2, "identification_code")
