"""The rules in force: what came with the program, overridden by what supervisors agreed on."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from hashlib import blake2b
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from alerts.journal.pen import Pen
from alerts.judging.rulebook import Rulebook
from alerts.judging.rules import Rule
from alerts.rulemaking.dossier import Dossier, Retirement, Version
from alerts.rulemaking.guarding import refuse_retiring, refuse_weakening
from alerts.rulemaking.wording import read_rule, rule_id_of, write_rule
from core.clock import to_us
from core.errors import Conflict, Invalid, NotFound

RULE: Final = "rule"
"""The kind of line and of record."""

LOCAL: Final = ZoneInfo("Asia/Shanghai")
"""Whose calendar day a review is dated by."""

Fits = Callable[[Rulebook], Iterable[str]]
"""Says in sentences which rules no device kind could ever meet."""

_decode = msgspec.json.Decoder(Dossier).decode


class Rules:
    """Drafts, reviews and versions of every rule; a restart finds all of it again.

    A new wording is a draft until another supervisor than its author approves it. Every step is
    a line of the journal with the whole document, so that it can be shown later by which words
    an alert was raised.
    """

    def __init__(
        self,
        pen: Pen,
        records: Mapping[str, bytes],
        shipped: Rulebook,
        fits: Fits,
        make: Callable[[Iterable[Rule]], Rulebook] = Rulebook,
    ) -> None:
        """Go on with what was on file; `make` builds a rulebook of rules.

        `unreadable` says which edited rules this release cannot read; for those the shipped
        wording is in force.
        """
        self._pen = pen
        self._fits = fits
        self._make = make
        self.shipped = shipped.rules
        self.unreadable: list[str] = []
        self._dossiers = {key: _decode(record) for key, record in records.items()}
        self._in_force = dict(self.shipped)
        for dossier in self._dossiers.values():
            self._enforce(dossier)
        self._changed = self._in_force != self.shipped

    def rulebook(self) -> Rulebook:
        """Return what is in force now."""
        return self._make(self._in_force.values())

    def changed(self) -> Rulebook | None:
        """Return what to judge by from now on, once after each change; None if nothing moved."""
        if not self._changed:
            return None
        self._changed = False
        return self.rulebook()

    def note_shipped(self, now: datetime) -> None:
        """Write shipped wordings into the journal that are not there yet; call it at the start."""
        for rule in self.shipped.values():
            document = write_rule(rule)
            digest = blake2b(document, digest_size=16).hexdigest()
            dossier = self.dossier(rule.rule_id)
            if dossier.shipped != digest:
                self._keep(msgspec.structs.replace(dossier, shipped=digest))
                self._write(rule.rule_id, now, None, did="shipped", rule=document)

    def ids(self) -> list[str]:
        """Return every rule there is or was."""
        return sorted(self.shipped.keys() | self._dossiers.keys())

    def rule(self, rule_id: str) -> Rule | None:
        """Return the rule in force, None if there is none."""
        return self._in_force.get(rule_id)

    def dossier(self, rule_id: str) -> Dossier:
        """Return what is on file, an empty file if nobody has ever touched the rule."""
        return self._dossiers.get(rule_id) or Dossier(rule_id=rule_id)

    def find(self, rule_id: str) -> Dossier:
        """Return what is on file; NotFound if there never was such a rule."""
        if rule_id not in self._dossiers and rule_id not in self.shipped:
            raise NotFound(f"There is no rule {rule_id[:64]!r}.")
        return self.dossier(rule_id)

    def put(self, document: bytes, expected: int | None, officer: str, now: datetime) -> Dossier:
        """File a draft; `expected` is the version its author has seen, None for a new rule.

        Invalid names what is wrong; Conflict says who was first, or what may not be weakened.
        """
        rule_id = rule_id_of(document)
        dossier = self.dossier(rule_id)
        self._require_seen(dossier, expected)
        rule = read_rule(document, version=self._next_version(dossier))
        if rule.status == "retired":
            raise Invalid(f"Rule {rule_id} is switched off by retiring it, not by its status.")
        self._check(rule)
        draft = Version(
            version=rule.version,
            rule=write_rule(msgspec.structs.replace(rule, status="draft")),
            author=officer,
            written_at=now,
        )
        self._write(rule_id, now, officer, did="drafted", rule=draft.rule)
        return self._keep(dossier.with_draft(draft))

    def approve(self, rule_id: str, version: int, officer: str, now: datetime) -> Dossier:
        """Put exactly this draft in force; Conflict if it has moved, or by its own author."""
        dossier = self.find(rule_id)
        draft = _waiting(dossier)
        if draft.version != version:
            raise Conflict(f"The draft of {_whose(rule_id, draft)}; you have seen {version}.")
        if draft.author == officer:
            raise Conflict(
                f"{officer} wrote version {version} of rule {rule_id}; another approves."
            )
        rule = msgspec.structs.replace(
            read_rule(draft.rule),
            status="active",
            reviewed_on=now.astimezone(LOCAL).date(),
            reviewed_by=officer,
        )
        self._check(rule)
        approved = msgspec.structs.replace(
            draft, rule=write_rule(rule), approved_by=officer, approved_at=now
        )
        self._write(rule_id, now, officer, did="approved", author=draft.author, rule=approved.rule)
        return self._enact(dossier.approved(approved))

    def retire(self, rule_id: str, reason: str, officer: str, now: datetime) -> Dossier:
        """Switch a rule off until a new version of it is approved."""
        dossier = self.find(rule_id)
        rule = self._in_force.get(rule_id)
        if rule is None:
            gone = dossier.retired
            since = f" since {gone.officer} retired it at {gone.at:%F %T} UTC" if gone else ""
            raise Conflict(f"Rule {rule_id} is not in force{since}.")
        refuse_retiring(rule)
        self._require_unused(rule_id)
        document = write_rule(msgspec.structs.replace(rule, status="retired"))
        self._write(rule_id, now, officer, did="retired", reason=reason, rule=document)
        return self._enact(
            dossier.without_force(Retirement(officer=officer, at=now, reason=reason))
        )

    def discard(self, rule_id: str, officer: str, now: datetime) -> Dossier:
        """Throw the draft away; what is in force stays."""
        dossier = self.find(rule_id)
        draft = _waiting(dossier)
        self._write(rule_id, now, officer, did="discarded", author=draft.author, rule=draft.rule)
        return self._keep(dossier.without_draft())

    def _require_seen(self, dossier: Dossier, expected: int | None) -> None:
        """Refuse to write over what the author has not seen."""
        latest = dossier.draft or dossier.in_force
        if latest is not None and latest.version != expected:
            raise Conflict(
                f"{_whose(dossier.rule_id, latest)}; you have seen {expected or 'none'}."
            )
        shipped = self.shipped.get(dossier.rule_id)
        if latest is None and expected != (shipped.version if shipped else None):
            stands = f"stands at version {shipped.version}" if shipped else "does not exist"
            raise Conflict(f"Rule {dossier.rule_id} {stands}; you have seen {expected or 'none'}.")

    def _next_version(self, dossier: Dossier) -> int:
        shipped = self.shipped.get(dossier.rule_id)
        return max(dossier.last_version, shipped.version if shipped else 0) + 1

    def _check(self, rule: Rule) -> None:
        """Refuse what weakens a guard of lives, or what no device could ever meet."""
        for before in (self._in_force.get(rule.rule_id), self.shipped.get(rule.rule_id)):
            if before is not None:
                refuse_weakening(before, rule)
        if unfit := self._complaints(self._in_force | {rule.rule_id: rule}):
            raise Invalid(" ".join(unfit))

    def _require_unused(self, rule_id: str) -> None:
        """Refuse to retire a rule that others build on."""
        rest = {key: rule for key, rule in self._in_force.items() if key != rule_id}
        if unfit := self._complaints(rest):
            raise Conflict(f"Rule {rule_id} is needed by others. {' '.join(unfit)}")

    def _complaints(self, rules: Mapping[str, Rule]) -> list[str]:
        """Return what would be wrong with these rules and is not wrong now."""
        known = set(self._fits(self.rulebook()))
        return [each for each in self._fits(self._make(rules.values())) if each not in known]

    def _enact(self, dossier: Dossier) -> Dossier:
        self._changed = True
        self._enforce(dossier)
        return self._keep(dossier)

    def _enforce(self, dossier: Dossier) -> None:
        """Let the file decide over the shipped wording."""
        if dossier.retired is not None:
            self._in_force.pop(dossier.rule_id, None)
        elif dossier.in_force is not None:
            try:
                self._in_force[dossier.rule_id] = read_rule(dossier.in_force.rule)
            except Invalid as error:
                self.unreadable.append(error.message)

    def _keep(self, dossier: Dossier) -> Dossier:
        self._dossiers[dossier.rule_id] = dossier
        self._pen.keep(RULE, dossier.rule_id, dossier)
        return dossier

    def _write(self, rule_id: str, now: datetime, officer: str | None, **document: object) -> None:
        self._pen.write(RULE, rule_id, document, at_us=to_us(now), actor=officer)


def _waiting(dossier: Dossier) -> Version:
    if dossier.draft is None:
        raise NotFound(f"Rule {dossier.rule_id} has no draft.")
    return dossier.draft


def _whose(rule_id: str, version: Version) -> str:
    """Say who brought the rule to this version, and when."""
    if version.approved_by:
        return (
            f"Rule {rule_id} is at version {version.version} since {version.approved_by} "
            f"approved it at {version.approved_at:%F %T} UTC"
        )
    return (
        f"Rule {rule_id} is at draft version {version.version} by {version.author} "
        f"of {version.written_at:%F %T} UTC"
    )
