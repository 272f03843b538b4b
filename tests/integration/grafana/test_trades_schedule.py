import random
from datetime import timedelta
from math import isclose

from simulators.behaviour.sky import SUNSET_DEG, elevation_deg
from tests.fixtures.databases import RoleUrl
from tests.fixtures.upkeep import Upkeep
from tests.integration.grafana.small_city import SmallCity, device, local, site


async def test_without_hours_in_the_registry_lamps_burn_from_sunset_to_sunrise(
    database_url: str, role_url: RoleUrl
) -> None:
    chance = random.Random(7)
    places = [(chance.uniform(75, 134), chance.uniform(18, 53)) for _ in range(12)]
    city = SmallCity(Upkeep(database_url, role_url))
    await city.register(
        [
            site(f"s{n}", "lighting_cabinet", lon=lon, lat=lat)
            for n, (lon, lat) in enumerate(places)
        ],
        [device(f"d{n}", "lamp-controller", f"s{n}") for n in range(len(places))],
    )

    rows = await city.ask(
        "SELECT * FROM dash.lighting_windows(%s, %s)",
        local("2026-01-01 12:00"), local("2026-12-31 12:00"),
    )  # fmt: skip

    assert len(rows) == len(places) * 364
    for row in rows:
        lon, lat = places[int(row["site_id"][1:])]
        for instant in (row["lit_from"], row["lit_until"]):
            height = float(elevation_deg(instant.timestamp(), lon, lat))
            assert isclose(height, SUNSET_DEG, abs_tol=0.05), (row, height)
        assert timedelta(hours=6) < row["lit_until"] - row["lit_from"] < timedelta(hours=18)
        assert row["schedule"] == "sun"
