from collections import Counter

from alerts.judging.conditions import Conditions
from alerts.judging.rulebook import Rulebook
from alerts.reading import Reader
from bench import rules
from bench.crowd import METRICS, crowd
from bench.publishing import VALUES


def test_every_reading_is_judged_by_twenty_rules() -> None:
    city = crowd(50)
    conditions = Conditions(late_us=300_000_000, ahead_us=300_000_000)
    conditions.adopt(city, Rulebook(rules.rules()).index(city))
    reader = Reader(None)
    deliveries, now_us = rules._deliveries(50, lap=0)
    impossible = sum(rules._value(series, 0) > 150 for series in range(50 * VALUES))
    for each in deliveries:
        read = reader.read(each, city)
        assert read is not None
        conditions.judge(*read, now_us)

    judgements = conditions.judged + conditions.unjudged
    unasked = impossible  # an expression takes no note of what is impossible
    assert judgements + unasked == 50 * VALUES * rules.RULES_EACH


def test_the_rules_of_each_metric_are_of_many_kinds() -> None:
    kinds = Counter(rule.kind for rule in rules.rules())

    assert set(kinds) == {"threshold", "rate", "change", "stuck", "implausible", "expression"}
    assert sum(kinds.values()) == rules.RULES_EACH * len(METRICS)


def test_one_value_in_a_hundred_is_bad_and_next_to_none_impossible() -> None:
    values = [rules._value(series, lap) for series in range(2_000) for lap in range(10)]

    assert sum(90 < value < 100 for value in values) == len(values) // 100
    assert sum(value > 150 for value in values) == len(values) // 2_000
    assert all(20 <= value < 25 for value in values if value < 90)
