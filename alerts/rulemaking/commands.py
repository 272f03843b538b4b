"""What supervisors do with rules, and what everybody may read of them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from alerts.requests import Command, Handlers, Name, Query, Text, fitting
from alerts.rulemaking.dossier import Dossier
from alerts.rulemaking.rules import Rules
from alerts.rulemaking.wording import write_rule

VersionNumber = Annotated[int, Meta(ge=1)]


class PutRule(Command, frozen=True, tag="put_rule"):
    """A supervisor files a draft, having seen `expected_version`; None for a new rule."""

    rule: msgspec.Raw
    expected_version: VersionNumber | None = None


class ApproveRule(Command, frozen=True, tag="approve_rule"):
    """Another supervisor puts exactly this draft in force."""

    rule_id: Name
    version: VersionNumber


class RetireRule(Command, frozen=True, tag="retire_rule"):
    """A supervisor switches a rule off."""

    rule_id: Name
    reason: Text


class DiscardDraft(Command, frozen=True, tag="discard_draft"):
    """A supervisor throws a draft away."""

    rule_id: Name


class RulesQuery(Query, frozen=True, tag="rules"):
    """Somebody wants every rule, page by page: what comes `after` a rule's id."""

    after: str = ""


class RuleQuery(Query, frozen=True, tag="rule"):
    """Somebody wants one rule with its former versions."""

    rule_id: Name


class RuleCommands:
    """Answers from the files of the rules."""

    def __init__(self, rules: Rules) -> None:
        """Answer from these."""
        self._rules = rules

    def handlers(self) -> Handlers:
        """Return what is done for each kind of request."""
        return {
            PutRule: self.put_rule,
            ApproveRule: self.approve_rule,
            RetireRule: self.retire_rule,
            DiscardDraft: self.discard_draft,
            RulesQuery: self.all_rules,
            RuleQuery: self.one_rule,
        }

    def put_rule(self, asked: PutRule, now: datetime) -> dict[str, object]:
        """File a draft."""
        expected = asked.expected_version
        return self._entry(self._rules.put(bytes(asked.rule), expected, asked.officer, now))

    def approve_rule(self, asked: ApproveRule, now: datetime) -> dict[str, object]:
        """Put a draft in force."""
        return self._entry(self._rules.approve(asked.rule_id, asked.version, asked.officer, now))

    def retire_rule(self, asked: RetireRule, now: datetime) -> dict[str, object]:
        """Switch a rule off."""
        return self._entry(self._rules.retire(asked.rule_id, asked.reason, asked.officer, now))

    def discard_draft(self, asked: DiscardDraft, now: datetime) -> dict[str, object]:
        """Throw a draft away."""
        return self._entry(self._rules.discard(asked.rule_id, asked.officer, now))

    def all_rules(self, asked: RulesQuery, _now: datetime) -> dict[str, object]:
        """Answer with a page in the order of ids."""
        ids = [rule_id for rule_id in self._rules.ids() if rule_id > asked.after]
        found = (entry(self._rules, self._rules.dossier(rule_id)) for rule_id in ids)
        page = fitting(_encoded(found))
        return {"rules": page, "left_out": len(ids) - len(page)}

    def one_rule(self, asked: RuleQuery, _now: datetime) -> dict[str, object]:
        """Answer with the rule and its versions, the newest first."""
        dossier = self._rules.find(asked.rule_id)
        versions = fitting(_encoded(reversed(dossier.history)))
        return {**self._entry(dossier), "versions": versions}

    def _entry(self, dossier: Dossier) -> dict[str, object]:
        return {"rule": entry(self._rules, dossier)}


def entry(rules: Rules, dossier: Dossier) -> dict[str, object]:
    """Return a rule as people see it: its document, where it comes from, what waits for review.

    `shipped_version` above `version` says that a newer wording came with the program and that an
    edited one stands in its way.
    """
    rule_id = dossier.rule_id
    rule, shipped = rules.rule(rule_id), rules.shipped.get(rule_id)
    edited = dossier.in_force
    if rule is None or (edited and edited.version != rule.version):
        edited = None
    return {
        "rule_id": rule_id,
        "status": rule.status if rule is not None else _status(dossier),
        "version": rule.version if rule is not None else None,
        "rule": write_rule(rule) if rule is not None else None,
        "source": "edited" if edited else "shipped" if rule is not None else None,
        "author": edited.author if edited else None,
        "approved_by": edited.approved_by if edited else None,
        "approved_at": edited.approved_at if edited else None,
        "shipped_version": shipped.version if shipped else None,
        "draft": dossier.draft,
        "retired": dossier.retired,
    }


def _status(dossier: Dossier) -> str:
    """Say what has become of a rule that is not in force."""
    if dossier.retired:
        return "retired"
    return "draft" if dossier.draft else "discarded"


def _encoded(things: Iterable[object]) -> Iterable[bytes]:
    return map(msgspec.json.encode, things)
