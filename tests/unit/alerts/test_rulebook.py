from argparse import Namespace
from pathlib import Path
from typing import Literal

import msgspec
import pytest

from alerts.judging import check_command
from alerts.judging.checking import complaints
from alerts.judging.rulebook import NO_RULES, POSITION_SPEED, SHIPPED, Rulebook, load_rulebook
from core.errors import Invalid
from devices.catalogue import load_catalogue
from tests.unit.alerts.making import FIRE, HOT, RULES, SILENT, WORDS, device, registry

VALID = "\n".join(
    [
        "[[rules]]",
        'kind = "event"',
        'rule_id = "fire"',
        'priority = "critical"',
        'event = "fire"',
        *(f"{key} = {value!r}" for key, value in WORDS.items()),
        "",
    ]
)


def written(folder: Path, text: str) -> Path:
    (folder / "a.toml").write_text(text, encoding="utf-8")
    return folder


def test_the_shipped_rules_are_valid_and_fit_the_catalogue() -> None:
    assert list(complaints(load_rulebook(SHIPPED), load_catalogue().profiles)) == []


def test_every_critical_condition_must_be_seen_before_it_goes() -> None:
    rules = load_rulebook(SHIPPED).rules.values()

    assert [
        rule.rule_id
        for rule in rules
        if rule.priority == "critical" and rule.kind != "offline" and not rule.latching
    ] == []


def test_every_device_kind_that_signals_fire_raises_a_critical_alert() -> None:
    rulebook, catalogue = load_rulebook(SHIPPED), load_catalogue()
    fire = rulebook.rules["fire-event"]

    assert fire.priority == "critical"
    assert all(fire.selects(kind) for kind in catalogue.profiles if "fire" in kind.events)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        pytest.param("[[rules]\n", "a.toml: ", id="not-toml"),
        pytest.param("version = 1\n", "nothing else", id="something-else-at-the-top"),
        pytest.param(f"\n{VALID}limit = 3\n", "a.toml, line 2, rule fire", id="unknown-field"),
        pytest.param(VALID.replace("critical", "urgent"), r"\$.priority", id="unknown-priority"),
        pytest.param(VALID.replace("owner = ", "owner = 1 #"), r"\$.owner", id="no-owner"),
        pytest.param(
            VALID + VALID, "line 14: the rule 'fire' stands in a.toml, line 1", id="twice"
        ),
        pytest.param(VALID.replace('"event"\n', '"feeling"\n', 1), "feeling", id="unknown-kind"),
    ],
)
def test_a_wrong_file_is_refused_whole_and_the_place_is_named(
    tmp_path: Path, text: str, complaint: str
) -> None:
    with pytest.raises(Invalid, match=complaint):
        load_rulebook(written(tmp_path, text))


def test_a_folder_without_rules_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="no rule files"):
        load_rulebook(tmp_path)


def checked(folder: Path) -> int:
    return check_command.run(Namespace(folder=folder))


def test_check_says_what_is_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert checked(written(tmp_path, VALID)) == 0

    assert capsys.readouterr().out == "1 rules are valid: 1 critical, 0 high, 0 medium, 0 low.\n"


def test_check_names_a_rule_nobody_can_meet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert checked(written(tmp_path, VALID.replace('event = "fire"', 'event = "dragon"'))) == 1

    assert "has the event 'dragon'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        pytest.param('hides = ["dragon"]', "hides 'dragon', which is no rule.", id="nothing"),
        pytest.param(
            'latching = true\nlife_safety = true\nhides = ["fire"]',
            "hides 'fire', which is about lives.",
            id="a-fire",
        ),
        pytest.param("life_safety = true", "so it must be `latching`.", id="fire-that-goes"),
        pytest.param(
            'hides = ["fire"]\nhides_in = "site"', "would hide itself.", id="itself-in-its-site"
        ),
    ],
)
def test_a_rule_that_hides_what_it_must_not_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], more: str, complaint: str
) -> None:
    assert checked(written(tmp_path, f"{VALID}{more}\n")) == 1

    assert complaint in capsys.readouterr().err


def test_what_is_about_lives_is_fire_or_gas_and_never_a_fault() -> None:
    rules = [it for it in load_rulebook(SHIPPED).rules.values() if it.kind != "correlation"]

    assert {rule.rule_id for rule in rules if rule.life_safety} == {
        "fire-event",
        "fire-manual-alarm",
        "heat-detector-temperature-high",
        "gas-high",
        "gas-high-event",
    }


def test_a_cabinet_without_power_hides_that_its_lamps_are_dark() -> None:
    hidden = load_rulebook(SHIPPED).rules["lighting-power-off"].hides

    assert {"lighting-lamp-failure", "lighting-power-off", "offline-device"} <= set(hidden)


def test_rules_are_found_by_the_number_of_their_metric() -> None:
    index = Rulebook(RULES).index(registry(device("d")))

    sensor = index["sensor"]
    (hot,) = sensor.metrics[1].thresholds
    assert (hot.rule, hot.subject) == (HOT, "temperature_c")
    assert hot.delays == (10_000_000, 5_000_000, 10_000_000)
    assert (sensor.metrics[1].low, sensor.metrics[1].high) == (float("-inf"), 50)
    assert POSITION_SPEED in sensor.metrics
    assert sensor.events["fire"] == (FIRE,)
    assert sensor.offline == SILENT
    assert index["gateway"].metrics.keys() == {POSITION_SPEED}


@pytest.mark.parametrize("status", ["draft", "retired"])
def test_a_rule_that_is_not_active_judges_nobody(status: Literal["draft", "retired"]) -> None:
    resting = [msgspec.structs.replace(rule, status=status) for rule in RULES]

    rulebook = Rulebook(resting)

    assert rulebook.index(registry(device("d")))["sensor"] == NO_RULES
    assert rulebook.offline("broker") is None
    assert rulebook.rules["fire"].status == status
