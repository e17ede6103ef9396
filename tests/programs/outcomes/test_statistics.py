"""Medians, intervals and shares against values worked out by hand."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from programs.outcomes import statistics
from programs.outcomes.statistics import Interval

VALUES = some.lists(some.integers(-20, 20), min_size=1, max_size=60)


@pytest.mark.parametrize(
    ("values", "middle"), [([], None), ([3], 3), ([1, 4], 2.5), ([9, 1, 5], 5), ([4, 1, 2, 3], 2.5)]
)
def test_the_middle_value(values, middle):
    assert statistics.median(values) == middle


@pytest.mark.parametrize(
    ("count", "rank", "sure"),
    [
        # 1 - 2 P(B < r), B of n and one half, r the largest that leaves 95 %.
        (6, 1, 1 - 2 * 1 / 64),  # 96.9 %; r = 2 would leave 1 - 2 (1 + 6) / 64 = 78.1 %
        (7, 1, 1 - 2 * 1 / 128),  # r = 2: 1 - 2 x 8 / 128 = 87.5 %
        (8, 1, 1 - 2 * 1 / 256),  # r = 2: 1 - 2 x 9 / 256 = 93.0 %
        (9, 2, 1 - 2 * 10 / 512),  # 96.1 %
        (11, 2, 1 - 2 * 12 / 2048),  # 98.8 %; r = 3: 1 - 2 (1 + 11 + 55) / 2048 = 93.5 %
        (12, 3, 1 - 2 * 79 / 4096),  # 1 + 12 + 66 = 79: 96.1 %
        (20, 6, 1 - 2 * 21700 / 2**20),  # 1 + 20 + 190 + 1140 + 4845 + 15504 = 21700: 95.9 %
    ],
)
def test_the_interval_of_the_median_lies_between_two_of_the_values(count, rank, sure):
    found = statistics.interval_of_median(list(range(1, count + 1)))
    assert found == Interval(rank, count + 1 - rank, pytest.approx(sure))


@pytest.mark.parametrize("count", range(6))
def test_under_six_values_there_is_no_interval(count):
    """Five values: 1 - 2 / 32 = 93.75 % from end to end, which is under 95 %."""
    assert statistics.interval_of_median([1.0] * count) is None


def test_another_confidence():
    assert statistics.interval_of_median([1, 2, 3, 4, 5], 0.9) == Interval(1, 5, 0.9375)


@given(VALUES)
def test_the_interval_holds_the_median_and_is_as_sure_as_it_has_to_be(values):
    found = statistics.interval_of_median(values)
    if found is not None:
        assert found.low <= statistics.median(values) <= found.high
        assert 0.95 <= found.confidence < 1


@pytest.mark.parametrize(
    ("count", "among", "low", "high"),
    [
        # Wilson with z = 1.96: (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n), z² = 3.8415.
        # 18 of 40: (0.45 + 0.04802 ± 1.96 √(0.0061875 + 0.0006002)) / 1.09604
        (18, 40, 0.3071, 0.6017),
        (0, 20, 0.0, 0.1611),  # 3.8415 / (20 + 3.8415)
        (20, 20, 0.8389, 1.0),
        (11, 22, 0.3072, 0.6928),
    ],
)
def test_the_interval_of_a_share(count, among, low, high):
    found = statistics.interval_of_share(count, among)
    assert found is not None
    assert found.low == pytest.approx(low, abs=1e-4)
    assert found.high == pytest.approx(high, abs=1e-4)


def test_of_nobody_there_is_no_share():
    assert statistics.interval_of_share(0, 0) is None


@pytest.mark.parametrize(
    ("hours", "found"),
    [
        ([1, 2, 3, 4], (1, 2, 3)),  # a quarter of 4 is the first value, a half the second
        ([5, 1, 3], (1, 3, 5)),  # 0.75 -> 1st, 1.5 -> 2nd, 2.25 -> 3rd
        ([2, None, 8, None], (2, 8, None)),  # two still run: three quarters have not ended
        ([None, None, 1], (1, None, None)),
        ([], (None, None, None)),
    ],
)
def test_what_still_runs_is_longer_than_what_has_ended(hours, found):
    assert statistics.quartiles(hours) == found


@given(VALUES)
def test_a_quantile_is_one_of_the_values(values):
    for share in statistics.QUARTILES:
        found = statistics.quantile(values, share)
        assert found in values
        assert Fraction(sum(one <= found for one in values), len(values)) >= share
