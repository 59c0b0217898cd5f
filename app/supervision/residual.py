"""What a count of what was found says of what was not: pure statistics, no database.

**How many sites nobody knows.** Two lists of the same sites, drawn up independently; the fewer they share, the more are
on neither. `chapman` is the estimate of Chapman (1951), "Some properties of the hypergeometric distribution with
applications to zoological sample censuses", Univ. California Publ. Statist. 1:131-160, with the variance that Seber
(1982), "The Estimation of Animal Abundance", 2nd ed., p. 60, gives for it. Its interval is exact: the numbers of sites
with which neither so few nor so many in common are too rare (hypergeometric distribution, lists of these lengths, by
Clopper and Pearson's argument). It holds at least as often as it says with short lists too, and has no upper end where
nothing is in common. (The 0.5 transformed logit interval of Sadinle, 2009, doi:10.1080/03610910903168595, was tried:
where every site of both lists is shared its upper end is of no use, such as 14,000 for twice the same ten.)

**What share is missed.** Re-checks and planted checks are trials; the exact bound is that of Clopper and Pearson
(1934), "The use of confidence or fiducial limits illustrated in the case of the binomial", Biometrika 26(4):404-413.
With no miss in n trials it is 1 - 0.05^(1/n), nearly 3/n: the "rule of three" of Hanley and Lippman-Hand (1983), "If
nothing goes wrong, is everything all right?", JAMA 249(13):1743-1745.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

from scipy.stats import beta, hypergeom

CONFIDENCE = 0.95
# What must be true for the estimate to hold; shown with it, in these words.
ASSUMPTIONS = (
    "两份名单彼此独立：一处场所在不在名录上，不影响网格员能不能发现它。两份名单容易漏掉同样的场所时，实际未知数高于估计。",
    "核对期间没有场所新增或消失。",
    "同一份名单上各处场所被列入的可能性相同。",
    "两份名单之间的匹配没有差错。名录中待确认、未匹配的行按未掌握计，每行按一处计。",
)


class Chapman(NamedTuple):
    """Sites in all (`estimate`, with its variance), and from `low` to `high` of them at the confidence stated.

    `high` None: any number is possible. `unseen`, `unseen_low`, `unseen_high`: those on neither list.
    """

    first: int
    second: int
    both: int
    estimate: float
    variance: float
    low: int
    high: int | None
    confidence: float

    @property
    def seen(self) -> int:
        """On one of the lists at least."""
        return self.first + self.second - self.both

    @property
    def unseen(self) -> int:
        """On neither, rounded up: a risk is not rounded away."""
        return max(0, math.ceil(self.estimate - self.seen - 1e-9))

    @property
    def unseen_low(self) -> int:
        """On neither, at least."""
        return self.low - self.seen

    @property
    def unseen_high(self) -> int | None:
        """On neither, at most; None: any number is possible."""
        return None if self.high is None else self.high - self.seen


class Bound(NamedTuple):
    """Misses among trials, and the share of misses that they leave possible at the confidence stated (one-sided)."""

    trials: int
    misses: int
    upper: float
    confidence: float

    @property
    def upper_percent(self) -> float:
        """The bound in percent with one decimal, rounded up."""
        return math.ceil(self.upper * 1000 - 1e-9) / 10


def chapman(first: int, second: int, both: int, confidence: float = CONFIDENCE) -> Chapman:
    """The number of sites from two lists of `first` and `second` sites, `both` on both of them.

    Raises ValueError for an empty list, or more in common than a list has.

    >>> round(chapman(948, 421, 167).estimate)  # Krebs (1989), Box 2.1
    2383
    """
    if not 0 <= both <= min(first, second) or min(first, second) < 1:
        raise ValueError(f"lists of {first} and {second} cannot share {both}")
    estimate = (first + 1) * (second + 1) / (both + 1) - 1
    variance = (first + 1) * (second + 1) * (first - both) * (second - both) / ((both + 1) ** 2 * (both + 2))
    tail = (1 - confidence) / 2
    seen = first + second - both
    low = _first(seen, lambda sites: float(hypergeom.cdf(both, sites, first, second)) > tail)
    # More sites than that would have so many in common too seldom; without any in common there is no such number.
    high = _first(seen, lambda sites: float(hypergeom.sf(both - 1, sites, first, second)) <= tail) - 1 if both else None
    return Chapman(first, second, both, estimate, variance, low, high, confidence)


def _first(start: int, holds: Callable[[int], bool]) -> int:
    """The least number from `start` on for which something holds that goes on holding."""
    below, above = start - 1, start
    while not holds(above):
        below, above = above, start + 2 * (above - start + 1)
    while above - below > 1:
        middle = (below + above) // 2
        below, above = (below, middle) if holds(middle) else (middle, above)
    return above


def missed_share(trials: int, misses: int, confidence: float = CONFIDENCE) -> Bound:
    """The exact one-sided upper bound of the share missed. Raises ValueError without trials or with too many misses.

    >>> round(missed_share(14, 0).upper, 4)  # none of 14
    0.1926
    """
    if trials < 1 or not 0 <= misses <= trials:
        raise ValueError(f"{misses} misses in {trials} trials")
    upper = 1.0 if misses == trials else float(beta.ppf(confidence, misses + 1, trials - misses))
    return Bound(trials, misses, upper, confidence)
