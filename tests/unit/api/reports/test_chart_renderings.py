"""Charts read back: from the page, from paper, from the workbook."""

import io
import itertools
import re
import zlib
from contextlib import suppress
from typing import Any

import msgspec
import openpyxl
import pytest
from defusedxml import ElementTree
from hypothesis import given
from hypothesis import strategies as st

from api.reports.charts.layout import lay_out
from api.reports.charts.shapes import Box, Label
from api.reports.charts.svg import draw_svg
from api.reports.model import Chart, Report, Section, Series
from api.reports.rendering import render
from stack.parts import ensure_parts
from tests.unit.api.reports.reporting import chart, report

ALERTS = chart(
    (2, None, 0),
    (4, None, 1),
    kind="stacked",
    title="每日新发告警",
    series=(
        Series(key="critical", title="紧急", values=(2, None, 0)),
        Series(key="high", title="重要", values=(4, None, 1)),
    ),
    note="按北京时间。",
)
RATE = chart((97.5, None, 99.0), kind="line", unit="percent", target=98.0, higher=True, key="rate")
TIMES = chart((30.0, 90.0), unit="seconds", target=60.0, key="times")


def shown(*charts: Chart) -> Report:
    return report(sections=(Section(key="alerts", title="告警", charts=charts),))


def drawn(each: Chart) -> Any:
    return ElementTree.fromstring(draw_svg(each, "zh"))


def test_a_picture_on_a_page_is_one_well_formed_image_with_a_name_and_a_description() -> None:
    svg = drawn(ALERTS)

    assert (svg.tag, svg.get("role")) == ("svg", "img")
    named = {child.get("id"): child.text for child in svg if child.tag in {"title", "desc"}}
    title, told = (named[name] for name in svg.get("aria-labelledby").split())
    assert title == "每日新发告警"
    assert told.startswith("紧急最高 2（05/01），最低 0（05/03）；")


def test_bars_on_a_page_are_as_many_and_as_high_as_the_values() -> None:
    bars = [each for each in drawn(ALERTS).iter("rect") if float(each.get("y")) > 5]

    heights = [float(each.get("height")) for each in bars]
    assert len(heights) == 3
    assert heights[1] / heights[0] == pytest.approx(2, rel=0.01)
    assert heights[0] / heights[2] == pytest.approx(2, rel=0.01)


def test_a_picture_needs_no_style_no_script_and_nothing_from_outside() -> None:
    for each in drawn(RATE).iter():
        assert each.tag in {"svg", "title", "desc", "rect", "path", "text"}
        assert not set(each.attrib) & {"style", "href", "class"}
        assert not [name for name in each.attrib if name.startswith("on")]
        assert not [value for value in each.attrib.values() if "url(" in value]


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_whatever_a_series_is_called_it_stays_text(name: str) -> None:
    series = Series(key=name, title=name, values=(1.0,))
    each = chart((1.0,), title=name, key=name, series=(series,))

    svg = drawn(each)

    assert name in [text.text for text in svg.iter("text")]
    assert svg.find("title").text == name
    assert [child.tag for child in svg] == [child.tag for child in drawn(chart((1.0,)))]


def test_a_page_keeps_the_numbers_behind_a_chart() -> None:
    page = render(shown(ALERTS), "html", font=None).decode()

    assert page.count('<svg viewBox="0 0 180 56" role="img"') == 1
    behind = page[page.index("<details>") : page.index("</details>")]
    assert "<summary>图表数据</summary>" in behind
    assert re.findall(r"<td[^>]*>([^<]*)</td>", behind) == [
        *("05/01", "2", "4"),
        *("05/02", "—", "—"),
        *("05/03", "0", "1"),
    ]
    assert "按北京时间。" in page


def test_the_json_has_the_values_with_their_gaps() -> None:
    found = msgspec.json.decode(render(shown(ALERTS, RATE), "json", font=None))

    alerts, rate = found["sections"][0]["charts"]
    assert alerts["steps"] == ["2026-05-01", "2026-05-02", "2026-05-03"]
    assert alerts["series"][0] == {"key": "critical", "title": "紧急", "values": [2, None, 0]}
    assert (rate["target"], rate["higher"], rate["kind"]) == (98, True, "line")


