from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from alerts.noise.facts import Facts, Standing
from alerts.noise.parents import Hides, Parents

HIDES = {
    "panel-down": Hides(frozenset({"loop-fault", "loop-low", "fire"})),
    "power-off": Hides(frozenset({"loop-fault", "power-off"}), in_site=True),
}
PANEL = Facts("panel-down", "fire", device_id="panel", site_id="tower")
POWER = Facts("power-off", "electrical", device_id="meter", site_id="tower")
LOOP = Facts("loop-fault", "fire", device_id="loop", gateways=("hub", "panel"), site_id="tower")


def standing(alert_id: str, facts: Facts, **fields: Any) -> Standing:
    return Standing(alert_id, facts, **fields)


def hidden(alert_id: str, under: str, *, since_us: int = 9, facts: Facts = LOOP) -> Standing:
    return Standing(alert_id, facts, since_us=since_us, held_by="parent", under=under)


def test_an_alert_behind_a_panel_that_is_down_is_hidden_under_it() -> None:
    parents = Parents(HIDES)
    assert parents.parent_of(LOOP) is None
    parents.follow(standing("p", PANEL))
    assert parents.parent_of(LOOP) == "p"


def test_a_panel_hides_only_what_its_rule_names_and_what_lies_behind_it() -> None:
    parents = Parents(HIDES)
    parents.follow(standing("p", PANEL))
    assert parents.parent_of(LOOP._replace(rule_id="lamp-failure")) is None
    assert parents.parent_of(LOOP._replace(gateways=("other",))) is None


def test_a_rule_that_hides_in_its_site_reaches_every_device_there_and_no_other_site() -> None:
    parents = Parents(HIDES)
    parents.follow(standing("p", POWER))
    assert parents.parent_of(LOOP._replace(gateways=())) == "p"
    assert parents.parent_of(LOOP._replace(site_id="school", gateways=())) is None


def test_life_safety_is_never_hidden() -> None:
    parents = Parents(HIDES)
    parents.follow(standing("p", PANEL))
    fire = LOOP._replace(rule_id="fire")
    assert parents.parent_of(fire) == "p"
    assert parents.parent_of(fire._replace(life_safety=True)) is None


def test_a_parent_that_is_not_active_any_more_hides_nothing() -> None:
    parents = Parents(HIDES)
    parents.follow(standing("p", PANEL))
    parents.follow(standing("p", PANEL, active=False))
    assert parents.parent_of(LOOP) is None


def test_what_is_hidden_is_counted_under_its_parent() -> None:
    parents = Parents(HIDES)
    parents.follow(standing("p", PANEL))
    parents.follow(hidden("a", "p"))
    parents.follow(hidden("b", "p"))
    assert (parents.under.count("p"), parents.under.take_changed()) == (2, {"p"})
    parents.follow(hidden("a", "p")._replace(opened=False))
    assert (parents.under.count("p"), parents.under.take_changed()) == (1, {"p"})
    assert parents.under.take_changed() == set()


def test_when_the_parent_clears_each_child_is_handed_over_once() -> None:
    parents = Parents(HIDES)
    parents.follow(standing("p", PANEL))
    parents.follow(hidden("a", "p"))
    parents.follow(hidden("b", "p"))
    assert parents.take_orphans() == []
    parents.follow(standing("p", PANEL, opened=False))
    assert parents.take_orphans() == ["a", "b"]
    assert parents.take_orphans() == []


def test_a_child_that_another_parent_hides_too_stays_hidden_under_that_one() -> None:
    parents = Parents(HIDES)
    parents.follow(standing("p", PANEL, since_us=1))
    parents.follow(standing("q", POWER, since_us=2))
    parents.follow(hidden("a", "p"))
    parents.follow(standing("p", PANEL, opened=False))
    assert parents.take_orphans() == []
    assert (parents.under.count("p"), parents.under.count("q")) == (0, 1)
    parents.follow(standing("q", POWER, opened=False))
    assert parents.take_orphans() == ["a"]


def test_after_a_restart_the_order_in_which_alerts_are_told_does_not_matter() -> None:
    parents = Parents(HIDES)
    parents.follow(hidden("a", "p", since_us=5))
    parents.follow(standing("p", PANEL, since_us=5))
    assert parents.take_orphans() == []
    assert parents.under.count("p") == 1


def test_a_child_whose_parent_was_lost_while_we_were_away_is_handed_over() -> None:
    parents = Parents(HIDES)
    parents.follow(hidden("a", "p"))
    assert parents.take_orphans() == ["a"]


def test_rules_that_hide_less_let_go_what_they_held() -> None:
    parents = Parents(HIDES)
    parents.follow(standing("p", PANEL))
    parents.follow(hidden("a", "p"))
    parents.adopt({})
    assert parents.take_orphans() == ["a"]


def test_a_child_never_hides_its_own_elders() -> None:
    parents = Parents(HIDES)
    meter = POWER._replace(device_id="meter-2")
    parents.follow(standing("q", POWER, since_us=1))
    parents.follow(hidden("r", "q", since_us=2, facts=meter))
    parents.follow(hidden("s", "q", since_us=3, facts=meter))
    parents.follow(standing("q", POWER, since_us=1, opened=False))
    assert parents.take_orphans() == ["r"]
    assert parents.under.above("s") == "r"


def test_an_alert_on_the_board_is_hidden_neither_by_itself_nor_by_a_younger_one() -> None:
    parents = Parents(HIDES)
    parents.follow(standing("first", POWER, since_us=1))
    parents.follow(standing("second", POWER, since_us=2))
    assert parents.parent_of(POWER, "first") is None
    assert parents.parent_of(POWER, "second") == "first"


DEEDS = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.sampled_from([PANEL, POWER, LOOP]), st.booleans()),
    max_size=30,
)


@given(DEEDS)
def test_whatever_happens_every_hidden_alert_has_a_parent_that_is_open(
    deeds: list[tuple[str, Facts, bool]],
) -> None:
    parents = Parents(HIDES)
    board: dict[str, Standing] = {}
    for now_us, (alert_id, facts, opened) in enumerate(deeds):
        moved = board.get(alert_id)
        if moved is None:
            under = parents.parent_of(facts)
            by = "parent" if under else None
            moved = Standing(alert_id, facts, since_us=now_us, held_by=by, under=under)
        moved = moved._replace(opened=opened)
        parents.follow(moved)
        board[alert_id] = moved
        if not opened:
            del board[alert_id]
        for orphan in parents.take_orphans():
            board[orphan] = board[orphan]._replace(held_by=None, under=None)
            parents.follow(board[orphan])
        for each in board.values():
            if each.held_by:
                assert parents.under.above(each.alert_id) in board
        assert set(parents.under) == {each.alert_id for each in board.values() if each.held_by}
