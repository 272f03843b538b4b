"""The console's catalogue of what the server says, asked as the console asks it (sentences.ts)."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
SAMPLE = "x-1"
"""Stands in a sentence for what its program will put there; anything may be said of it."""

_WORDS = ROOT / "console" / "src" / "words"
_PLACE = re.compile(r"\\\{(\w+)\\\}")
_BETWEEN_SENTENCES = re.compile(r"(?<=[.?]) (?=[A-Z'`]|(?:line|grids|sites|devices) \d)")
_LISTS = {"losses": ", ", "faults": "; "}


def _read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((_WORDS / name).read_text(encoding="utf-8"))
    return content


def _book_of(lines: Mapping[str, str]) -> list[re.Pattern[str]]:
    """Put what says most first, as the console does."""
    ordered = sorted(lines, key=lambda english: -len(re.sub(r"\{\w+\}", "", english)))
    return [
        re.compile(_PLACE.sub(r"(?P<\1>.+?)", re.escape(english)), re.DOTALL) for english in ordered
    ]


_PHRASES = _read("parts.zh.json")
_SENTENCES = _book_of(_read("sentences.zh.json")["sentences"])
_PARTS = _book_of(_PHRASES["parts"])
NAMES: dict[str, dict[str, str]] = _PHRASES["names"]


def english_left_in(text: str) -> list[str]:
    """Return what a Chinese page would show in English of what a program says."""
    pieces = _BETWEEN_SENTENCES.split(text)
    found = [match for piece in pieces if (match := _look_up(_SENTENCES, piece))]
    if len(found) < len(pieces):
        whole = _look_up(_SENTENCES, text)
        if whole is None:
            return [text]
        found = [whole]
    return [left for match in found for left in _left_in_places(match)]


def _look_up(book: list[re.Pattern[str]], text: str) -> re.Match[str] | None:
    return next((match for pattern in book if (match := pattern.fullmatch(text))), None)


def _left_in_places(match: re.Match[str]) -> Iterator[str]:
    for place, said in match.groupdict().items():
        if SAMPLE in said:
            continue
        if place == "rest":
            yield from english_left_in(said)
        elif place in _LISTS or place in ("how", "fault"):
            for one in said.split(_LISTS[place]) if place in _LISTS else [said]:
                yield from _left_in_part(one)
        elif known := NAMES.get(place.split("_")[0]):
            yield from (one for one in said.split(" | ") if one not in known)


def _left_in_part(said: str) -> Iterator[str]:
    match = _look_up(_PARTS, said)
    if match is None:
        yield said
    else:
        yield from _left_in_places(match)
