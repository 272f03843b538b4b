import pytest

from alerts.people.desks import Desk, Desks, Scope, Step, complaints, load_desks
from core.errors import Conflict, Invalid
from tests.unit.alerts.making import NOW
from tests.unit.alerts.people.staffing import CLIMB, FIRE, ROOM, Memory

FIRE_EAST = Desk(
    desk_id="fire_east",
    name_zh="东",
    name_en="East",
    scope=Scope(domains=("fire",), districts=("620171",)),
    chains={"critical": CLIMB},
)
CELL = Desk(
    desk_id="cell",
    name_zh="格",
    name_en="Cell",
    scope=Scope(grids=("620171001",)),
    chains={"critical": CLIMB},
)
TOWER = Desk(
    desk_id="tower",
    name_zh="塔",
    name_en="Tower",
    scope=Scope(sites=("tower",)),
    chains={"critical": CLIMB},
)


def desks_of(*shipped: Desk) -> tuple[Desks, Memory]:
    memory = Memory()
    return Desks(memory.pen, {}, shipped), memory


@pytest.mark.parametrize(
    ("domain", "district", "site", "grid", "desk_id"),
    [
        pytest.param("lighting", "620102", None, None, "room", id="nothing-narrower"),
        pytest.param("fire", "620102", "x", None, "fire", id="the-domain"),
        pytest.param("fire", "620171", "x", None, "fire_east", id="domain-and-district"),
        pytest.param("fire", "620171", "x", "620171001002", "cell", id="a-cell-within"),
        pytest.param("fire", "620171", "x", "620171002", "fire_east", id="the-next-cell"),
        pytest.param("fire", "620171", "tower", "620171001002", "tower", id="the-site-itself"),
        pytest.param("system", "", None, None, "room", id="our-own-parts"),
    ],
)
def test_the_narrowest_desk_answers(
    domain: str, district: str, site: str | None, grid: str | None, desk_id: str
) -> None:
    desks, _ = desks_of(FIRE, ROOM, TOWER, FIRE_EAST, CELL)

    assert desks.desk_of(domain, district, site, grid).desk_id == desk_id


def test_a_desk_that_was_put_survives_a_restart_and_stands_in_the_journal() -> None:
    desks, memory = desks_of(ROOM)

    desks.put(FIRE, at_us=NOW, actor="sun")
    memory.commit()

    again = Desks(memory.pen, memory.records("desk"), [ROOM])
    assert again.get("fire") == FIRE
    assert memory.lines[0].actor == "sun"
    assert memory.said("desk")[0]["desk_id"] == "fire"


def test_the_last_desk_for_everything_cannot_be_narrowed() -> None:
    desks, _ = desks_of(ROOM, FIRE)
    narrow = Desk(
        desk_id="room", name_zh="室", name_en="Room", scope=FIRE.scope, chains={"critical": CLIMB}
    )

    with pytest.raises(Conflict, match="no desk"):
        desks.put(narrow, at_us=NOW, actor="sun")

    assert desks.get("room") == ROOM


@pytest.mark.parametrize(
    ("chains", "words"),
    [
        pytest.param({}, "tells nobody", id="nobody-hears-of-critical-alerts"),
        pytest.param(
            {"critical": (Step(after_s=60), Step(after_s=60))}, "60, 60 s", id="two-at-once"
        ),
    ],
)
def test_a_desk_that_would_fail_people_is_refused(
    chains: dict[str, tuple[Step, ...]], words: str
) -> None:
    desks, _ = desks_of(ROOM)
    wrong = Desk(desk_id="wrong", name_zh="错", name_en="Wrong", chains=chains)  # type: ignore[arg-type]

    with pytest.raises(Invalid, match=words):
        desks.put(wrong, at_us=NOW, actor="sun")


def test_the_shipped_desks_are_sound_and_two_answer_a_fire() -> None:
    shipped = load_desks()

    desks, _ = desks_of(*shipped)
    fire = desks.desk_of("fire", "620171", "x")

    assert not [each for desk in shipped for each in complaints(desk)]
    assert fire.at_least == 2  # GB 25201-2010 cl. 5.2
    assert fire.chain("critical")[0].after_s == 0
