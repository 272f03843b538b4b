"""Connections: who shares one, when they leave, and how they come back."""

import numpy as np
import pytest

from core.settings import parse_broker_url
from simulators.books import Books
from simulators.city import City
from simulators.episodes import Episode
from simulators.line import Line, backoff_s
from simulators.lines import Lines, draw_lines, families, merged
from simulators.message import Message
from simulators.running import steer, stretches
from simulators.voices import Catalogue

BROKER = parse_broker_url("mqtt://svc-simulators:secret@127.0.0.1:1883")


class Watched(Line):
    """A line that notes what it was told."""

    def __init__(self, name: str) -> None:
        super().__init__(BROKER, name, Books())
        self.told: list[str] = []

    def hang_up(self) -> None:
        self.told.append("hang up")

    def dial(self) -> None:
        self.told.append("dial")

    def reconnect(self) -> None:
        self.told.append("reconnect")


@pytest.fixture
def three() -> Lines:
    """Places 0 and 1 on a gateway's own line, 2 on another's, 3 on a shared one."""
    lines = (Watched("gateway-1"), Watched("gateway-2"), Watched("shared"))
    return Lines(lines, (0, 0, 1, 2), {0: 0, 2: 1})


def told(lines: Lines) -> list[list[str]]:
    return [line.told for line in lines.lines if isinstance(line, Watched)]


def test_each_gateway_has_its_own_line_with_all_behind_it(city: City, catalogue: Catalogue) -> None:
    groups = families(city.devices, catalogue.profiles)

    own = [group for group in groups if group.gateway is not None]
    assert len(own) == 147
    assert all(
        city.devices[place].gateway_id in (None, group.name)
        for group in own
        for place in group.places
    )


def test_every_device_speaks_over_exactly_one_line(city: City, catalogue: Catalogue) -> None:
    groups = families(city.devices, catalogue.profiles)

    for shared in (groups, merged(groups, 10)):
        places = sorted(place for group in shared for place in group.places)
        assert places == list(range(len(city.devices)))


def test_a_huge_city_keeps_to_the_most_connections(city: City, catalogue: Catalogue) -> None:
    few = merged(families(city.devices, catalogue.profiles), 10)

    assert len(few) == 10
    assert all(group.gateway is None for group in few)


def test_the_default_city_needs_a_modest_number_of_connections(
    city: City, catalogue: Catalogue
) -> None:
    lines = draw_lines(city, catalogue.profiles, BROKER, Books())

    assert 147 < len(lines.lines) < 160


def test_what_is_offered_is_published_in_the_books() -> None:
    books = Books()
    line = Line(BROKER, "one", books)

    line.offer(Message(0, "topic", b"1"))

    assert (books.published, books.waiting, line.waiting) == (1, 1, 1)


def test_a_full_memory_forgets_the_oldest_and_writes_it_down() -> None:
    books = Books()
    line = Line(BROKER, "one", books, capacity=2)

    for number in range(5):
        line.offer(Message(0, "topic", str(number).encode()))

    assert (books.published, books.discarded, line.waiting) == (5, 3, 2)


@pytest.mark.parametrize(
    ("failures", "jitter", "wait_s"),
    [
        pytest.param(0, 0.0, 0.25, id="the-first-at-least"),
        pytest.param(0, 1.0, 0.5, id="the-first-at-most"),
        pytest.param(3, 1.0, 4.0, id="doubling"),
        pytest.param(99, 1.0, 30.0, id="never-longer"),
        pytest.param(99, 0.0, 15.0, id="spread-over-a-half"),
    ],
)
def test_lines_come_back_later_each_time_and_not_together(
    failures: int, jitter: float, wait_s: float
) -> None:
    assert backoff_s(failures, jitter) == wait_s


def test_a_dark_gateway_hangs_up_and_comes_back(three: Lines) -> None:
    dark = Episode("power_loss", np.array([0, 1]), start_us=10, end_us=20)

    steer(dark, three, 5, 15)
    assert told(three) == [["hang up"], [], []]

    steer(dark, three, 15, 25)
    assert told(three) == [["hang up", "dial"], [], []]


def test_a_storm_shakes_every_line_it_touches_once(three: Lines) -> None:
    storm = Episode("reconnect_storm", np.array([1, 2, 3]), start_us=10, end_us=20)

    for start_us in range(0, 40, 5):
        steer(storm, three, start_us, start_us + 5)

    assert told(three) == [["reconnect"], ["reconnect"], ["reconnect"]]


def test_a_silent_sensor_leaves_its_gateways_line_alone(three: Lines) -> None:
    steer(Episode("silence", np.array([0, 1]), start_us=10, end_us=20), three, 0, 30)

    assert told(three) == [[], [], []]


@pytest.mark.parametrize(
    ("end", "pieces"),
    [
        pytest.param(0, [], id="nothing"),
        pytest.param(10, [(0, 10)], id="one"),
        pytest.param(25, [(0, 10), (10, 20), (20, 25)], id="several-without-a-gap"),
    ],
)
def test_a_late_tick_is_made_up_for_in_pieces(end: int, pieces: list[tuple[int, int]]) -> None:
    assert list(stretches(0, end, 10)) == pieces
