"""The registry in a real database, through the role the api has."""

from collections.abc import Callable

import psycopg
import pytest
from psycopg import AsyncConnection

from core.database import Connection
from core.errors import Conflict, Invalid, NotFound
from devices import store
from devices.catalogue import load_catalogue
from devices.model import Device, Grid, Site

DISTRICT = "620171"
GRIDS = (
    Grid(code="620171001", name="Street", parent="620171"),  # its parent stands after it
    Grid(code="620171", name="District"),
)
SITE = Site(
    site_id="unit-001",
    kind="fire_unit",
    name="商场",
    district=DISTRICT,
    lon=103.6,
    lat=36.5,
    grid_code="620171001",
    attributes={"floors": 6},
)


def device(device_id: str, profile_id: str = "smoke-detector", **fields: object) -> Device:
    given = {"site_id": "unit-001", "district": DISTRICT, "name": device_id} | fields
    return Device(device_id=device_id, profile_id=profile_id, **given)


@pytest.fixture
async def filled(conn: Connection) -> Connection:
    catalogue = load_catalogue()
    await store.put_metrics(conn, catalogue.metrics)
    await store.put_profiles(conn, catalogue.profiles)
    await store.put_grids(conn, GRIDS)
    await store.put_site(conn, SITE)
    return conn


async def test_a_fresh_database_holds_an_empty_registry(conn: Connection) -> None:
    registry = await store.load_registry(conn)

    assert registry.speakers == {}
    assert registry.version == await store.registry_version(conn)


async def test_what_was_put_is_what_is_loaded(filled: Connection) -> None:
    catalogue = load_catalogue()

    registry = await store.load_registry(filled)

    assert registry.sites == {"unit-001": SITE}
    assert {grid.code: grid for grid in GRIDS} == {
        grid.code: grid for grid in registry.content.grids
    }
    assert registry.profiles == {profile.profile_id: profile for profile in catalogue.profiles}
    assert set(registry.metrics) == {metric.name for metric in catalogue.metrics}


async def test_putting_again_replaces_and_keeps_the_numbers(filled: Connection) -> None:
    await store.put_devices(filled, [device("one"), device("two")])
    first = (await store.load_registry(filled)).speakers

    await store.put_metrics(filled, load_catalogue().metrics)
    await store.put_devices(filled, [device("zero"), device("one", name="new name")])

    after = await store.load_registry(filled)
    assert after.speakers["one"].number == first["one"].number
    assert after.speakers["one"].device.name == "new name"
    assert after.speakers["zero"].number == max(s.number for s in first.values()) + 1
    assert max(after.metric_names) == len(load_catalogue().metrics)


async def test_a_gateway_may_stand_after_the_devices_behind_it(filled: Connection) -> None:
    gateway = device("gateway", "user-information-transmission-device")

    await store.put_devices(filled, [device("smoke", gateway_id="gateway"), gateway])

    registry = await store.load_registry(filled)
    assert registry.speakers["smoke"].device.gateway_id == "gateway"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        pytest.param({"site_id": "nowhere"}, "no site 'nowhere'", id="no-such-site"),
        pytest.param({"profile_id": "kettle"}, "no profile 'kettle'", id="no-such-profile"),
        pytest.param({"gateway_id": "ghost"}, "no gateway 'ghost'", id="no-such-gateway"),
        pytest.param({"gateway_id": "lamp"}, "own_gateway", id="its-own-gateway"),
    ],
)
async def test_a_device_that_refers_to_nothing_is_refused(
    filled: Connection, wrong: dict[str, object], sentence: str
) -> None:
    with pytest.raises(Invalid, match=sentence):
        await store.put_device(filled, device("lamp", **wrong))

    assert (await store.load_registry(filled)).speakers == {}


async def test_two_devices_cannot_share_an_identification_code(filled: Connection) -> None:
    code = "6201710100100001"
    await store.put_device(filled, device("one", identification_code=code))

    with pytest.raises(Conflict, match=code):
        await store.put_device(filled, device("two", identification_code=code))


@pytest.mark.parametrize(
    "is_known", [pytest.param(False, id="new"), pytest.param(True, id="known")]
)
async def test_the_same_id_twice_in_one_list_is_refused(filled: Connection, is_known: bool) -> None:
    if is_known:
        await store.put_device(filled, device("one"))

    with pytest.raises(Conflict, match="twice"):
        await store.put_devices(filled, [device("one"), device("one", name="other")])


async def test_what_is_referred_to_cannot_be_deleted(filled: Connection) -> None:
    gateway = device("gateway", "user-information-transmission-device")
    await store.put_devices(filled, [gateway, device("smoke", gateway_id="gateway")])

    for deleting in (
        store.delete_device(filled, "gateway"),
        store.delete_site(filled, "unit-001"),
        store.delete_profile(filled, "smoke-detector"),
    ):
        with pytest.raises(Conflict, match="still refers"):
            await deleting
    assert len((await store.load_registry(filled)).speakers) == 2


async def test_a_deleted_device_is_gone_and_cannot_be_deleted_again(filled: Connection) -> None:
    await store.put_device(filled, device("one"))

    await store.delete_device(filled, "one")

    assert (await store.load_registry(filled)).speakers == {}
    with pytest.raises(NotFound, match="no device 'one'"):
        await store.delete_device(filled, "one")


async def test_every_change_moves_the_version(filled: Connection) -> None:
    before = await store.registry_version(filled)

    await store.put_device(filled, device("one"))
    between = await store.registry_version(filled)
    await store.delete_device(filled, "one")

    assert before < between < await store.registry_version(filled)


async def test_a_program_that_only_reads_may_load_but_not_write(
    filled: Connection, role_url: Callable[[str], str]
) -> None:
    await filled.commit()
    async with await AsyncConnection.connect(role_url("yiwang_ingest")) as reader:
        assert (await store.load_registry(reader)).sites == {"unit-001": SITE}
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await store.put_site(reader, SITE)
