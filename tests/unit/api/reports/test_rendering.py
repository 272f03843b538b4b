"""Reports read back: as a page, as a workbook, as paper."""

import io
import re
import zlib
from contextlib import suppress
from datetime import datetime
from html.parser import HTMLParser

import msgspec
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.reports.html import STYLE, STYLE_SOURCE, render_html
from api.reports.model import Report, Section
from api.reports.rendering import Form, file_name, render
from core.errors import Unavailable
from stack.parts import ensure_parts
from tests.unit.api.reports.reporting import TABLE, report


class Page(HTMLParser):
    """What a browser would see: tags with attributes, and the text of each cell and paragraph."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(data.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_a_page_needs_nothing_from_outside() -> None:
    page = Page(render_html(report()))

    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "link", "img", "iframe", "object", "form", "base"}
    attributes = {name for _, attrs in page.tags for name in attrs}
    assert not {name for name in attributes if name.startswith("on")} | attributes & {
        "style",
        "src",
        "href",
    }
    assert "url(" not in STYLE
    assert "@import" not in STYLE
    assert page.texts.count(STYLE) == 1
    assert re.fullmatch(r"'sha256-[A-Za-z0-9+/]{43}='", STYLE_SOURCE)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_whatever_a_name_says_it_stays_text(name: str) -> None:
    section = Section(key="alerts", title=name, paragraphs=(name,), tables=(TABLE,))

    page = Page(render_html(report(sections=(section,), title=name)))

    plain = Page(render_html(report(sections=(msgspec.structs.replace(section, title="a"),))))
    assert [tag for tag, _ in page.tags] == [tag for tag, _ in plain.tags]
    assert name in page.texts


def test_a_page_says_what_is_not_known_and_what_failed() -> None:
    page = Page(render_html(report()))

    assert "○ 无数据" in page.texts
    assert "本节暂不可用。" in page.texts
    assert "按次数。 另有 7 行未列出。" in page.texts
    assert "↑ 2" in page.texts
    assert "0.00%" not in page.texts


def sheet(rendered: Report) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(render(rendered, "xlsx", font=None)))


def test_a_workbook_has_a_sheet_for_each_section_with_real_values() -> None:
    book = sheet(report())

    assert book.sheetnames == ["概览", "1 告警", "2 查岗-值班"]
    rows = [[cell.value for cell in row] for row in book["1 告警"].iter_rows()]
    heading = rows.index(["点位", "次数", "占比", "用时", "时间", "日期", "判定"])
    values = rows[heading + 1]
    assert values[:3] == ["=cmd()", 3, 0.125]
    assert values[4] == datetime(2026, 5, 1)  # noqa: DTZ001 - as Excel has it
    assert values[6] == "▲ 未达标"
    assert rows[heading + 2][1:] == ["—"] * 6


def test_a_workbook_holds_no_formula() -> None:
    book = sheet(report())

    types = {cell.data_type for each in book for row in each.iter_rows() for cell in row}
    assert "f" not in types
    assert book["1 告警"].freeze_panes is not None


def letters(pdf: bytes) -> set[str]:
    """Return every letter the embedded font can be read back as (its ToUnicode map)."""
    found: set[str] = set()
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        with suppress(zlib.error):
            stream = zlib.decompress(stream)  # noqa: PLW2901 - the same, readable
        if b"beginbfchar" in stream:
            codes = re.findall(rb"<[0-9A-Fa-f]+> <([0-9A-Fa-f]{4})>", stream)
            found |= {chr(int(code, 16)) for code in codes}
    return found


def test_paper_embeds_the_letters_it_uses_and_no_more() -> None:
    pdf = render(report(), "pdf", font=ensure_parts().report_font)

    assert pdf.startswith(b"%PDF-")
    assert set("城市运行日提醒新发告警率暂可用") <= letters(pdf)
    assert len(letters(pdf)) < 400
    assert len(pdf) < 200_000


def test_a_long_table_goes_on_over_the_pages() -> None:
    rows = TABLE.rows * 100
    section = Section(
        key="a", title="长", tables=(msgspec.structs.replace(TABLE, rows=rows, left_out=0),)
    )

    pdf = render(report(sections=(section,)), "pdf", font=ensure_parts().report_font)

    assert len(re.findall(rb"/Type /Page\b", pdf)) > 4


@pytest.mark.parametrize("form", ["html", "xlsx", "json"])
def test_without_a_font_everything_but_paper_is_made(form: Form) -> None:
    assert render(report(), form, font=None)


def test_without_a_font_paper_says_what_to_do() -> None:
    with pytest.raises(Unavailable, match=r"API_REPORT_FONT.*\.$"):
        render(report(), "pdf", font=None)


def test_a_file_is_called_what_it_is() -> None:
    assert file_name(report(), "pdf") == "城市运行日提醒-2026-05-01.pdf"
    assert file_name(report(kind="monthly"), "xlsx") == "城市运行日提醒-2026-05.xlsx"
