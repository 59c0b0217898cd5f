"""What a count of what was found says of what was not: pure statistics, no database.

**How many sites nobody knows.** Two lists of the same sites, drawn up independently; the fewer they share, the more are
on neither. `chapman` is the estimate of Chapman (1951), "Some properties of the hypergeometric distribution with
applications to zoological sample censuses", Univ. California Publ. Statist. 1:131-160, with the variance that Seber
(1982), "The Estimation of Animal Abundance", 2nd ed., p. 60, gives for it. Its interval is the 0.5 transformed logit
interval of Sadinle (2009), "Transformed logit confidence intervals for small populations in single capture-recapture
estimation", Comm. Statist. Simul. Comput. 38(9):1909-1924, doi:10.1080/03610910903168595: it does not reach below what
was seen, and holds with few or no sites in common.

**What share is missed.** Re-checks and planted checks are trials; the exact bound is that of Clopper and Pearson
(1934), "The use of confidence or fiducial limits illustrated in the case of the binomial", Biometrika 26(4):404-413.
With no miss in n trials it is 1 - 0.05^(1/n), nearly 3/n: the "rule of three" of Hanley and Lippman-Hand (1983), "If
nothing goes wrong, is everything all right?", JAMA 249(13):1743-1745.
"""

import math
from typing import NamedTuple

from scipy.stats import beta, norm

CONFIDENCE = 0.95
# What must be true for the estimate to hold; shown with it, in these words.
ASSUMPTIONS = (
    "两份名单彼此独立：一处场所在不在名录上，不影响网格员能不能发现它。两份名单容易漏掉同样的场所时，实际未知数高于估计。",
    "核对期间没有场所新增或消失。",
    "同一份名单上各处场所被列入的可能性相同。",
    "两份名单之间的匹配没有差错。名录中待确认、未匹配的行按未掌握计，每行按一处计。",
)


class Chapman(NamedTuple):
    """Sites in all (`estimate`, with its variance), and between `low` and `high` of them at the confidence stated.

    `unseen`, `unseen_low`, `unseen_high`: those on neither list; low ends floored, high ends rounded up, never below 0.
    """

    first: int
    second: int
    both: int
    estimate: float
    variance: float
    low: float
    high: float
    confidence: float

    @property
    def seen(self) -> int:
        """On one of the lists at least."""
        return self.first + self.second - self.both

    @property
    def unseen(self) -> int:
        """On neither, rounded up: a risk is not rounded away."""
        return _above(self.estimate - self.seen)

    @property
    def unseen_low(self) -> int:
        """On neither, at least."""
        return max(0, math.floor(self.low - self.seen))

    @property
    def unseen_high(self) -> int:
        """On neither, at most."""
        return _above(self.high - self.seen)


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
    only_first, only_second = first - both, second - both
    estimate = (first + 1) * (second + 1) / (both + 1) - 1
    variance = (first + 1) * (second + 1) * only_first * only_second / ((both + 1) ** 2 * (both + 2))
    shared, left, right = both + 0.5, only_first + 0.5, only_second + 0.5
    sigma = math.sqrt(1 / shared + 1 / left + 1 / right + shared / (left * right))
    spread = math.exp(float(norm.ppf((1 + confidence) / 2)) * sigma)
    missing, least = left * right / shared, first + second - both - 0.5
    return Chapman(
        first, second, both, estimate, variance, least + missing / spread, least + missing * spread, confidence
    )


def missed_share(trials: int, misses: int, confidence: float = CONFIDENCE) -> Bound:
    """The exact one-sided upper bound of the share missed. Raises ValueError without trials or with too many misses.

    >>> round(missed_share(14, 0).upper, 4)  # none of 14
    0.1926
    """
    if trials < 1 or not 0 <= misses <= trials:
        raise ValueError(f"{misses} misses in {trials} trials")
    upper = 1.0 if misses == trials else float(beta.ppf(confidence, misses + 1, trials - misses))
    return Bound(trials, misses, upper, confidence)


def _above(number: float) -> int:
    return max(0, math.ceil(number - 1e-9))
