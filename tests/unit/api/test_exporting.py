"""Rows as files: read back with another program's eyes."""

import csv
import io
import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import openpyxl
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.exporting.histories import OTHERS, READINGS, Column, History
from api.exporting.reading import slices
from api.exporting.workbook import XlsxWriter
from api.exporting.writing import CsvWriter, ParquetWriter, harmless
from api.filing import disposition
from api.store.values import Resolution, Span

AT = datetime(2026, 4, 30, 16, 0, 0, 250_000, tzinfo=UTC)
COLUMNS = (
    Column("at", "instant"),
    Column("name"),
    Column("value", "number"),
    Column("count", "whole"),
    Column("active", "flag"),
)
ROWS: list[tuple[Any, ...]] = [
    (AT, "一号楼, 东", 1.5, 3, True),
    (None, '=HYPERLINK("http://x")', -2.0, None, False),
]


def written(writer: CsvWriter | ParquetWriter, *batches: list[tuple[Any, ...]]) -> bytes:
    return writer.begin() + b"".join(map(writer.write, batches)) + writer.end()


def test_a_csv_opens_in_excel_and_says_local_times() -> None:
    data = written(CsvWriter(COLUMNS), ROWS)

    lines = data.decode("utf-8").split("\r\n")
    assert lines[0] == "\ufeffat,name,value,count,active"
    assert lines[1] == '2026-05-01T00:00:00.250000+08:00,"一号楼, 东",1.5,3,true'
    assert lines[2] == ',"\'=HYPERLINK(""http://x"")",-2.0,,false'
    assert lines[3:] == [""]


@given(st.text())
def test_no_text_in_a_csv_begins_like_a_formula(text: str) -> None:
    safe = harmless(text)

    assert not safe.startswith(tuple("=+-@\t\r\n＝＋－＠"))
    assert safe in {text, f"'{text}"}


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=1)
)
def test_a_csv_gives_back_what_was_put_in(texts: list[str]) -> None:
    data = written(CsvWriter([Column("a"), Column("b")]), [(text, "end") for text in texts])

    reader = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert [row[0] for row in reader][1:] == [harmless(text) for text in texts]


def test_a_parquet_file_holds_utc_instants_and_a_row_group_for_each_batch() -> None:
    data = written(ParquetWriter(COLUMNS), ROWS, ROWS[:1])

    file = pyarrow.parquet.ParquetFile(io.BytesIO(data))
    table = file.read()
    assert file.num_row_groups == 2
    assert table.schema.field("at").type == pa.timestamp("us", tz="UTC")
    assert table.to_pylist() == [
        dict(zip(["at", "name", "value", "count", "active"], row, strict=True))
        for row in [*ROWS, ROWS[0]]
    ]


def test_a_parquet_file_without_rows_still_tells_its_columns() -> None:
    data = written(ParquetWriter(COLUMNS))

    assert pyarrow.parquet.read_table(io.BytesIO(data)).column_names == [c.name for c in COLUMNS]


def test_a_sheet_holds_real_values_and_no_formula() -> None:
    file = io.BytesIO()
    with XlsxWriter(file, COLUMNS) as writer:
        writer.write(ROWS)

    sheet = openpyxl.load_workbook(file)["export"]
    assert next(cell.value for cell in sheet[1]) == "at (UTC+08:00)"
    assert sheet["A2"].value == datetime(2026, 5, 1, 0, 0, 0, 250_000)  # noqa: DTZ001 - as in Excel
    assert (sheet["C2"].value, sheet["D2"].value, sheet["E2"].value) == (1.5, 3, True)
    assert (sheet["B3"].value, sheet["B3"].data_type) == ('=HYPERLINK("http://x")', "s")
    assert sheet.freeze_panes == "A2"


@pytest.mark.parametrize("history", [*READINGS.values(), *OTHERS.values()])
def test_slices_cover_the_range_once(history: History) -> None:
    span = Span(AT, AT + timedelta(days=95, hours=5))

    cut = list(slices(span, history))

    assert (cut[0].start, cut[-1].end) == (span.start, span.end)
    assert all(one.end == two.start for one, two in itertools.pairwise(cut))
    assert all(one.end - one.start <= history.slice for one in cut)


def test_a_rollup_knows_its_columns() -> None:
    names = [column.name for column in READINGS[Resolution.HOUR].columns]

    assert names[:2] + names[-3:] == ["bucket", "device_id", "maximum", "average", "last"]


def test_a_chinese_file_name_reaches_every_client() -> None:
    assert disposition("周通报-2026-05-04.pdf") == (
        'attachment; filename="2026-05-04.pdf"; '
        "filename*=UTF-8''%E5%91%A8%E9%80%9A%E6%8A%A5-2026-05-04.pdf"
    )
