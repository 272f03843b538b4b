"""The books of the hour that is not over: counted now and then, and right if nobody counts."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from tests.fixtures.databases import RoleUrl
from tests.integration.grafana.counted_city import City


@pytest.fixture
def city(role_url: RoleUrl) -> Iterator[City]:
    built = City(role_url)
    built.device("a")
    yield built
    built.close()


@pytest.fixture
def hour(city: City) -> datetime:
    """The hour that is running by the database's clock."""
    (row,) = city.read("SELECT date_trunc('hour', now()) AS hour")
    found: datetime = row["hour"]
    return found


def book(city: City, hour: datetime, messages: int) -> None:
    city.write("DELETE FROM ledger")
    city.write("INSERT INTO ledger VALUES (1, %s, %s, %s, 0, 0)", hour, messages, messages)


def booked(city: City, hour: datetime) -> list[int]:
    rows = city.read("SELECT received FROM books_by_hour(%s, 'infinity')", hour)
    return [row["received"] for row in rows]


def test_without_anybody_counting_it_is_counted_on_the_fly(city: City, hour: datetime) -> None:
    book(city, hour, 3)
    assert booked(city, hour) == [3]


def test_it_is_counted_once_a_minute(city: City, hour: datetime) -> None:
    book(city, hour, 3)
    city.write("SELECT settle_books(now())")
    book(city, hour, 5)
    city.write("SELECT settle_books(now())")
    assert booked(city, hour) == [3]

    city.write("UPDATE books_progress SET counted_at = counted_at - INTERVAL '1 minute'")
    city.write("SELECT settle_books(now())")
    assert booked(city, hour) == [5]


def test_a_count_of_ten_minutes_ago_is_not_believed(city: City, hour: datetime) -> None:
    book(city, hour, 3)
    city.write("SELECT settle_books(now())")
    book(city, hour, 5)

    city.write("UPDATE books_progress SET counted_at = counted_at - INTERVAL '11 minutes'")

    assert booked(city, hour) == [5]
