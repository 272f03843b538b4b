"""Recorded tables: which column is what, and what is wrong with a file."""

from pathlib import Path

import numpy as np
import pytest

from core.errors import Invalid, NotFound
from simulators.recording import metric_name, read_recording, recognise, stretches

METRICS = ("temperature_c", "humidity_pct", "eco2_ppm", "pm2_5_ug_m3")
HEADER = ",Temperature[C],Humidity[%],eCO2[ppm],Fire Alarm\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "table.csv"
    path.write_text(HEADER + "0,20,57.5,400,0\n1,20.5,57,401,1\n2,21,56,402,1\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("column", "name"),
    [
        ("Temperature[C]", "temperature_c"),
        ("Humidity[%]", "humidity_pct"),
        ("eCO2[ppm]", "eco2_ppm"),
        ("PM2.5 (ug/m3)", "pm2_5_ug_m3"),
        ("temperature_c", "temperature_c"),
        (" Raw H2 ", "raw_h2"),
    ],
)
def test_a_header_with_its_unit_becomes_a_metrics_name(column: str, name: str) -> None:
    assert metric_name(column) == name


def test_a_table_is_read_with_its_times_metrics_and_label(table: Path) -> None:
    recording = read_recording(table, METRICS)

    assert recording.seconds.tolist() == [0, 1, 2]
    assert recording.columns["temperature_c"].tolist() == [20, 20.5, 21]
    assert recording.label.tolist() == [False, True, True]
    assert recording.length_s == 2


def test_columns_can_be_given_names_and_another_label() -> None:
    layout = recognise(
        ["T", "Smoke?", "t"], METRICS, renamed={"T": "temperature_c"}, label="Smoke?"
    )

    assert layout.metrics == {0: "temperature_c"}
    assert (layout.label, layout.time) == (1, 2)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param(HEADER, "no rows", id="empty"),
        pytest.param(HEADER + "0,1,2,3\n", "csv:2: 4 columns", id="short-row"),
        pytest.param(HEADER + "0,1,2,3,0\n1,x,2,3,0\n", "csv:3: could not", id="not-a-number"),
        pytest.param(HEADER + "0,nan,2,3,0\n", "csv:2: column 2", id="not-finite"),
        pytest.param(HEADER + "1,1,2,3,0\n1,1,2,3,0\n", "do not rise", id="time-stands-still"),
        pytest.param("0,Pressure[hPa]\n0,1\n", "--map", id="unknown-column"),
    ],
)
def test_a_bad_table_is_refused_with_the_place(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(Invalid, match=sentence):
        read_recording(path, METRICS)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"none\.csv"):
        read_recording(tmp_path / "none.csv", METRICS)


def test_a_metric_the_device_does_not_report_is_refused() -> None:
    with pytest.raises(Invalid, match="voltage_v"):
        recognise(["U"], METRICS, renamed={"U": "voltage_v"})


def test_a_label_that_is_not_there_is_refused() -> None:
    with pytest.raises(Invalid, match="Smoke"):
        recognise(["temperature_c"], METRICS, renamed={}, label="Smoke")


@pytest.mark.parametrize(
    ("label", "runs"),
    [
        pytest.param([0, 0, 0], [], id="never"),
        pytest.param([1, 1, 1], [(0, 2)], id="always"),
        pytest.param([1, 0, 1], [(0, 0), (2, 2)], id="at-both-ends"),
        pytest.param([0, 1, 1, 0, 1, 0], [(1, 2), (4, 4)], id="in-between"),
    ],
)
def test_labelled_rows_make_stretches(label: list[int], runs: list[tuple[int, int]]) -> None:
    assert stretches(np.array(label, dtype=np.bool_)) == runs
