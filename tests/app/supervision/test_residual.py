"""The statistics against worked examples that others published, and against exact sums where none was at hand.

Chapman's estimate and its variance: the examples that the R packages FSA and recapr check theirs with, of Krebs
(1989, Box 2.1), Ricker (1975), Pine et al. (2013, Box 11.2) and the vignette of recapr 0.4.4. The bound: the zero
numerators of Hanley and Lippman-Hand (1983) and of "Case Studies in Reliability and Maintenance" (ed. Blischke and
Murthy, section 14.3), and 4 defective of 20 as in the NIST/SEMATECH handbook, 7.2.4.2, whose defining equation is
summed here. The exact interval of the number of sites: the figures that an exercise of the University of Bern (Dümbgen)
gives to check one's own program with. Where no figures were at hand: exact sums over all outcomes, and identities.
"""

import math
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as some
from scipy.stats import binom, hypergeom, multinomial

from app.supervision.residual import chapman, missed_share

Z = 1.959963984540054


@pytest.mark.parametrize(
    ("first", "second", "both", "expected"),
    [(948, 421, 167, 2383), (109, 177, 57, 337), (421, 332, 88, 1578)],
    ids=["Krebs 1989", "Ricker 1975", "Pine 2013"],
)
def test_the_estimate_is_that_of_the_textbooks(first: int, second: int, both: int, expected: int) -> None:
    assert round(chapman(first, second, both).estimate) == expected


def test_the_variance_is_that_of_the_textbooks() -> None:
    pine = chapman(421, 332, 88)
    spread = Z * math.sqrt(pine.variance)
    assert (round(pine.estimate - spread), round(pine.estimate + spread)) == (1330, 1826)
    recapr = chapman(100, 150, 20)
    assert recapr.estimate == pytest.approx(725.2381, abs=5e-5)
    assert recapr.variance == pytest.approx(16348.22, abs=5e-3)
    assert math.sqrt(recapr.variance) == pytest.approx(127.8601, abs=5e-5)


@pytest.mark.parametrize(("sites", "first", "second"), [(40, 25, 20), (30, 15, 15), (12, 12, 3)])
def test_the_estimate_is_right_on_average_when_the_lists_overlap_for_sure(sites: int, first: int, second: int) -> None:
    """An identity (Chapman 1951): with first + second >= sites its mean over all draws is the number of sites."""
    shared = range(max(0, first + second - sites), min(first, second) + 1)
    chances = hypergeom(sites, first, second)
    assert sum(chances.pmf(both) * chapman(first, second, both).estimate for both in shared) == pytest.approx(sites)


@pytest.mark.parametrize(
    ("lists", "confidence", "low", "high"),
    [
        ((20, 20, 3), 0.95, 59, 601),
        ((20, 20, 3), 0.99, 52, 1085),
        ((20, 40, 0), 0.95, 248, None),
        ((20, 20, 3), 0.90, 64, 459),
        ((20, 40, 0), 0.90, 298, None),
    ],
    ids=["95 %", "99 %", "none in common", "one-sided 95 %", "one-sided, none in common"],
)
def test_the_interval_is_that_of_the_exercise(
    lists: tuple[int, int, int], confidence: float, low: int, high: int | None
) -> None:
    found = chapman(*lists, confidence)
    assert (found.low, found.high) == (low, high)


@pytest.mark.parametrize(("sites", "by_first", "by_second"), [(16, 0.5, 0.5), (20, 0.3, 0.6), (16, 0.8, 0.4)])
def test_the_interval_covers_the_truth_as_often_as_it_says(sites: int, by_first: float, by_second: float) -> None:
    """Summed over every outcome of two independent lists, whose lengths are chance too."""
    cells = [
        by_first * by_second,
        by_first * (1 - by_second),
        (1 - by_first) * by_second,
        (1 - by_first) * (1 - by_second),
    ]
    chances = multinomial(sites, cells)
    covered = certain = 0.0
    for both, left, right in outcomes(sites):
        chance = float(chances.pmf([both, left, right, sites - both - left - right]))
        found = chapman(both + left, both + right, both)
        certain += chance
        covered += chance * (found.low <= sites and (found.high is None or sites <= found.high))
    assert certain > 0.99
    assert covered / certain >= 0.95


