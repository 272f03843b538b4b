"""The 16-digit identification code of a managed component (城市管理部件标识码).

Administrative division 6 digits, major class 2, minor class 3, sequence 5: GB/T 30428.2, read
here from a deployed system's tables (secondary source). Minor classes 001-079 are the standard's,
080-999 local.
"""

import re
from typing import Final, NamedTuple

from core.errors import Invalid

_CODE: Final = re.compile(r"([0-9]{6})([0-9]{2})([0-9]{3})([0-9]{5})")
_LARGEST_SEQUENCE: Final = 99_999
_FIRST_LOCAL_CLASS: Final = 80


class ComponentCode(NamedTuple):
    """The parts of a code; `sequence` counts the components of one class in one district."""

    district: str
    major: str
    minor: str
    sequence: int

    @property
    def is_local(self) -> bool:
        """Say whether the minor class is a local extension."""
        return int(self.minor) >= _FIRST_LOCAL_CLASS

    def __str__(self) -> str:
        """Write the sixteen digits."""
        return f"{self.district}{self.major}{self.minor}{self.sequence:05d}"


def build_code(district: str, major: str, minor: str, sequence: int) -> str:
    """Write a code from its parts; Invalid if one has the wrong length or is out of range."""
    if not 1 <= sequence <= _LARGEST_SEQUENCE:
        raise Invalid(f"The sequence {sequence} is not between 1 and {_LARGEST_SEQUENCE}.")
    return str(parse_code(str(ComponentCode(district, major, minor, sequence))))


def parse_code(text: str) -> ComponentCode:
    """Read a code; Invalid says what is wrong with it."""
    found = _CODE.fullmatch(text)
    if found is None:
        raise Invalid(
            f"The identification code {text[:32]!r} is not 16 digits: "
            "district 6, major class 2, minor class 3, sequence 5."
        )
    code = ComponentCode(found[1], found[2], found[3], int(found[4]))
    if code.major == "00" or code.minor == "000" or code.sequence == 0:
        raise Invalid(f"The identification code {text} has a class or sequence of zero.")
    return code


def check_code(text: str, *, district: str) -> None:
    """Refuse a code that is malformed, or that belongs to another district than the device."""
    code = parse_code(text)
    if code.district != district:
        raise Invalid(
            f"The identification code {text} is of district {code.district}, not {district}."
        )
