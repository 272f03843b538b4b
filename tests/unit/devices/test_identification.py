"""The 16-digit component code: 6 + 2 + 3 + 5."""

import pytest

from core.errors import Invalid
from devices.identification import build_code, check_code, parse_code


def test_a_code_is_built_from_its_parts_and_read_back() -> None:
    code = build_code("620171", "01", "017", 42)

    assert code == "6201710101700042"
    assert parse_code(code) == ("620171", "01", "017", 42)


@pytest.mark.parametrize(("minor", "is_local"), [("079", False), ("080", True), ("999", True)])
def test_minor_classes_from_080_are_local(minor: str, is_local: bool) -> None:
    assert parse_code(f"62017101{minor}00001").is_local is is_local


@pytest.mark.parametrize("sequence", [1, 99_999])
def test_sequences_run_from_1_to_99999(sequence: int) -> None:
    assert parse_code(build_code("620171", "01", "017", sequence)).sequence == sequence


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param(("620171", "01", "017", 0), id="sequence-zero"),
        pytest.param(("620171", "01", "017", 100_000), id="sequence-of-six-digits"),
        pytest.param(("62017", "01", "017", 1), id="short-district"),
        pytest.param(("620171", "1", "017", 1), id="short-major-class"),
        pytest.param(("620171", "01", "17", 1), id="short-minor-class"),
        pytest.param(("620171", "00", "017", 1), id="major-class-zero"),
        pytest.param(("620171", "01", "000", 1), id="minor-class-zero"),
    ],
)
def test_parts_that_do_not_fit_are_refused(parts: tuple[str, str, str, int]) -> None:
    with pytest.raises(Invalid):
        build_code(*parts)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "620171010170004",
        "62017101017000420",
        "62017101017０0042",
        "6.20171E+15",
        "6201710101700042\n",
    ],
    ids=["empty", "15-digits", "17-digits", "a-wide-digit", "from-a-spreadsheet", "a-line-break"],
)
def test_only_16_ascii_digits_are_a_code(text: str) -> None:
    with pytest.raises(Invalid, match="16 digits"):
        parse_code(text)


def test_a_code_of_another_district_is_refused() -> None:
    check_code("6201710101700042", district="620171")

    with pytest.raises(Invalid, match="not 620172"):
        check_code("6201710101700042", district="620172")
