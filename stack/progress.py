"""What a person at the terminal sees while something takes its time."""

import sys


def say(text: str) -> None:
    """Print one step as a line of its own."""
    print(f"  {text}", flush=True)


class Percentage:
    """One line that counts up on a terminal, and by halves in a log."""

    def __init__(self, text: str) -> None:
        """Name what is being counted."""
        self._text = text
        self._shown = -1

    def show(self, percent: float) -> None:
        """Bring the line up to date, if there is anything new to see."""
        whole = int(percent) if sys.stdout.isatty() else int(percent) // 50 * 50
        if whole <= self._shown:
            return
        self._shown = whole
        end = "" if sys.stdout.isatty() and whole < 100 else "\n"
        start = "\r" if sys.stdout.isatty() else ""
        print(f"{start}  {self._text} {whole} %", end=end, flush=True)