def outcomes(sites: int) -> Iterator[tuple[int, int, int]]:
    """On both lists, on the first alone, on the second alone; neither list is empty."""
    for both in range(sites + 1):
        for left in range(sites - both + 1):
            for right in range(sites - both - left + 1):
                if both + left and both + right:
                    yield both, left, right


@given(some.integers(1, 2000), some.integers(1, 2000), some.data())
def test_no_estimate_says_less_than_what_was_seen(first: int, second: int, data: some.DataObject) -> None:
    both = data.draw(some.integers(0, min(first, second)))
    found = chapman(first, second, both)
    assert found.seen <= found.low
    assert found.estimate >= found.seen - 1e-9
    assert (found.high is None) == (both == 0)
    assert found.high is None or found.low <= found.high


def test_two_short_lists_that_are_the_same_still_leave_something_possible() -> None:
    """With 11 sites, twice the same ten have a chance of 1 in 11: not too seldom."""
    found = chapman(10, 10, 10)
    assert (found.unseen, found.unseen_low, found.unseen_high) == (0, 0, 1)


@pytest.mark.parametrize(("first", "second", "both"), [(0, 5, 0), (5, 0, 0), (5, 5, 6), (5, 5, -1)])
def test_lists_that_cannot_be_are_refused(first: int, second: int, both: int) -> None:
    with pytest.raises(ValueError, match="lists of"):
        chapman(first, second, both)


@pytest.mark.parametrize(
    ("trials", "misses", "confidence", "expected"),
    [(14, 0, 0.95, 0.1926), (93, 0, 0.99, 0.0483), (183, 0, 0.95, 0.0162)],
    ids=["Hanley 1983", "Blischke 2003", "0 of 183"],
)
def test_the_bound_is_that_of_published_examples(trials: int, misses: int, confidence: float, expected: float) -> None:
    assert round(missed_share(trials, misses, confidence).upper, 4) == expected


def test_the_bound_solves_the_equation_that_defines_it() -> None:
    """NIST 7.2.4.2: with 4 of 20 and pU, four or fewer have a chance of 0.05."""
    upper = missed_share(20, 4).upper
    assert math.fsum(math.comb(20, k) * upper**k * (1 - upper) ** (20 - k) for k in range(5)) == pytest.approx(0.05)


@pytest.mark.parametrize("trials", [30, 100, 300, 3000])
def test_no_miss_leaves_nearly_three_in_so_many(trials: int) -> None:
    """The rule of three, and the exact form of it."""
    upper = missed_share(trials, 0).upper
    assert upper == pytest.approx(1 - 0.05 ** (1 / trials))
    assert 0.94 * 3 / trials < upper < 3 / trials


@pytest.mark.parametrize("share", [0.01, 0.05, 0.2, 0.5])
@pytest.mark.parametrize("trials", [10, 40])
def test_the_bound_is_below_the_truth_in_one_of_twenty_at_most(share: float, trials: int) -> None:
    """Summed over every outcome."""
    chances = binom(trials, share)
    below = sum(chances.pmf(k) for k in range(trials + 1) if missed_share(trials, k).upper < share)
    assert below <= 0.05


def test_a_bound_is_rounded_up_and_all_missed_is_all() -> None:
    assert missed_share(14, 0).upper_percent == 19.3
    assert missed_share(3, 3).upper == 1.0


@pytest.mark.parametrize(("trials", "misses"), [(0, 0), (5, 6), (5, -1)])
def test_trials_that_cannot_be_are_refused(trials: int, misses: int) -> None:
    with pytest.raises(ValueError, match="misses in"):
        missed_share(trials, misses)
