"""Has this device said anything newer already? Eight bytes per device and stream of samples."""

from array import array
from typing import Final
from zlib import crc32

from devices.model import Device

_PAGE_BITS: Final = 10
_PLACES: Final = (1 << _PAGE_BITS) - 1
_EMPTY: Final = bytes(8 << _PAGE_BITS)


_UNNUMBERED: Final = 1 << 40  # beyond all numbers the database gives


def number_of(device: Device) -> int:
    """Return the number a device goes by here, also one that the database has not numbered."""
    return device.number or _UNNUMBERED + crc32(device.device_id.encode())


class Latest:
    """The instant of each device's newest sample, by the device's number; 0 before the first.

    Pages of a thousand devices come into being with the first of them that speaks: numbers are
    given in turn, so devices of a kind lie close together.
    """

    __slots__ = ("_pages",)

    def __init__(self) -> None:
        """Begin with nothing said."""
        self._pages: dict[int, array[int]] = {}

    def get(self, number: int) -> int:
        """Return the instant of the newest sample, in microseconds."""
        page = self._pages.get(number >> _PAGE_BITS)
        return 0 if page is None else page[number & _PLACES]

    def take(self, number: int, at_us: int) -> bool:
        """Note a sample; False, and nothing noted, if it is not newer than all before."""
        page = self._pages.get(number >> _PAGE_BITS)
        if page is None:
            page = self._pages[number >> _PAGE_BITS] = array("q", _EMPTY)
        place = number & _PLACES
        if at_us <= page[place]:
            return False
        page[place] = at_us
        return True

    def forget(self, number: int) -> None:
        """Begin anew with this device."""
        if (page := self._pages.get(number >> _PAGE_BITS)) is not None:
            page[number & _PLACES] = 0
