"""The language of expression rules: numbers, comparisons and `and`, `or`, `not`; nothing else.

Python's grammar without its powers (docs/adr/0013-expressions.md): no attributes, calls only of
`abs`, `min` and `max`, no texts, no powers, no loops. So work and memory grow with the length of
the text and with nothing else. The library walks the syntax tree, it never compiles it to code.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any, Final, Literal, NamedTuple

from simpleeval import SimpleEval  # type: ignore[import-untyped]

from alerts.detectors.shortcut import short_way

_Operators = dict[type[ast.AST], Callable[..., Any]]

Sort = Literal["a number", "a condition"]

_ARITHMETIC: Final[_Operators] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_COMPARISONS: Final[_Operators] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_SIGNS: Final[_Operators] = {ast.USub: operator.neg, ast.UAdd: operator.pos}
_OPERATORS: Final[_Operators] = {
    **_ARITHMETIC,
    **_COMPARISONS,
    **_SIGNS,
    ast.Not: operator.not_,
}
_FUNCTIONS: Final = {"abs": abs, "min": min, "max": max}
_NODES: Final = (
    ast.BoolOp,
    ast.Compare,
    ast.UnaryOp,
    ast.BinOp,
    ast.Call,
    ast.Name,
    ast.Constant,
)


class Word(NamedTuple):
    """A name in a formula and the column it stands in, from 1."""

    name: str
    column: int


class Formula:
    """A condition over named numbers, checked when it is read: what it needs, and of what sort."""

    def __init__(self, text: str) -> None:
        """Read the text; ValueError says what is wrong and in which column."""
        tree = _parse(text)
        checking = _Checking()
        checking.require(tree, "a condition")
        self.text = text
        self.words = tuple(checking.words)
        self.names = tuple(dict.fromkeys(word.name for word in self.words))
        self._tree = tree
        self._short_way = short_way(tree)
        self._machine = _machine()

    def holds(self, values: Mapping[str, float]) -> bool | None:
        """Say whether the condition holds; None where it has no answer (division by zero)."""
        if self._short_way is not None:
            return self._short_way(values)
        return self.holds_by_library(values)

    def holds_by_library(self, values: Mapping[str, float]) -> bool | None:
        """Say the same the long way, whatever the formula."""
        self._machine.names = values
        try:
            return bool(self._machine.eval(self.text, previously_parsed=self._tree))
        except ArithmeticError:
            return None


class _Checking:
    """Walks a tree once, before it is ever evaluated; everything not named here is refused."""

    def __init__(self) -> None:
        self.words: list[Word] = []

    def require(self, node: ast.expr, wanted: Sort) -> None:
        """Refuse a part that is not of the wanted sort."""
        if (found := self._sort(node)) != wanted:
            raise ValueError(f"column {node.col_offset + 1}: this is {found}, not {wanted}")

    def _sort(self, node: ast.expr) -> Sort:
        """Return what a part is, after looking at the parts it is made of."""
        shape = _condition(node) or _number(node)
        if shape is None:
            raise ValueError(f"column {node.col_offset + 1}: this has no meaning in a rule")
        if isinstance(node, ast.Name):
            self.words.append(Word(node.id, node.col_offset + 1))
        for part in shape.parts:
            self.require(part, shape.of)
        return shape.is_


class _Shape(NamedTuple):
    """What a part of a formula is, and of what sort its own parts must be."""

    is_: Sort
    of: Sort
    parts: list[ast.expr]


def _condition(node: ast.expr) -> _Shape | None:
    match node:
        case ast.BoolOp(values=parts):
            return _Shape("a condition", "a condition", parts)
        case ast.UnaryOp(op=ast.Not(), operand=part):
            return _Shape("a condition", "a condition", [part])
        case ast.Compare(ops=ops, left=left, comparators=rest):
            known = all(type(op) in _COMPARISONS for op in ops)
            return _Shape("a condition", "a number", [left, *rest]) if known else None
    return None


def _number(node: ast.expr) -> _Shape | None:
    parts: list[ast.expr] | None = None
    match node:
        case ast.UnaryOp(op=op, operand=part) if type(op) in _SIGNS:
            parts = [part]
        case ast.BinOp(op=op, left=left, right=right) if type(op) in _ARITHMETIC:
            parts = [left, right]
        case ast.Call(func=ast.Name(id="abs"), args=[part], keywords=[]):
            parts = [part]
        case ast.Call(func=ast.Name(id="min" | "max"), args=[_, _, *_] as several, keywords=[]):
            parts = several
        case ast.Name():
            parts = []
        case ast.Constant(value=value) if type(value) in (int, float):
            parts = []
    return None if parts is None else _Shape("a number", "a number", parts)


def _parse(text: str) -> ast.expr:
    try:
        return ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        column = getattr(error, "offset", None) or len(text) + 1
        hint = "; write `and`, `or`, `not`" if any(c in text for c in "&|!") else ""
        raise ValueError(f"column {column}: this cannot be read{hint}") from None


def _machine() -> SimpleEval:
    """Return the library's evaluator with everything taken out that we do not need."""
    machine = SimpleEval(operators=_OPERATORS, functions=_FUNCTIONS)
    machine.nodes = {node: machine.nodes[node] for node in _NODES}
    return machine
