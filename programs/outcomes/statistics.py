"""Medians, quartiles and shares with what is uncertain about them: pure, without a distribution
that would have to be believed.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

CONFIDENCE = 0.95
# The 97.5 % point of the normal distribution, for 95 % both ways.
_Z = 1.959963984540054


@dataclass(frozen=True)
class Interval:
    """From `low` to `high`, both included, in the unit of the values; `confidence` is 0 to 1."""

    low: float
    high: float
    confidence: float


def median(values: Sequence[float]) -> float | None:
    """The middle value, or the mean of the two in the middle; None of nothing."""
    if not values:
        return None
    ordered, half = sorted(values), len(values) // 2
    if len(ordered) % 2:
        return ordered[half]
    return (ordered[half - 1] + ordered[half]) / 2


def interval_of_median(values: Sequence[float], confidence: float = CONFIDENCE) -> Interval | None:
    """Between two order statistics, whatever the values' distribution; None where they are too few.

    Of n independent values, x(r) to x(n+1-r), counted from the least, holds the median with a
    probability of 1 - 2 P(B < r), B binomial of n and one half; r is the largest for which that is
    at least `confidence`. It is exact for values that differ, and at least that where some are
    equal, and it is told, since it is rarely 95 % itself. Under 6 values there is none for 95 %.

    Conover, Practical Nonparametric Statistics, 3rd edition, 1999, section 3.2.
    """
    ordered, count = sorted(values), len(values)
    rank, sure = _rank(count, confidence)
    if rank == 0:
        return None
    return Interval(ordered[rank - 1], ordered[count - rank], sure)


@cache
def _rank(count: int, confidence: float) -> tuple[int, float]:
    """The r of so many values, and how sure it makes; 0 where there is none."""
    beyond, below, rank = 0, 0, 0  # of 2^count: P(B < rank) taken, and P(B < rank + 1) tried
    while rank < (count + 1) // 2:
        below += math.comb(count, rank)
        if Fraction(2 * below, 2**count) > 1 - Fraction(str(confidence)):
            break
        beyond, rank = below, rank + 1
    return rank, float(1 - Fraction(2 * beyond, 2**count))


def interval_of_share(count: int, among: int) -> Interval | None:
    """Of `count` of `among`, both 0 or more, as shares of 1; None of nothing.

    The score interval, for 95 %: Wilson, J Am Stat Assoc 1927;22(158):209-212. It stays between 0
    and 1, and says something also where the share is 0 or 1.
    """
    if not among:
        return None
    share, squared = count / among, _Z**2
    middle = (share + squared / (2 * among)) / (1 + squared / among)
    spread = math.sqrt(share * (1 - share) / among + squared / (4 * among**2))
    half = _Z * spread / (1 + squared / among)
    return Interval(max(0.0, middle - half), min(1.0, middle + half), CONFIDENCE)


def quantile(values: Sequence[float | None], share: Fraction) -> float | None:
    """The least of the values up to which at least `share` of them lie; None of nothing.

    None among the values is longer than any other: time that still runs. None comes back where
    the answer is one of those. Hyndman and Fan, Am Stat 1996;50(4):361-365, definition 1: no value
    is made up between two, so that it can be said of times that have not ended.
    """
    if not values:
        return None
    ordered = sorted(math.inf if value is None else value for value in values)
    found = ordered[max(math.ceil(share * len(ordered)), 1) - 1]
    return None if found == math.inf else found


QUARTILES = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4))


def quartiles(values: Sequence[float | None]) -> tuple[float | None, float | None, float | None]:
    """The first quartile, the median and the third, as `quantile` has them."""
    low, middle, high = (quantile(values, share) for share in QUARTILES)
    return low, middle, high
