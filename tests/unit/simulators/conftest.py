"""One city for all tests that only look at it."""

import pytest

from simulators.city import City, build_city
from simulators.voices import Catalogue
from simulators.wiring import read_catalogue


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return read_catalogue()


@pytest.fixture(scope="session")
def city(catalogue: Catalogue) -> City:
    return build_city(catalogue.profiles)
