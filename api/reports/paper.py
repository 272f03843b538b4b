"""The sheet a report is written on: margins, the embedded font, colours, the foot of a page."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from fpdf import FPDF, XPos, YPos
from fpdf.enums import TextMode

from api.reports import wording
from api.reports.breaking import break_lines
from api.reports.model import Report

FONT: Final = "report"
"""The name of the embedded font."""
MARGIN: Final = 15.0  # mm
WIDTH: Final = 210 - 2 * MARGIN
BRAND: Final = (11, 79, 138)
INK: Final = (26, 36, 51)
SOFT: Final = (91, 103, 120)
RULE: Final = (207, 214, 223)
SLACK: Final = 0.2  # mm; measured in other steps than written


class Paper(FPDF):
    """A4 with the report's name and the page number at the foot."""

    def __init__(self, report: Report, font: Path) -> None:
        """Begin a report in this font."""
        super().__init__(format="A4")
        self.report = report
        self.add_font(FONT, "", font)
        self.set_margins(MARGIN, MARGIN, MARGIN)
        self.set_auto_page_break(True, 18)
        self.set_title(f"{report.title} {report.subtitle}")
        self.set_lang("zh-CN" if report.language == "zh" else "en")
        self.set_creator("yiwang")
        self.set_creation_date(report.made_at)
        self.set_text_shaping(False)

    def footer(self) -> None:
        """Write the foot of a page."""
        self.set_y(-14)
        self.set_draw_color(*RULE)
        self.line(MARGIN, self.get_y(), 210 - MARGIN, self.get_y())
        self.write_line(wording.footer(self.report), size=7, colour=SOFT, line=4.5)
        self.set_y(-13.9)
        self.set_x(MARGIN)
        self.cell(WIDTH, 4.5, f"{self.page_no()} / {{nb}}", align="R")

    def write_line(
        self,
        text: str,
        *,
        size: float,
        colour: tuple[int, int, int] = INK,
        line: float = 5.0,
    ) -> None:
        """Write a paragraph over the whole width."""
        self.set_font(FONT, size=size)
        self.set_text_color(*colour)
        self.set_x(MARGIN)
        self.multi_cell(
            WIDTH,
            line,
            break_lines(text, WIDTH - 2 * self.c_margin - SLACK, self.get_string_width),
            align="L",
            new_x=XPos.LMARGIN,
            new_y=YPos.NEXT,
        )

    @contextmanager
    def bold(self, size: float) -> Iterator[None]:
        """Write what follows heavier: one file of a font has no second weight."""
        with self.local_context(text_mode=TextMode.FILL_STROKE, line_width=size * 0.009):
            yield
