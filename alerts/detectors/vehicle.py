"""What all rules about vehicles share: delays, the plausibility gate, and places by choice."""

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Generic, NamedTuple, Protocol, TypeVar

from msgspec import Meta

from alerts.detectors.places import Place, ground_of
from alerts.detectors.plausibility import Gate, Track, follow
from alerts.judging.detecting import Fix, State, Verdict
from alerts.judging.rules import LastingRule
from devices.model import Identifier
from devices.registry import Registry

Metres = Annotated[float, Meta(ge=0, le=10_000)]
Kmh = Annotated[float, Meta(ge=0, le=300)]
MemoryT = TypeVar("MemoryT")


class VehicleRule(LastingRule, frozen=True, kw_only=True):
    """A rule on where a vehicle is or what it does there.

    A fix that would need more than `gate_kmh` from the last believed one is not believed before
    `gate_fixes` in a row agree.
    """

    subject: ClassVar[str]
    """What alerts of this rule are said to be about."""

    gate_kmh: Annotated[float, Meta(ge=1, le=1_000)] = 150
    gate_fixes: Annotated[int, Meta(ge=2, le=20)] = 3

    @property
    def gate(self) -> Gate:
        """Return what is believed at once."""
        return Gate(self.gate_kmh, self.gate_fixes)


class Judge(Protocol[MemoryT]):
    """Judges fixes that are believed; its memory is None at first."""

    def judge(
        self, memory: MemoryT | None, fix: Fix, *, was_bad: bool
    ) -> tuple[MemoryT | None, Verdict | None]:
        """Judge one fix that is believed."""
        ...


class Gated(Generic[MemoryT]):
    """The detector of a vehicle rule: fixes that are not believed never reach its judge."""

    def __init__(self, gate: Gate, judge: Judge[MemoryT], memory_type: object) -> None:
        """Put the gate before the judge, whose memory is of this type."""
        self._gate = gate
        self._judge = judge
        self._state_type = tuple[Track | None, memory_type | None]  # type: ignore[valid-type]

    @property
    def state_type(self) -> Any:  # noqa: ANN401 - a type made at run time
        """Return the type of its states."""
        return self._state_type

    def observe(self, state: State, fix: Fix, *, was_bad: bool) -> tuple[State, Verdict | None]:
        """Take in one fix newer than all before; no verdict where it is not believed."""
        track, memory = state or (None, None)
        track, believed = follow(track, fix, self._gate)
        if not believed:
            return (track, memory), None
        memory, verdict = self._judge.judge(memory, fix, was_bad=was_bad)
        return (track, memory), verdict


class Choice(NamedTuple):
    """Which sites count: of these kinds, and these; as a circle where no polygon is known."""

    kinds: tuple[Identifier, ...] = ()
    sites: tuple[Identifier, ...] = ()
    radius_m: float = 0.0


def chosen_places(registry: Registry, choice: Choice) -> Iterator[Place]:
    """Yield the grounds of the chosen sites; without polygon and radius a site has none."""
    for site in registry.content.sites:
        if site.kind in choice.kinds or site.site_id in choice.sites:
            place = ground_of(site, choice.radius_m)
            if place is not None:
                yield place
