import pytest

from bench.figures import percentile, slope


@pytest.mark.parametrize(
    ("percent", "expected"),
    [
        pytest.param(50, 50, id="the-median-of-a-hundred"),
        pytest.param(99, 99, id="one-in-a-hundred-is-slower"),
        pytest.param(99.1, 100, id="just-above-falls-on-the-next"),
        pytest.param(100, 100, id="the-slowest"),
        pytest.param(7, 7, id="no-rounding-error-lifts-it"),
        pytest.param(0, 1, id="the-quickest"),
    ],
)
def test_a_percentile_is_a_value_that_was_measured(percent: float, expected: float) -> None:
    values = [float(value) for value in range(100, 0, -1)]

    assert percentile(values, percent) == expected


def test_of_few_values_the_99th_percentile_is_the_slowest() -> None:
    assert percentile([0.3, 0.1, 0.2], 99) == 0.3


def test_a_single_value_is_every_percentile() -> None:
    assert {percentile([7.0], percent) for percent in (0, 50, 99, 100)} == {7.0}


def test_memory_that_grows_evenly_has_its_growth_as_slope() -> None:
    assert slope([(0, 100), (10, 120), (20, 140)]) == pytest.approx(2)


def test_memory_that_goes_up_and_down_alike_has_no_slope() -> None:
    assert slope([(0, 10), (1, 12), (2, 10)]) == pytest.approx(0)


def test_a_moment_alone_has_no_slope() -> None:
    assert slope([(5, 10)]) == 0
