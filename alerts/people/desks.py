"""The desks: which alerts each answers for, who sits there, and how an alert climbs from it."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from alerts.board.document import Alert
from alerts.journal.pen import Pen
from alerts.judging.rules import Priority
from alerts.requests import Name, Text
from core.errors import Conflict, Invalid

SHIPPED: Final = Path(__file__).parents[1] / "desks.toml"
"""The desks of a city that has not put its own yet."""

DESK: Final = "desk"
"""The kind of record and of line that holds a desk."""

ON_DUTY: Final = "on_duty"
SUPERVISORS: Final = "supervisors"

_DAY_S: Final = 86_400

Until = Literal["acknowledged", "verified", "dispatched"]
LocalTime = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$(?!\n)")]


class Scope(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a desk answers for: every list that is not empty must fit; all empty is everything.

    `grids` are codes of cells of the city grid; a cell holds all whose code begins with its own.
    """

    domains: tuple[Name, ...] = ()
    districts: tuple[Name, ...] = ()
    sites: tuple[Name, ...] = ()
    grids: tuple[Name, ...] = ()


class Step(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """After how many seconds without `until` whom to tell; ours, no standard names the times.

    `to` is "on_duty", "supervisors", a person or a channel; `channels` hear of it as well.
    """

    after_s: Annotated[int, Meta(ge=0, le=7 * _DAY_S)]
    to: Name = ON_DUTY
    channels: tuple[Name, ...] = ()
    repeat_every_s: Annotated[int, Meta(ge=30, le=_DAY_S)] | None = None
    until: Until = "acknowledged"


Chain = tuple[Step, ...]


class CheckPlan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When the desk's officers are asked whether they are there (查岗), in the city's own time."""

    at: Annotated[tuple[LocalTime, ...], Meta(min_length=1, max_length=48)]
    minutes: Annotated[int, Meta(ge=1, le=60)] = 5


class Desk(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A place where alerts are answered; `members` are on duty while it has no roster."""

    desk_id: Annotated[str, Meta(pattern=r"^[a-z0-9_-]{1,64}$(?!\n)")]
    name_zh: Text
    name_en: Text
    scope: Scope = Scope()
    members: tuple[Name, ...] = ()
    supervisors: tuple[Name, ...] = ()
    at_least: Annotated[int, Meta(ge=1, le=50)] = 1
    check: CheckPlan | None = None
    chains: dict[Priority, Chain] = {}

    def chain(self, priority: Priority) -> Chain:
        """Return the steps for an alert of this priority; none: it is shown, nobody is told."""
        return self.chains.get(priority, ())


_DESKS: Final = msgspec.json.Decoder(Desk)


class Desks:
    """All desks: the shipped ones, and above them what supervisors have put."""

    def __init__(self, pen: Pen, records: Mapping[str, bytes], shipped: Iterable[Desk]) -> None:
        """Begin with the shipped desks and everything that was put since."""
        self._pen = pen
        self._desks = {desk.desk_id: desk for desk in shipped}
        self._desks.update({key: _DESKS.decode(text) for key, text in records.items()})
        self._order()

    def __iter__(self) -> Iterator[Desk]:
        """Go through the desks, by id."""
        return iter([self._desks[key] for key in sorted(self._desks)])

    def get(self, desk_id: str) -> Desk | None:
        """Return this desk."""
        return self._desks.get(desk_id)

    def put(self, desk: Desk, *, at_us: int, actor: str) -> None:
        """Let the desk be like this from now on; Invalid or Conflict says what is wrong with it."""
        if wrong := next(complaints(desk), None):
            raise Invalid(wrong)
        desks = {**self._desks, desk.desk_id: desk}
        if not any(each.scope == Scope() for each in desks.values()):
            raise Conflict(
                f"Desk {desk.desk_id!r} is the last one that answers for everything; "
                "without it some alerts would have no desk."
            )
        self._desks = desks
        self._order()
        self._pen.keep(DESK, desk.desk_id, desk)
        self._pen.write(DESK, desk.desk_id, msgspec.json.encode(desk), at_us=at_us, actor=actor)

    def desk_of(
        self, domain: str, district: str, site_id: str | None, grid_code: str | None = None
    ) -> Desk:
        """Return who answers for this: the desk of the site before the cell, district, domain."""
        for desk in self._ordered:
            if _fits(desk.scope, domain, district, site_id, grid_code):
                return desk
        return self._ordered[-1]  # it answers for everything: `put` and `load_desks` see to that

    def of(self, alert: Alert) -> Desk:
        """Return the desk an alert was given to; if there is none such, the one that fits."""
        given = self._desks.get(alert.desk_id)
        return given or self.desk_of(alert.domain, alert.district, alert.site_id)

    def _order(self) -> None:
        """Sort once, most specific first: desks change seldom, alerts come by the thousand."""
        everyone = sorted(self._desks.values(), key=lambda desk: desk.desk_id)
        self._ordered = sorted(everyone, key=lambda desk: _specific(desk.scope), reverse=True)


def complaints(desk: Desk) -> Iterator[str]:
    """Yield what is wrong with a desk, one sentence each."""
    if not desk.chain("critical"):
        yield f"Desk {desk.desk_id!r} tells nobody of critical alerts; it needs a chain for them."
    for priority, chain in desk.chains.items():
        after = [step.after_s for step in chain]
        if any(later <= earlier for earlier, later in pairwise(after)):
            yield (
                f"In the {priority} chain of desk {desk.desk_id!r} the steps do not follow one "
                f"another in time: {', '.join(map(str, after))} s."
            )


def named(desk: Desk) -> list[str]:
    """Return every person and channel a desk names, each once."""
    steps = [step for chain in desk.chains.values() for step in chain]
    called = [name for step in steps for name in (step.to, *step.channels)]
    people = (*desk.members, *desk.supervisors, *called)
    return [name for name in dict.fromkeys(people) if name not in (ON_DUTY, SUPERVISORS)]


def load_desks(path: Path = SHIPPED) -> Sequence[Desk]:
    """Read `[[desks]]` tables; Invalid names the file and what is wrong."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        desks = msgspec.convert(document.get("desks"), tuple[Desk, ...])
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise Invalid(f"{path.name}: {error}.") from None
    for desk in desks:
        if wrong := next(complaints(desk), None):
            raise Invalid(f"{path.name}: {wrong}")
    if not any(desk.scope == Scope() for desk in desks):
        raise Invalid(f"{path.name}: one desk must answer for everything (no scope).")
    return desks


def _fits(
    scope: Scope, domain: str, district: str, site_id: str | None, grid_code: str | None
) -> bool:
    return (
        (not scope.domains or domain in scope.domains)
        and (not scope.districts or district in scope.districts)
        and (not scope.sites or site_id in scope.sites)
        and (not scope.grids or (grid_code or "").startswith(scope.grids))
    )


def _specific(scope: Scope) -> tuple[bool, int, bool, bool]:
    """Rank a scope: a site is narrower than a cell, a cell than a district, that than a domain."""
    narrowest = max(map(len, scope.grids), default=0)
    return bool(scope.sites), narrowest, bool(scope.districts), bool(scope.domains)
