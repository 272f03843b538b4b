import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.journal.pen import Pen
from alerts.judging.rulebook import Rulebook
from alerts.judging.rules import Rule
from alerts.rulemaking.rules import RULE, Rules
from alerts.rulemaking.wording import write_rule
from core.errors import Conflict, Invalid, NotFound
from tests.unit.alerts.making import FIRE, HOT, RULES

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
LIFE = msgspec.structs.replace(FIRE, life_safety=True)
SHIPPED = Rulebook([LIFE, *(rule for rule in RULES if rule is not FIRE)])


def fits(_rulebook: Rulebook) -> Iterable[str]:
    return ()


class Office:
    """The rules, and a disk that survives them."""

    def __init__(self) -> None:
        self.pen = Pen()
        self.disk: dict[str, bytes] = {}
        self.lines: list[dict[str, Any]] = []
        self.rules = Rules(self.pen, {}, SHIPPED, fits)

    def restart(self, shipped: Rulebook = SHIPPED) -> Rules:
        lines, records = self.pen.take()
        self.lines += [json.loads(line.document) for line in lines if line.kind == RULE]
        self.disk |= {
            key: value for (kind, key), value in records.items() if kind == RULE and value
        }
        self.rules = Rules(self.pen, self.disk, shipped, fits)
        return self.rules


@pytest.fixture
def office() -> Office:
    return Office()


def document(rule: Rule, **changes: Any) -> bytes:
    return json.dumps(json.loads(bytes(write_rule(rule))) | changes).encode()


def hotter(limit: float = 60) -> bytes:
    return document(HOT, above={"limit": limit, "clear_at": 45})


def limit_in_force(rules: Rules) -> float:
    rule: Any = rules.rule("hot")
    return float(rule.above.limit)


def test_a_draft_changes_nothing_until_another_supervisor_approves_it(office: Office) -> None:
    rules = office.rules
    draft = rules.put(hotter(), 1, "wang", NOW).draft
    assert draft is not None
    assert draft.version == 2
    assert rules.changed() is None
    assert limit_in_force(rules) == 50

    rules.approve("hot", 2, "li", NOW)

    rulebook = rules.changed()
    assert rulebook is not None
    rule = rulebook.rules["hot"]
    assert (rule.version, rule.status, rule.reviewed_by) == (2, "active", "li")
    assert f"{rule.reviewed_on}" == "2026-11-22"
    assert limit_in_force(rules) == 60
    assert rules.changed() is None


def test_nobody_approves_what_they_wrote(office: Office) -> None:
    office.rules.put(hotter(), 1, "wang", NOW)

    with pytest.raises(Conflict, match="wang wrote version 2"):
        office.rules.approve("hot", 2, "wang", NOW)


def test_a_wrong_field_is_named(office: Office) -> None:
    with pytest.raises(Invalid, match=r"Rule hot .*\$\.above\.limit"):
        office.rules.put(document(HOT, above={"limit": "warm", "clear_at": 45}), 1, "wang", NOW)
    with pytest.raises(Invalid, match="surprise"):
        office.rules.put(document(HOT, surprise=1), 1, "wang", NOW)
    with pytest.raises(Invalid, match="clear under its limit"):
        office.rules.put(hotter(limit=45), 1, "wang", NOW)
    with pytest.raises(Invalid, match="rule_id"):
        office.rules.put(b'{"rule_id": "../x"}', None, "wang", NOW)
    with pytest.raises(Invalid, match="cannot be read"):
        office.rules.put(b"{", None, "wang", NOW)


def test_of_two_authors_the_second_learns_who_was_first(office: Office) -> None:
    office.rules.put(hotter(60), 1, "wang", NOW)

    with pytest.raises(Conflict, match="draft version 2 by wang of 2026-11-22 03:00:00 UTC"):
        office.rules.put(hotter(70), 1, "zhao", NOW)

    office.rules.approve("hot", 2, "li", NOW)
    with pytest.raises(Conflict, match="version 2 since li approved it"):
        office.rules.put(hotter(70), 1, "zhao", NOW)


