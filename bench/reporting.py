"""What a benchmark leaves behind: a table for people and one line of JSON for machines."""

from collections.abc import Mapping, Sequence

import msgspec

Row = Sequence[str | float]


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """One benchmark's headline figure, and what it was measured beside; all in SI units."""

    bench: str
    value: float
    unit: str
    target: float
    yardsticks: Mapping[str, float]
    figures: Mapping[str, float]
    machine: Mapping[str, object]


def as_json(result: Result | Mapping[str, Result]) -> str:
    """Write one line."""
    return msgspec.json.encode(result).decode()


def as_table(head: Sequence[str], rows: Sequence[Row]) -> str:
    """Lay the rows out in columns; text to the left, numbers to the right."""
    cells = [list(head), *([_text(cell) for cell in row] for row in rows)]
    widths = [max(len(line[number]) for line in cells) for number in range(len(head))]
    rule = ["-" * width for width in widths]
    lines = [cells[0], rule, *cells[1:]]
    return "\n".join(_line(line, widths) for line in lines)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = zip(cells, widths, strict=True)
    return "  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)])


def _text(cell: str | float) -> str:
    if isinstance(cell, str):
        return cell
    return f"{cell:,.0f}" if abs(cell) >= 100 or cell == int(cell) else f"{cell:.3g}"
