"""How much a benchmark does: `--quick` for a look, otherwise for the record."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """The size of the registry, and which of two sizes everything else has."""

    devices: int
    quick: bool

    @property
    def runs(self) -> int:
        """Return how often a figure is measured; its median is reported."""
        return self.pick(quick=3, full=5)

    def pick(self, *, quick: int, full: int) -> int:
        """Return the number that goes with this scale."""
        return quick if self.quick else full