def test_a_new_rule_is_refused_where_one_is_and_an_old_one_where_none_is(office: Office) -> None:
    with pytest.raises(Conflict, match="stands at version 1"):
        office.rules.put(hotter(), None, "wang", NOW)
    with pytest.raises(Conflict, match="does not exist"):
        office.rules.put(document(HOT, rule_id="new"), 3, "wang", NOW)

    office.rules.put(document(HOT, rule_id="new"), None, "wang", NOW)
    office.rules.approve("new", 1, "li", NOW)
    assert office.rules.rule("new") is not None


def test_only_the_draft_that_was_read_can_be_approved(office: Office) -> None:
    office.rules.put(hotter(60), 1, "wang", NOW)
    office.rules.put(hotter(90), 2, "wang", NOW)

    with pytest.raises(Conflict, match="draft version 3 by wang"):
        office.rules.approve("hot", 2, "li", NOW)


def test_the_number_of_a_discarded_draft_is_not_given_again(office: Office) -> None:
    office.rules.put(hotter(60), 1, "wang", NOW)
    office.rules.discard("hot", "wang", NOW)

    draft = office.rules.put(hotter(90), 1, "wang", NOW).draft

    assert draft is not None
    assert draft.version == 3


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        pytest.param({"priority": "high"}, "lower the priority from critical to high", id="lower"),
        pytest.param({"life_safety": False}, "lose `life_safety`", id="no-longer-life-safety"),
        pytest.param({"latching": False}, "no longer latch", id="no-longer-latching"),
        pytest.param({"domains": ["water"]}, "leave out domains", id="narrower"),
        pytest.param({"profiles": ["sensor"]}, "leave out profiles", id="fewer-device-kinds"),
        pytest.param({"event": "fault"}, "watch another event", id="another-event"),
        pytest.param({"when_late": "ignore"}, "ignore what arrives late", id="deaf-to-late-fires"),
    ],
)
def test_a_guard_of_lives_is_never_weakened(
    office: Office, changes: dict[str, Any], why: str
) -> None:
    with pytest.raises(Conflict, match=f"guards lives.*{why}"):
        office.rules.put(document(LIFE, **changes), 1, "wang", NOW)


def test_a_guard_of_lives_may_be_worded_better_but_not_retired(office: Office) -> None:
    office.rules.put(document(LIFE, guidance_en="Go and look at once."), 1, "wang", NOW)
    office.rules.approve("fire", 2, "li", NOW)

    with pytest.raises(Conflict, match="guards lives and cannot be retired"):
        office.rules.retire("fire", "noise", "li", NOW)


def test_a_retired_rule_is_gone_until_a_new_version_is_approved(office: Office) -> None:
    office.rules.retire("hot", "sensor replaced", "wang", NOW)
    rulebook = office.rules.changed()
    assert rulebook is not None
    assert "hot" not in rulebook.rules
    with pytest.raises(Conflict, match="not in force since wang retired it"):
        office.rules.retire("hot", "again", "li", NOW)

    office.rules.put(hotter(), 1, "wang", NOW)
    office.rules.approve("hot", 2, "li", NOW)

    assert limit_in_force(office.rules) == 60


def test_a_rule_nobody_can_meet_is_refused_but_the_faults_of_others_are_not_held_against_it() -> (
    None
):
    def misfits(rulebook: Rulebook) -> Iterable[str]:
        rules = rulebook.rules.values()
        return [f"{rule.rule_id} is unfit." for rule in rules if rule.rule_id in ("odd", "silent")]

    rules = Rules(Pen(), {}, SHIPPED, misfits)
    rules.put(hotter(), 1, "wang", NOW)

    with pytest.raises(Invalid, match=r"^odd is unfit\.$"):
        rules.put(document(HOT, rule_id="odd"), None, "wang", NOW)


def test_a_rule_that_others_build_on_is_not_retired() -> None:
    def needing_hot(rulebook: Rulebook) -> Iterable[str]:
        return [] if "hot" in rulebook.rules else ["Rule 'both' looks at 'hot', which is no rule."]

    rules = Rules(Pen(), {}, SHIPPED, needing_hot)

    with pytest.raises(Conflict, match=r"needed by others\. Rule 'both' looks at 'hot'"):
        rules.retire("hot", "noise", "wang", NOW)


