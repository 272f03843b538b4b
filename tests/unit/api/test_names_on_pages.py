"""Whatever has a code or a name of ours has a Chinese one on a page."""

import re
from collections.abc import Iterator

import pytest

from devices.exchange.contents import HINTS
from tests.unit.api.catalogue import NAMES, ROOT, english_left_in

CONSOLE = ROOT / "console" / "src"
REASON = re.compile(r'code="(\w+)"')
DEED = re.compile(
    r'(?:deed=|audit\.note\(\s*user\.username,\s*|audit\.note\(\w+\.username, )"([\w.]+)"'
)
MOVE = re.compile(r'\.move\(\s*\w+, "(\w+)"')
KPI_SOURCE = re.compile(r"(?:true|false), '([^']+)'\)", re.MULTILINE)
ONLY_A_STANDARD = re.compile(r"(ISA|IEC|EEMUA)[ -][\d.-]+(: [\d/]+)?")
KEPT = re.compile(r"INSERT INTO retention_classes .*?\);", re.DOTALL)
KEPT_BECAUSE = re.compile(r"\('(\w+)', .*'((?:[^']|'')*)'\),?;?$", re.MULTILINE)


def _found(pattern: re.Pattern[str], *names: str) -> Iterator[str]:
    """Yield what the pattern finds in these modules and folders."""
    for name in names:
        path = ROOT / name
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            yield from pattern.findall(file.read_text(encoding="utf-8"))


def _not_in(file: str, codes: set[str]) -> list[str]:
    names = (CONSOLE / file).read_text(encoding="utf-8")
    return [
        code for code in sorted(codes) if not re.search(rf'^  "?{code}"?: \[', names, re.MULTILINE)
    ]


def test_why_a_message_is_put_aside_has_a_name() -> None:
    codes = set(
        _found(REASON, "devices/payload", "devices/topic.py", "devices/registry.py", "ingest")
    )

    assert len(codes) > 15
    assert _not_in("sites/names.ts", codes) == []


def test_what_the_audit_notes_has_a_name() -> None:
    deeds = set(_found(DEED, "api"))
    moves = {f"alert.{do}" for do in _found(MOVE, "api/routes")}

    assert len(deeds) > 20
    assert len(moves) > 9
    assert _not_in("system/noted.ts", deeds | moves) == []


@pytest.mark.parametrize("hint", [*HINTS.values(), "a text"])
def test_what_to_write_in_a_file_can_be_said_in_chinese(hint: str) -> None:
    assert hint in NAMES["hint"]


def test_what_is_kept_has_a_name_and_why_can_be_said_in_chinese() -> None:
    kept = [
        row
        for text in _migrations()
        for rows in KEPT.findall(text)
        for row in KEPT_BECAUSE.findall(rows)
    ]

    assert len(kept) > 14
    assert _not_in("system/noted.ts", {relation for relation, _ in kept}) == []
    assert [reason for _, reason in kept if english_left_in(reason)] == []


def test_where_a_target_comes_from_can_be_said_in_chinese() -> None:
    sources = {
        source
        for text in _migrations()
        if "ISA-18.2" in text
        for source in KPI_SOURCE.findall(text)
        if not ONLY_A_STANDARD.fullmatch(source)
    }

    assert len(sources) > 2
    assert [source for source in sorted(sources) if english_left_in(source)] == []


def _migrations() -> list[str]:
    folder = ROOT / "core" / "migrations"
    return [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.sql"))]
