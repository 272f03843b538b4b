"""The four-level grid: district, street, community, grid cell (codes as in GB/T 30428.1)."""

from collections.abc import Iterator
from typing import NamedTuple

from devices.model import Grid
from simulators import geojson, naming
from simulators.plane import Box

DISTRICT = "620171"
"""Administrative code of the invented district."""
DISTRICT_M = (11_200.0, 8_200.0)
"""Width and height of the district: the built-up area and a fringe for the dump sites."""

_SPLITS = ((2, 2), (3, 2), (3, 4))  # rows x columns of streets, communities, grid cells
_KINDS = (("街道", "Subdistrict"), ("社区", "Community"))


class Cell(NamedTuple):
    """One piece of the grid before it has a name."""

    code: str
    box: Box


WHOLE = Cell(
    DISTRICT,
    Box(-DISTRICT_M[0] / 2, -DISTRICT_M[1] / 2, DISTRICT_M[0] / 2, DISTRICT_M[1] / 2),
)


def build_grids(names: Iterator[naming.Word]) -> tuple[Grid, ...]:
    """Return the grid from the district down to its cells, parents before their parts."""
    district = _grid(WHOLE, naming.title(next(names), "新区", "New Area"), parent=None)
    return (district, *_parts(WHOLE, district, names))


def _parts(cell: Cell, grid: Grid, names: Iterator[naming.Word]) -> Iterator[Grid]:
    for number, part in enumerate(split(cell), start=1):
        part_grid = _grid(part, _name(grid, number, names), parent=grid.code)
        yield part_grid
        yield from _parts(part, part_grid, names)


def _name(parent: Grid, number: int, names: Iterator[naming.Word]) -> str:
    if parent.level <= len(_KINDS):
        return naming.title(next(names), *_KINDS[parent.level - 1])
    chinese, english = parent.name.split(" ", 1)
    return f"{chinese}第{number:02d}网格 {english} Cell {number:02d}"


def _grid(cell: Cell, name: str, *, parent: str | None) -> Grid:
    return Grid(code=cell.code, name=name, parent=parent, geometry=geojson.rectangle(cell.box))


def split(cell: Cell) -> list[Cell]:
    """Cut a cell into those of the next level, numbered west to east, then north to south."""
    level = _level(cell)
    if level > len(_SPLITS):
        return []
    rows, columns = _SPLITS[level - 1]
    return [
        Cell(f"{cell.code}{number + 1:03d}", _part(cell.box, divmod(number, columns), level))
        for number in range(rows * columns)
    ]


def _part(box: Box, place: tuple[int, int], level: int) -> Box:
    rows, columns = _SPLITS[level - 1]
    width, height = (box.east - box.west) / columns, (box.north - box.south) / rows
    row, column = place
    west, north = box.west + column * width, box.north - row * height
    return Box(west, north - height, west + width, north)


def _level(cell: Cell) -> int:
    return len(cell.code) // 3 - 1


def code_at(east_m: float, north_m: float) -> str:
    """Return the 15-digit code of the grid cell that holds the point (or is nearest to it)."""
    cell = WHOLE
    while parts := split(cell):
        cell = parts[_number_at(cell, east_m, north_m)]
    return cell.code


def _number_at(cell: Cell, east_m: float, north_m: float) -> int:
    rows, columns = _SPLITS[_level(cell) - 1]
    box = cell.box
    column = int((east_m - box.west) / (box.east - box.west) * columns)
    row = int((box.north - north_m) / (box.north - box.south) * rows)
    return min(max(row, 0), rows - 1) * columns + min(max(column, 0), columns - 1)
