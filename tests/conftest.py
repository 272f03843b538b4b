"""What every test may ask for; the fixtures themselves stand in `tests/fixtures`."""

pytest_plugins = ["tests.fixtures.servers", "tests.fixtures.databases", "tests.fixtures.whole"]