def pages(pdf: bytes) -> tuple[dict[str, str], list[bytes]]:
    """Return what the glyphs of the embedded font mean, and what is drawn on each page."""
    meanings: dict[str, str] = {}
    drawings = []
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        with suppress(zlib.error):
            stream = zlib.decompress(stream)  # noqa: PLW2901 - the same, readable
        for glyph, code in re.findall(rb"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]{4})>\n", stream):
            meanings[glyph.decode().lower()] = chr(int(code, 16))
        if b" Tj" in stream:
            drawings.append(stream)
    return meanings, drawings


def texts(pdf: bytes) -> list[str]:
    """Return what is written, piece by piece."""
    meanings, drawings = pages(pdf)
    found = []
    for drawing in drawings:
        for piece in re.findall(rb"\(((?:\\.|[^\\)])*)\) Tj", drawing, re.DOTALL):
            written = re.sub(
                rb"\\(.)", lambda one: one[1].replace(b"r", b"\r"), piece, flags=re.DOTALL
            )
            glyphs = [written[at : at + 2].hex() for at in range(0, len(written), 2)]
            found.append("".join(meanings.get(glyph, "?") for glyph in glyphs))
    return found


@pytest.mark.parametrize("each", [ALERTS, RATE, TIMES], ids=lambda each: each.kind)
def test_paper_says_and_draws_what_the_page_does(each: Chart) -> None:
    shapes = lay_out(each, "zh").shapes

    pdf = render(shown(each), "pdf", font=ensure_parts().report_font)

    labels = [shape.text for shape in shapes if isinstance(shape, Label)]
    assert labels
    written = texts(pdf)
    assert [label for label in labels if label not in written] == []
    assert each.title in written
    (drawing,) = pages(pdf)[1]
    filled = re.findall(rb"[\d.]+ [\d.]+ [\d.]+ -([\d.]+) re B", drawing)
    points = [72 / 25.4 * shape.height for shape in shapes if isinstance(shape, Box)]
    assert [float(height) for height in filled] == pytest.approx(points, abs=0.01)


def test_a_chart_is_not_torn_apart_by_the_end_of_a_page() -> None:
    pdf = render(shown(*[ALERTS] * 5), "pdf", font=ensure_parts().report_font)

    drawings = pages(pdf)[1]
    assert [drawing.count(b" re B") for drawing in drawings] == [15, 10]


def sheet(*charts: Chart) -> Any:
    data = render(shown(*charts), "xlsx", font=None)
    return openpyxl.load_workbook(io.BytesIO(data))["1 告警"]


def cells(found: Any, reference: str) -> list[Any]:
    """Return what a chart refers to."""
    name, area = reference.rsplit("!", 1)
    assert name.strip("'") == found.title
    there = found[area.replace("$", "")]
    return (
        [cell.value for row in there for cell in row] if isinstance(there, tuple) else [there.value]
    )


def test_a_workbook_draws_over_the_cells_that_hold_the_numbers() -> None:
    found = sheet(ALERTS)

    (drawing,) = found._charts
    assert (drawing.tagname, drawing.grouping) == ("barChart", "stacked")
    critical, high = drawing.series
    assert cells(found, critical.tx.strRef.f) == ["紧急"]
    assert cells(found, critical.val.numRef.f) == [2, None, 0]
    assert cells(found, high.val.numRef.f) == [4, None, 1]
    days = cells(found, critical.cat.numRef.f)
    assert [f"{day:%m/%d}" for day in days] == ["05/01", "05/02", "05/03"]


def test_a_workbook_draws_the_target_too_and_leaves_gaps_empty() -> None:
    found = sheet(RATE)

    (drawing,) = found._charts
    rate, target = drawing.series
    assert drawing.tagname == "lineChart"
    assert cells(found, rate.val.numRef.f) == [0.975, None, 0.99]
    assert cells(found, target.val.numRef.f) == [0.98] * 3
    assert (drawing.y_axis.scaling.min, drawing.y_axis.scaling.max) == (0.975, 0.99)
    assert drawing.y_axis.majorUnit == pytest.approx(0.005)


def test_charts_of_a_workbook_do_not_cover_each_other_nor_their_numbers() -> None:
    found = sheet(ALERTS, RATE, TIMES)

    tops = [each.anchor._from.row for each in found._charts]
    covered = [range(top, top + 16) for top in tops]
    written = [row[0].row - 1 for row in found.iter_rows() if any(cell.value for cell in row)]
    assert not [line for line in written if any(line in area for area in covered)]
    assert all(below - above > 16 for above, below in itertools.pairwise(tops))


def test_a_report_without_charts_says_and_draws_nothing_of_them() -> None:
    page = render(report(), "html", font=None).decode()

    assert "<svg" not in page
    assert "<figure" not in page
