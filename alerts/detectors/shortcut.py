"""The short way for the formulas nearly everybody writes: names against numbers, joined by words.

It gives the library's answers at a tenth of the cost (docs/adr/0013-expressions.md); a formula with
anything else in it has no short way.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any, Final

Truth = Callable[[Mapping[str, float]], bool]

_COMPARISONS: Final[dict[type[ast.cmpop], Callable[[Any, Any], bool]]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def short_way(node: ast.expr) -> Truth | None:
    """Return a function that says whether a checked condition holds; None if it is not simple."""
    match node:
        case ast.Compare(left=ast.Name(id=name), ops=[op], comparators=[ast.Constant(value=limit)]):
            return _compared(name, type(op), limit)
        case ast.UnaryOp(op=ast.Not(), operand=part):
            return _denied(short_way(part))
        case ast.BoolOp(op=op, values=parts):
            ways = [short_way(part) for part in parts]
            known = tuple(way for way in ways if way is not None)
            if len(known) == len(ways):
                return _all_of(known) if isinstance(op, ast.And) else _any_of(known)
    return None


def _compared(name: str, op: type[ast.cmpop], limit: Any) -> Truth | None:  # noqa: ANN401 - of ast
    if (passes := _COMPARISONS.get(op)) is None:
        return None
    return lambda values: passes(values[name], limit)


def _denied(way: Truth | None) -> Truth | None:
    return None if way is None else lambda values: not way(values)


def _all_of(ways: tuple[Truth, ...]) -> Truth:
    def holds(values: Mapping[str, float]) -> bool:
        for way in ways:  # noqa: SIM110 - a generator would cost as much as the rest
            if not way(values):
                return False
        return True

    return holds


def _any_of(ways: tuple[Truth, ...]) -> Truth:
    def holds(values: Mapping[str, float]) -> bool:
        for way in ways:  # noqa: SIM110 - the same
            if way(values):
                return True
        return False

    return holds
