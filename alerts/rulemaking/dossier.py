"""Everything on file about one rule: what is in force, what waits for review, what was before."""

from datetime import datetime
from typing import Final

import msgspec

HISTORY_KEPT: Final = 50
"""Versions on file per rule; older ones stand in the journal for ever."""


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """One wording of a rule; `rule` is the document as it was written, whatever reads it later."""

    version: int
    rule: msgspec.Raw
    author: str
    written_at: datetime
    approved_by: str | None = None
    approved_at: datetime | None = None


class Retirement(msgspec.Struct, frozen=True, kw_only=True):
    """Who switched the rule off, when and why."""

    officer: str
    at: datetime
    reason: str


class Dossier(msgspec.Struct, frozen=True, kw_only=True):
    """The file of one rule, oldest version first.

    `last_version` never goes back, so that a discarded draft's number is not given again;
    `shipped` is the fingerprint of the wording that came with the program.
    """

    rule_id: str
    last_version: int = 0
    in_force: Version | None = None
    draft: Version | None = None
    retired: Retirement | None = None
    history: tuple[Version, ...] = ()
    shipped: str = ""

    def with_draft(self, draft: Version) -> "Dossier":
        """Put a new draft on file in place of the one before."""
        return msgspec.structs.replace(self, draft=draft, last_version=draft.version)

    def without_draft(self) -> "Dossier":
        """Take the draft off the file; its number stays used."""
        return msgspec.structs.replace(self, draft=None)

    def approved(self, version: Version) -> "Dossier":
        """Let `version` be in force, and keep it with those before."""
        return msgspec.structs.replace(
            self,
            in_force=version,
            draft=None,
            retired=None,
            history=(*self.history, version)[-HISTORY_KEPT:],
        )

    def without_force(self, retirement: Retirement) -> "Dossier":
        """Note that nobody is judged by this rule any more."""
        return msgspec.structs.replace(self, retired=retirement)
