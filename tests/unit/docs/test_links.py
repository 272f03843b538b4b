"""What the documents point at exists: files, headings, commands, tests; both READMEs agree."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / ".github").rglob("*.md")]
)
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_FENCED = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`\n]*`")
_HEADING = re.compile(r"^#{1,6} +(.+)$", re.MULTILINE)
_MAKE = re.compile(r"\bmake ([a-z][a-z-]*)")
_TARGET = re.compile(r"^([a-z-]+):", re.MULTILINE)
_TEST = re.compile(r"`(test_\w+)`")
_MEASURED = re.compile(r"<!-- bench -->.*?(?=^`make bench`|\Z)", re.MULTILINE | re.DOTALL)


def prose(document: Path) -> str:
    """Return a document without its examples."""
    return _FENCED.sub("", document.read_text())


def anchors(document: Path) -> set[str]:
    """Return the headings as links name them: small letters, hyphens, no other signs."""
    headings = (
        match.replace("`", "").strip().lower() for match in _HEADING.findall(prose(document))
    )
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in headings}


def broken_links(document: Path) -> Iterator[str]:
    for link in _LINK.findall(_CODE.sub("", prose(document))):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        if not target.exists() or (anchor and anchor not in anchors(target)):
            yield link


def commands(document: Path) -> set[str]:
    """Return what stands behind `make` in code, where it is a command and not a word."""
    text = document.read_text()
    code = [*_FENCED.findall(text), *_CODE.findall(_FENCED.sub("", text))]
    return {target for piece in code for target in _MAKE.findall(piece)}


@cache
def written_tests() -> str:
    return "\n".join(path.read_text() for path in sorted((ROOT / "tests").rglob("test_*.py")))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(document: Path) -> None:
    assert list(broken_links(document)) == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_is_in_the_makefile(document: Path) -> None:
    targets = set(_TARGET.findall((ROOT / "Makefile").read_text()))

    assert commands(document) <= targets


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_test_that_is_named_exists(document: Path) -> None:
    named = _TEST.findall(prose(document))

    assert [name for name in named if not re.search(rf"def {name}\b", written_tests())] == []


def test_both_readmes_have_the_same_headings() -> None:
    english, chinese = (
        [len(m) for m in re.findall(r"^(#+) ", prose(p), re.MULTILINE)] for p in READMES
    )

    assert english == chinese


def test_both_readmes_name_the_same_tests_and_commands() -> None:
    english, chinese = READMES

    assert _TEST.findall(prose(english)) == _TEST.findall(prose(chinese))
    assert commands(english) == commands(chinese)


def test_both_readmes_run_the_same_examples() -> None:
    english, chinese = (
        [
            re.sub(r" *# .*", "", block)
            for block in _FENCED.findall(_MEASURED.sub("", p.read_text()))
        ]
        for p in READMES
    )
    runnable = [block for block in english if not block.startswith("```mermaid")]

    assert runnable == [block for block in chinese if not block.startswith("```mermaid")]
