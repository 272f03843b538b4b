"""Where a command typed without any settings finds those of the demo that runs beside it.

`make up` writes one file a program while it runs. A program that is given some of its variables
never looks here: half of one deployment and half of another is what nobody means.
"""

from pathlib import Path

_CHECKOUT = Path(__file__).resolve().parent.parent


def settings_file(program: str) -> Path:
    """Return the file that holds the running demo's variables for `program`."""
    return _CHECKOUT / ".yiwang" / "running" / f"{program}.env"
