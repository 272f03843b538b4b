"""Where a line may end: between Chinese letters, never before a closing mark, never in a word."""

from collections.abc import Callable, Iterator

_OPENING = frozenset("（《〔【“‘(")
_CLOSING = frozenset("，。、；：？！）》〕】”’%‰℃),.;:")
_JOINTS = frozenset("_./")
"""Marks after which an identifier may be torn apart, where nothing else helps."""

Width = Callable[[str], float]


def break_lines(text: str, width: float, measure: Width) -> str:
    """Return the text with a line feed wherever it would be wider than `width`, in mm."""
    return "\n".join(
        line.rstrip() for part in text.split("\n") for line in _lines(part, width, measure)
    )


def _lines(text: str, width: float, measure: Width) -> Iterator[str]:
    line = ""
    for unit in _units(text):
        if line and measure(f"{line}{unit}".rstrip()) > width:
            yield line
            line = ""
        line += unit
    yield line


def _units(text: str) -> Iterator[str]:
    """Cut a text into the pieces that stay together."""
    unit = ""
    for index, letter in enumerate(text):
        unit += letter
        if index + 1 < len(text) and _may_end(letter, text[index + 1]):
            yield unit
            unit = ""
    yield unit


def _may_end(letter: str, following: str) -> bool:
    if following in _CLOSING or following.isspace() or letter in _OPENING:
        return False
    if letter.isspace() or _is_wide(letter) or _is_wide(following):
        return True
    return letter in _JOINTS and following.isalpha()


def _is_wide(letter: str) -> bool:
    return "\u2e80" <= letter <= "\u9fff" or "\uff00" <= letter <= "\uffef" or letter in _OPENING
