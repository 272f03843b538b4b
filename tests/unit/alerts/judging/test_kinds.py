from typing import get_args

from alerts.judging import kinds
from alerts.judging.correlation import CorrelationRule
from alerts.judging.readying import NO_RULES
from alerts.judging.rulebook import SHIPPED, Rulebook, load_rulebook
from alerts.judging.rules import EventRule, OfflineRule, Rule
from devices.catalogue import load_catalogue

TABLES = (kinds.METRIC, kinds.PERSONAL, kinds.QUALITY, kinds.VEHICLE, kinds.VALUES)
ELSEWHERE: set[type[Rule]] = {EventRule, OfflineRule, CorrelationRule}


def test_every_kind_a_rule_file_may_hold_is_judged_by_exactly_one_table() -> None:
    judged = [kind for table in TABLES for kind in table]

    assert len(judged) == len(set(judged))
    assert set(judged) | ELSEWHERE == set(get_args(kinds.AnyRule))


def test_every_kind_is_named_as_the_files_name_it() -> None:
    for kind in get_args(kinds.AnyRule):
        assert kind.kind == kind.__struct_config__.tag


def test_every_kind_but_those_of_norms_and_formulas_ships_with_an_example() -> None:
    shipped = {type(rule) for rule in load_rulebook(SHIPPED).rules.values()}

    assert {"rate", "change", "stuck", "implausible", "threshold", "event", "offline"} <= {
        kind.kind for kind in shipped
    }


def test_a_clock_rule_is_for_every_profile_and_hides_no_rule_on_silence() -> None:
    rules = load_rulebook(SHIPPED).rules.values()
    offline = [rule for rule in rules if isinstance(rule, OfflineRule)]
    profiles = load_catalogue().profiles

    for profile in profiles:
        causes = {rule.cause for rule in offline if rule.selects(profile)}
        assert causes == {"clock", "gateway" if profile.gateway else "device"}


def test_no_rules_judge_nothing() -> None:
    assert Rulebook([]).offline("clock") is None
    assert not any((NO_RULES.metrics, NO_RULES.events, NO_RULES.offline, NO_RULES.clock))
