"""Noise that can be asked for again."""

import numpy as np

from simulators.behaviour.noise import drift, mix, uniform

SEEDS = mix(np.arange(20_000, dtype=np.uint64), 1)


def test_the_same_seed_and_salt_give_the_same_number() -> None:
    assert (uniform(SEEDS, 5) == uniform(SEEDS, 5)).all()
    assert (uniform(SEEDS, 5) != uniform(SEEDS, 6)).any()


def test_uniform_numbers_fill_zero_to_one_evenly() -> None:
    numbers = uniform(SEEDS, 3)

    assert numbers.min() >= 0
    assert numbers.max() < 1
    assert np.histogram(numbers, bins=10)[0].min() > 1_800


def test_devices_with_neighbouring_seeds_are_not_alike() -> None:
    numbers = uniform(SEEDS, 0)

    assert abs(np.corrcoef(numbers[:-1], numbers[1:])[0, 1]) < 0.03


def test_drift_stays_between_minus_one_and_one_and_moves_smoothly() -> None:
    path = np.array([drift(SEEDS[:50], 1e9 + t, 60.0) for t in range(600)])

    assert np.abs(path).max() <= 1
    assert np.abs(np.diff(path, axis=0)).max() < 0.06
