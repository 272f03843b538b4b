"""The short cuts of the judgement change nothing: a plain one finds the same."""

from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.board.alert import Began, Ended, Finding
from alerts.judging import lasting
from alerts.judging.conditions import Conditions
from alerts.judging.lasting import UNKNOWN, Delays, Memory, Outcome, Phase
from alerts.judging.rulebook import Rulebook
from alerts.judging.rules import Limit, ThresholdRule
from devices.reading import Quality
from tests.unit.alerts.judging.town import FLOW, LIMITS_S, PRESSURE, TOWN, measured, passed
from tests.unit.alerts.making import NOW, WORDS, S


def rule(name: str, *, on_s: float = 0, off_s: float = 0, **sides: Limit | None) -> ThresholdRule:
    return ThresholdRule(
        rule_id=name,
        priority="low",
        metric="flow_m3_h" if name == "flow" else "pressure_mpa",
        on_delay_s=on_s,
        off_delay_s=off_s,
        **WORDS,
        **sides,
    )


RULES = (
    rule("high", above=Limit(7, 5)),
    rule("very-high", above=Limit(9, 8), on_s=15, off_s=25),
    rule("low", below=Limit(2, 4), on_s=10),
    rule("both", above=Limit(8, 6), below=Limit(1, 3), off_s=15),
    rule("flow", above=Limit(5, 4), on_s=10),
)


class Said(NamedTuple):
    """One value: of whom and what, when it was measured, and how good it is."""

    who: str
    metric: int
    value: float
    step_s: int
    quality: int


class Plain:
    """Judges every value under every rule with a memory of its own, as the books say."""

    def __init__(self) -> None:
        self.memories: dict[tuple[str, str], Memory] = {}

    def judge(self, said: Said, at_us: int, latest_us: int) -> list[tuple[str, str, str, int]]:
        found = []
        for each in RULES:
            number = FLOW if each.metric == "flow_m3_h" else PRESSURE
            if said.quality >= Quality.UNCERTAIN_CLOCK or at_us <= latest_us:
                continue
            if number == said.metric:
                found += self._step(each, said, at_us)
        return found

    def _step(self, each: ThresholdRule, said: Said, at_us: int) -> list[tuple[str, str, str, int]]:
        key = (said.who, each.rule_id)
        memory = self.memories.get(key, UNKNOWN)
        was_bad = memory.phase >= Phase.BAD
        step = lasting.observe(
            memory,
            said.value,
            bad=_is_bad(each, said.value, was_bad=was_bad),
            observed_us=at_us,
            heard_us=at_us,
            delays=Delays(round(each.on_delay_s * S), round(each.off_delay_s * S)),
        )
        self.memories[key] = step.memory
        if step.outcome is Outcome.BEGAN:
            return [("began", *key, step.memory.began_us)]
        if step.outcome is Outcome.ENDED:
            return [("ended", *key, at_us)]
        return []


def _is_bad(each: ThresholdRule, value: float, *, was_bad: bool) -> bool:
    above = each.above if isinstance(each.above, Limit) else None
    below = each.below if isinstance(each.below, Limit) else None
    return passed(above, below, value, was_bad=was_bad) is not None


def as_told(finding: Finding) -> tuple[str, str, str, int]:
    if isinstance(finding, Began):
        return "began", finding.subject.source, finding.rule.rule_id, finding.identity_us
    assert isinstance(finding, Ended)
    return "ended", finding.source, finding.rule_id, finding.at_us


def ready() -> Conditions:
    conditions = Conditions(late_us=LIMITS_S * S, ahead_us=LIMITS_S * S)
    conditions.adopt(TOWN, Rulebook(RULES).index(TOWN))
    return conditions


SAID = st.builds(
    Said,
    st.sampled_from(["meter", "other"]),
    st.sampled_from([PRESSURE, FLOW]),
    st.one_of(st.sampled_from([1.0, 2.0, 5.0, 7.0, 8.0, 9.0]), st.floats(0, 10)),
    st.sampled_from([-20, 0, 5, 10, 10, 10]),
    st.sampled_from([Quality.GOOD, Quality.GOOD, Quality.GOOD, Quality.UNCERTAIN_RANGE]),
)
RESTART = st.just(None)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(SAID, SAID, SAID, SAID, RESTART), max_size=60))
def test_everything_is_found_that_a_plain_judgement_finds_also_across_restarts(
    happenings: list[Said | None],
) -> None:
    conditions, plain = ready(), Plain()
    latest: dict[tuple[str, int], int] = {}
    written: dict[object, Memory] = {}
    at_s = 1000
    for said in happenings:
        written.update(conditions.changed)
        if said is None:
            conditions = Conditions(late_us=LIMITS_S * S, ahead_us=LIMITS_S * S)
            conditions.restore(written)  # type: ignore[arg-type]
            conditions.adopt(TOWN, Rulebook(RULES).index(TOWN))
            at_s += 1000  # what was judged but not written may be judged again: not asked here
            continue
        at_s += said.step_s
        key = (said.who, said.metric)
        at_us = NOW + at_s * S

        found = measured(
            conditions, {said.metric: said.value}, at_s, who=said.who, quality=said.quality
        )

        expected = plain.judge(said, at_us, latest.get(key, 0))
        assert sorted(map(as_told, found)) == sorted(expected)
        if said.quality < Quality.UNCERTAIN_CLOCK:
            latest[key] = max(at_us, latest.get(key, 0))


@given(st.lists(st.floats(4.1, 6.9), min_size=1, max_size=20))
def test_those_who_are_well_cost_no_memory(values: list[float]) -> None:
    conditions = ready()
    for number, value in enumerate(values):
        assert measured(conditions, {PRESSURE: value}, number) == []

    assert conditions.changed == {}
    assert list(conditions._memories) == []
    assert conditions.judged == 4 * len(values)


@given(st.lists(st.floats(0, 10), max_size=20))
def test_once_all_is_well_again_nothing_is_remembered(values: list[float]) -> None:
    conditions = ready()
    for number, value in enumerate([*values, *[5.0] * 4]):
        measured(conditions, {PRESSURE: value}, number * 10)

    assert list(conditions._memories) == []
