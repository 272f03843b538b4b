"""What the server says is Chinese on a Chinese page; what it refuses is in the OpenAPI document."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from alerts.board.commands import Acknowledge
from alerts.board.refusing import why_refused
from alerts.board.shelving import Shelve
from alerts.board.states import Reason
from api import errors
from tests.unit.alerts.board.desk import Desk
from tests.unit.alerts.making import FAULT
from tests.unit.api.catalogue import ROOT, SAMPLE, english_left_in

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
    "devices/catalogue/checking.py",
    "devices/credentials.py",
    "devices/registry.py",
    "devices/store.py",
)
"""Whose refusals are answers to a page."""

SHOWN_BY_A_PAGE = (
    "alerts/board/holding.py",
    "alerts/engine.py",
    "alerts/history",
    "alerts/journal/journal.py",
    "alerts/notices/bots.py",
    "alerts/notices/logs.py",
    "alerts/notices/outbox.py",
    "alerts/notices/post.py",
    "alerts/notices/sending.py",
    "alerts/recording.py",
    "alerts/registry_copy.py",
    "alerts/replay/replaying.py",
    "alerts/replay/running.py",
    "alerts/replay/suggesting.py",
    "alerts/surroundings.py",
    "alerts/vitals.py",
    "api/importing.py",
    "api/serving.py",
    "devices",
    "ingest",
)
"""Whose sentences stand in a heartbeat, a quarantine, a receipt, a note: each one, however said."""

ONLY_ON_A_TERMINAL = (
    "api/preparing.py",
    "api/reports/command.py",
    "alerts/rulemaking/looking.py",
    "devices/access.py",
    "devices/catalogue/__init__.py",
    "devices/snapshot.py",
    "ingest/upkeep.py",
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

AT_THE_START = ("{path.name}: ", "The registry is not there", "The api cannot listen")
"""Sentences about files, schemas and ports; whoever reads them has started a program."""

LIBRARIES = ("{index}: {error}.",)
"""Sentences of which a library says most; test_sentences_of_libraries.py has them said."""

PROGRAMS = ("alerts", "api", "core", "ingest", "simulators")
OLD_PLACE = re.compile(r"\{\d(!r)?\}")  # of `str.format`
GIVEN_FIRST = re.compile(rf"^{SAMPLE} (?=[A-Z])")  # a sentence of somebody else's, then ours


class Written(NamedTuple):
    """A sentence as the source has it: its code, if it has a finer one, and what it says."""

    where: str
    source: str
    sentence: str
    code: str | None


def _files(names: tuple[str, ...]) -> Iterator[Path]:
    for name in names:
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


def _every_sentence(path: Path) -> Iterator[Written]:
    """Yield every text of a module that reads as a sentence, but for its documentation."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = set(_documentation_and_pieces(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant | ast.JoinedStr) and node not in inside:
            text = OLD_PLACE.sub(lambda found: repr(SAMPLE) if found[1] else SAMPLE, _sample(node))
            sentence = GIVEN_FIRST.sub("", text)
            if sentence.endswith(".") and " " in sentence:
                where = f"{path.relative_to(ROOT)}:{node.lineno}"
                yield Written(where, ast.unparse(node), sentence, None)


def _documentation_and_pieces(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield from (piece for piece in ast.walk(node) if piece is not node)


WRITTEN = [
    *(one for path in _files(ASKED_BY_A_PAGE) for one in _written(path)),
    *(one for path in _files(SHOWN_BY_A_PAGE) for one in _every_sentence(path)),
]
ELSEWHERE = (*COMPOSED, *LIBRARIES, *AT_THE_START)
SENTENCES = {
    (one.where, one.sentence): one
    for one in WRITTEN
    if one.sentence.endswith(".") and not any(piece in one.source for piece in ELSEWHERE)
}.values()


def test_the_sources_have_sentences_to_look_at() -> None:
    assert len(SENTENCES) > 230
    for piece in ELSEWHERE:
        assert any(piece in one.source for one in WRITTEN), piece


@pytest.mark.parametrize("one", SENTENCES, ids=lambda one: one.where)
def test_what_is_said_can_be_said_in_chinese(one: Written) -> None:
    assert english_left_in(one.sentence) == [], one.source


@pytest.mark.parametrize("sentence", [each for found in COMPOSED.values() for each in found])
def test_what_is_put_together_can_be_said_in_chinese(sentence: str) -> None:
    assert english_left_in(sentence) == []


@pytest.mark.parametrize("reason", Reason)
def test_why_an_alert_stays_as_it_is_can_be_said_in_chinese(reason: Reason) -> None:
    desk = Desk()
    desk.bad(FAULT)
    desk.commit()
    assert english_left_in(why_refused(desk.alert, reason)) == []

    desk.do(Acknowledge, alert_id=desk.alert_id)
    assert english_left_in(why_refused(desk.alert, reason)) == []

    desk.do(Shelve, alert_id=desk.alert_id, minutes=30, reason="泵房检修")
    assert english_left_in(why_refused(desk.alert, reason)) == []


def test_whoever_says_in_a_heartbeat_what_is_wrong_is_read() -> None:
    saying = re.compile(r"\bPulse\(\n?.*degraded|\bself\.trouble\b.* = |\bdef trouble\b")
    read = set(_files(SHOWN_BY_A_PAGE))
    sources = [path for name in PROGRAMS for path in (ROOT / name).rglob("*.py")]

    saying_so = [path for path in sources if saying.search(path.read_text(encoding="utf-8"))]

    assert len(saying_so) > 5
    assert [str(path) for path in saying_so if path not in read] == []


def test_every_finer_code_is_documented() -> None:
    finer = {one.code for one in WRITTEN if one.code and one.where.startswith("api/")}

    assert finer == set(errors.FINER)
