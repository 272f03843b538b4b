"""Readable for everybody: colour is never the only difference."""

import pytest
from grafana_foundation_sdk.models import dashboard

from alerts.board.states import State
from grafana import colours
from grafana.colours import ALERT_STATES, PRIORITIES, Shown
from grafana.dashboards import system
from grafana.layout import Row, place
from grafana.links import uid_in
from grafana.words import DESKS, DOMAINS, LANGUAGES, Say

OKABE_ITO = {"#000000", "#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7"}
MAPPINGS: dict[str, dict[str, Shown]] = {
    "priorities": PRIORITIES,
    "alert states": ALERT_STATES,
    "programs": system._STATES,
}


def test_every_state_of_an_alert_has_a_look() -> None:
    assert set(ALERT_STATES) == set(State)


def test_every_priority_has_a_look() -> None:
    assert set(PRIORITIES) == {"critical", "high", "medium", "low", "none"}


@pytest.mark.parametrize("name", MAPPINGS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_differ_so_that_colour_need_not(name: str, language: str) -> None:
    texts = [getattr(each.word, language) for each in MAPPINGS[name].values()]

    assert len(set(texts)) == len(texts)
    assert all(not text[0].isalnum() for text in texts)  # a mark stands first


def test_the_colours_are_those_everybody_can_tell_apart() -> None:
    used = {each.colour for mapping in MAPPINGS.values() for each in mapping.values()}
    used |= set(colours.DOMAIN_COLOURS.values())

    assert used <= OKABE_ITO | {colours.GREY}


def test_every_domain_has_a_name_and_a_colour() -> None:
    assert set(DOMAINS) == set(colours.DOMAIN_COLOURS)


def test_the_pass_line_is_95_percent() -> None:
    assert dict(colours.PASS_LINE)[0.95] == colours.GREEN


def test_data_a_minute_old_is_red() -> None:
    assert dict(colours.AGE)[60] == colours.RED


def test_a_row_that_does_not_fill_the_width_is_refused() -> None:
    with pytest.raises(ValueError, match="does not add up: Narrow"):
        place([Row(4, [(12, dashboard.Panel(title="Narrow"))])])


def test_a_heading_takes_a_line_of_its_own() -> None:
    heading, panel = place([Row(4, [(24, dashboard.Panel(title="Wide"))], title="Head")])

    assert heading.grid_pos is not None
    assert panel.grid_pos is not None
    assert (heading.grid_pos.y, panel.grid_pos.y) == (0, 1)
    assert (heading.id_val, panel.id_val) == (1, 2)


def test_the_chinese_dashboard_has_the_plain_name() -> None:
    assert (uid_in("yw-fire", "zh"), uid_in("yw-fire", "en")) == ("yw-fire", "yw-fire-en")


def test_every_desk_of_a_new_city_has_a_name() -> None:
    assert {"", "duty_room", "fire", "city"} == set(DESKS)


def test_the_language_decides() -> None:
    assert (Say("zh")("告警", "Alert"), Say("en")("告警", "Alert")) == ("告警", "Alert")
