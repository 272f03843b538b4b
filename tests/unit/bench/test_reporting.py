import json

from bench.reporting import Result, as_json, as_table

_RESULT = Result(
    bench="ingest",
    value=1.5,
    unit="1/s",
    target=2,
    yardsticks={"bare": 3},
    figures={},
    machine={"cores": 2},
)


def test_a_result_is_one_line_of_json() -> None:
    line = as_json(_RESULT)

    assert "\n" not in line
    assert json.loads(line) == {
        "bench": "ingest",
        "value": 1.5,
        "unit": "1/s",
        "target": 2,
        "yardsticks": {"bare": 3},
        "figures": {},
        "machine": {"cores": 2},
    }


def test_all_results_are_one_line_too() -> None:
    assert json.loads(as_json({"ingest": _RESULT}))["ingest"]["value"] == 1.5


def test_a_table_keeps_its_columns() -> None:
    table = as_table(["run", "msg/s"], [["cold", 12_345.6], ["1", 0.1234], ["2", ""]])

    assert table.splitlines() == [
        "run    msg/s",
        "----  ------",
        "cold  12,346",
        "1      0.123",
        "2           ",
    ]
