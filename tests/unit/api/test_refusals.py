"""Every refusal that can reach a page is in the OpenAPI document by its code, and in Chinese."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from alerts.board.commands import Acknowledge
from alerts.board.refusing import why_refused
from alerts.board.shelving import Shelve
from alerts.board.states import Reason
from api import errors
from tests.unit.alerts.board.desk import Desk
from tests.unit.alerts.making import FAULT

ROOT = Path(errors.__file__).parents[1]
CATALOGUE: dict[str, Any] = json.loads(
    (ROOT / "console" / "src" / "words" / "refusals.zh.json").read_text(encoding="utf-8")
)
KINDS = (
    "Conflict",
    "Forbidden",
    "Invalid",
    "NotFound",
    "TooLarge",
    "TooManyAttempts",
    "Unauthenticated",
    "Unavailable",
)
ASKED_BY_A_PAGE = (
    "api",
    "alerts/board",
    "alerts/judging/checking.py",
    "alerts/noise/windows.py",
    "alerts/people",
    "alerts/replay/calling.py",
    "alerts/replay/jobs.py",
    "alerts/rulemaking",
    "devices/credentials.py",
    "devices/registry.py",
    "devices/store.py",
)
ONLY_ON_A_TERMINAL = (
    "api/preparing.py",
    "api/reports/command.py",
    "api/serving.py",
    "alerts/rulemaking/looking.py",
)
COMPOSED = {
    "f'{who} been": (
        "Help has been on site of alert x since x.",
        "Li has been on site of alert x since x.",
    ),
    "{_whose(": (
        "Rule x is at version 3 since x approved it at x; you have seen none.",
        "Rule x is at draft version 4 by x of x; you have seen 3.",
        "The draft of Rule x is at draft version 4 by x of x; you have seen 3.",
    ),
    "{stands}": (
        "Rule x stands at version 3; you have seen none.",
        "Rule x does not exist; you have seen 3.",
    ),
    "{since}": ("Rule x is not in force.", "Rule x is not in force since x retired it at x."),
}
"""What is put together of several pieces: the piece that tells it, and all it can become."""

AT_THE_START = ("{path.name}: ", "The registry is not there")
"""Sentences about files and schemas; whoever reads them has started a program."""

PLACE = re.compile(r"\\\{\w+\\\}")
SAMPLE = "x-1"


class Written(NamedTuple):
    """A sentence as the source has it: its code, if it has a finer one, and what it says."""

    where: str
    source: str
    sentence: str
    code: str | None


def _files() -> Iterator[Path]:
    for name in ASKED_BY_A_PAGE:
        path = ROOT / name
        found = sorted(path.rglob("*.py")) if path.is_dir() else [path]
        yield from (one for one in found if str(one.relative_to(ROOT)) not in ONLY_ON_A_TERMINAL)


def _written(path: Path) -> Iterator[Written]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    constants = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        said = _said(node)
        if isinstance(said, ast.Name):
            said = constants.get(said.id)
        if said is not None:
            where = f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
            yield Written(where, ast.unparse(said), _sample(said), _code(node))


def _said(node: ast.AST) -> ast.expr | None:
    """Return the sentence of a refusal, or of a complaint that becomes one."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KINDS:
        return node.args[0]
    return node.value if isinstance(node, ast.Yield) else None


def _code(node: ast.AST) -> str | None:
    for each in node.keywords if isinstance(node, ast.Call) else ():
        if each.arg == "code":
            return str(ast.literal_eval(each.value))
    return None


def _sample(said: ast.expr) -> str:
    """Return what the sentence may become; nothing where it is made elsewhere."""
    if isinstance(said, ast.Constant):
        return str(said.value)
    if not isinstance(said, ast.JoinedStr):
        return ""
    return "".join(
        str(part.value)
        if isinstance(part, ast.Constant)
        else repr(SAMPLE)
        if isinstance(part, ast.FormattedValue) and part.conversion == ord("r")
        else SAMPLE
        for part in said.values
    )


WRITTEN = [
    one
    for path in _files()
    for one in _written(path)
    if not any(start in one.source for start in AT_THE_START)
]
SENTENCES = [
    one
    for one in WRITTEN
    if one.sentence.endswith(".") and not any(piece in one.source for piece in COMPOSED)
]
PATTERNS = [
    re.compile(PLACE.sub("(.+?)", re.escape(english)), re.DOTALL)
    for section in ("sentences", "parts")
    for english in CATALOGUE[section]
]


def is_in_chinese(sentence: str) -> bool:
    """Say whether the console's catalogue has this sentence."""
    return any(pattern.fullmatch(sentence) for pattern in PATTERNS)


def test_the_sources_have_refusals_to_look_at() -> None:
    assert len(SENTENCES) > 80
    for piece in COMPOSED:
        assert any(piece in one.source for one in WRITTEN), piece


@pytest.mark.parametrize("one", SENTENCES, ids=lambda one: one.where)
def test_what_is_refused_can_be_said_in_chinese(one: Written) -> None:
    assert is_in_chinese(one.sentence), one.source


@pytest.mark.parametrize("sentence", [each for found in COMPOSED.values() for each in found])
def test_what_is_put_together_can_be_said_in_chinese(sentence: str) -> None:
    assert is_in_chinese(sentence)


@pytest.mark.parametrize("reason", Reason)
def test_why_an_alert_stays_as_it_is_can_be_said_in_chinese(reason: Reason) -> None:
    desk = Desk()
    desk.bad(FAULT)
    desk.commit()
    assert is_in_chinese(why_refused(desk.alert, reason))

    desk.do(Acknowledge, alert_id=desk.alert_id)
    assert is_in_chinese(why_refused(desk.alert, reason))

    desk.do(Shelve, alert_id=desk.alert_id, minutes=30, reason="泵房检修")
    assert is_in_chinese(why_refused(desk.alert, reason))


def test_every_finer_code_is_documented() -> None:
    finer = {one.code for one in WRITTEN if one.code and one.where.startswith("api/")}

    assert finer == set(errors.FINER)