def test_a_restart_loses_nothing(office: Office) -> None:
    office.rules.put(hotter(), 1, "wang", NOW)
    office.restart().approve("hot", 2, "li", NOW)
    office.restart().put(hotter(70), 2, "wang", NOW)

    rules = office.restart()

    rulebook = rules.changed()
    assert rulebook is not None, "what was edited must be adopted after a start"
    assert rulebook.rules["hot"].version == 2
    dossier = rules.dossier("hot")
    assert dossier.draft is not None
    assert [each.version for each in dossier.history] == [2]


def test_every_step_is_in_the_journal_with_the_whole_document(office: Office) -> None:
    office.rules.put(hotter(), 1, "wang", NOW)
    office.rules.approve("hot", 2, "li", NOW)
    office.rules.retire("hot", "noise", "li", NOW)
    office.restart()

    assert [line["did"] for line in office.lines] == ["drafted", "approved", "retired"]
    assert {line["rule"]["guidance_zh"] for line in office.lines} == {"做"}
    assert office.lines[1]["author"] == "wang"
    assert office.lines[2]["reason"] == "noise"


def test_shipped_wordings_are_noted_once_each(office: Office) -> None:
    office.rules.note_shipped(NOW)
    office.restart().note_shipped(NOW)
    office.restart()
    assert len(office.lines) == len(SHIPPED.rules)

    newer = [msgspec.structs.replace(rule, version=2) for rule in SHIPPED.rules.values()]
    office.restart(Rulebook(newer)).note_shipped(NOW)
    office.restart()

    assert len(office.lines) == 2 * len(SHIPPED.rules)


def test_an_edited_rule_this_release_cannot_read_falls_back_to_the_shipped_one(
    office: Office,
) -> None:
    office.rules.put(hotter(), 1, "wang", NOW)
    office.rules.approve("hot", 2, "li", NOW)
    office.restart()
    office.disk["hot"] = office.disk["hot"].replace(b'"threshold"', b'"of_the_future"')

    rules = office.restart()

    assert limit_in_force(rules) == 50
    assert len(rules.unreadable) == 1
    assert "hot" in rules.unreadable[0]


def test_nothing_can_be_done_to_a_rule_that_never_was(office: Office) -> None:
    with pytest.raises(NotFound):
        office.rules.approve("nothing", 1, "li", NOW)
    with pytest.raises(NotFound):
        office.rules.retire("nothing", "x", "li", NOW)
    with pytest.raises(NotFound, match="no draft"):
        office.rules.discard("hot", "li", NOW)


_OFFICERS = st.sampled_from(["wang", "li", "zhao"])
_NUMBERS = st.one_of(st.none(), st.integers(1, 8))
_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), _NUMBERS, _OFFICERS),
        st.tuples(st.just("approve"), st.integers(1, 8), _OFFICERS),
        st.tuples(st.just("retire"), st.just(0), _OFFICERS),
        st.tuples(st.just("discard"), st.just(0), _OFFICERS),
        st.tuples(st.just("restart"), st.just(0), _OFFICERS),
    ),
    max_size=30,
)


@given(steps=_STEPS)
def test_whatever_supervisors_do_versions_only_rise_and_four_eyes_have_seen_each(
    steps: list[tuple[str, int | None, str]],
) -> None:
    office = Office()
    for number, (step, version, officer) in enumerate(steps):
        now = NOW + timedelta(minutes=number)
        try:
            match step:
                case "put":
                    office.rules.put(hotter(50 + number), version, officer, now)
                case "approve":
                    office.rules.approve("hot", version or 1, officer, now)
                case "retire":
                    office.rules.retire("hot", "why", officer, now)
                case "discard":
                    office.rules.discard("hot", officer, now)
                case "restart":
                    before = office.rules.rulebook().rules
                    assert office.restart().rulebook().rules == before
        except (Conflict, NotFound):
            continue
        dossier = office.rules.dossier("hot")
        versions = [each.version for each in dossier.history]
        assert versions == sorted(set(versions))
        assert all(each.author != each.approved_by for each in dossier.history)
        assert dossier.draft is None or dossier.draft.version not in versions
