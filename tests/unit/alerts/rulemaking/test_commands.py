import json
from datetime import UTC, datetime
from typing import Any

from alerts.journal.pen import Pen
from alerts.judging.rulebook import Rulebook
from alerts.requests import Requests
from alerts.rulemaking.commands import RuleCommands
from alerts.rulemaking.rules import Rules
from alerts.rulemaking.wording import write_rule
from tests.unit.alerts.making import HOT, RULES

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


class Desk:
    """The commands as the broker brings them."""

    def __init__(self) -> None:
        rules = Rules(Pen(), {}, Rulebook(RULES), lambda _rulebook: ())
        self._requests = Requests(RuleCommands(rules).handlers(), lambda _request_id: None)
        self._asked = 0

    def ask(self, do: str, officer: str = "wang", **fields: Any) -> Any:
        self._asked += 1
        request = {"do": do, **fields}
        if do not in ("rule", "rules"):
            request |= {"request_id": f"r{self._asked}", "officer": officer}
        return json.loads(self._requests.answer(json.dumps(request).encode(), NOW))


def hotter() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(bytes(write_rule(HOT)))
    return document | {"above": {"limit": 60, "clear_at": 45}}


def test_a_rule_goes_from_draft_through_review_to_retirement() -> None:
    desk = Desk()

    draft = desk.ask("put_rule", rule=hotter(), expected_version=1)["rule"]
    assert (draft["version"], draft["source"]) == (1, "shipped")
    assert draft["draft"]["version"] == 2
    assert draft["draft"]["rule"]["above"]["limit"] == 60

    active = desk.ask("approve_rule", "li", rule_id="hot", version=2)["rule"]
    assert (active["version"], active["source"], active["author"]) == (2, "edited", "wang")
    assert active["rule"]["above"]["limit"] == 60
    assert active["draft"] is None

    retired = desk.ask("retire_rule", "li", rule_id="hot", reason="noise")["rule"]
    assert (retired["status"], retired["rule"]) == ("retired", None)
    assert retired["retired"]["reason"] == "noise"

    one = desk.ask("rule", rule_id="hot")
    assert [each["version"] for each in one["versions"]] == [2]


def test_a_refusal_is_a_code_and_a_sentence() -> None:
    answer = Desk().ask("put_rule", rule=hotter(), expected_version=7)

    assert answer["error"]["code"] == "conflict"
    assert answer["error"]["message"].endswith("you have seen 7.")


def test_all_rules_are_listed_page_by_page() -> None:
    desk = Desk()
    everything = desk.ask("rules")
    rest = desk.ask("rules", after=everything["rules"][2]["rule_id"])

    assert [each["rule_id"] for each in everything["rules"]] == sorted(r.rule_id for r in RULES)
    assert everything["left_out"] == 0
    assert rest["rules"] == everything["rules"][3:]


def test_a_discarded_draft_of_a_new_rule_leaves_no_rule() -> None:
    desk = Desk()
    desk.ask("put_rule", rule=hotter() | {"rule_id": "new"})

    gone = desk.ask("discard_draft", rule_id="new")["rule"]

    assert (gone["status"], gone["rule"], gone["draft"]) == ("discarded", None, None)
