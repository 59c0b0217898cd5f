"""Which users of power left their own past pattern: a robust statistic of monthly readings. Pure; no database.

A user is compared with nobody but themselves, on the logarithm, so that large and small users are measured alike.

- recent: the median of the last three months of the file.
- expected: what these months would have been. With 13 months or more it is seasonally naive (Hyndman and
  Athanasopoulos, "Forecasting: Principles and Practice", 5.2): the same months a year before, raised by the growth from
  year to year that the user had before, if any. Else the median of the past.
- score: ln(recent / expected) / scale. The scale is 1.4826 x MAD, which estimates a standard deviation and is not moved
  by a few wild months: of the past's own year-to-year ratios where there are six of them, else of the past months. It
  is no smaller than `FLOOR`, so that a very even user is not suspect for a trifle.
- A user is suspect when score > 3.5 (Iglewicz and Hoaglin, "How to Detect and Handle Outliers", 1993), AND recent is
  half as much again as expected, AND at least 500 kWh a month more.

Users with fewer than six past months are not judged. A user whose past months were nothing, such as an idle factory,
has no pattern to leave: it is told apart when it uses 500 kWh a month now.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from geo.frame import Floats

RECENT_MONTHS = 3
LEAST_RECENT = 2
LEAST_PAST = 6
SEASONAL_MONTHS = 13
YEAR = 12
LEAST_RATIOS = 6
THRESHOLD = 3.5
FLOOR = 0.1  # of the logarithm: some 10 %
LEAST_GROWTH = 1.5
LEAST_MORE_KWH = 500.0
MAD_TO_SIGMA = 1.4826
# Readings below a hundredth of the user's own median are no different from it: ln 0 is none.
_LEAST_SHARE = 0.01
_LEAST_KWH = 1e-9
_HAIR = 1 - 1e-9  # so that rounding leaves nobody out

Verdict = Literal["usual", "grown", "new_user", "too_short"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of a user. kWh a month; `score` is None where none can be had, `is_seasonal`: against last year."""

    verdict: Verdict
    recent_kwh: float = 0.0
    expected_kwh: float = 0.0
    score: float | None = None
    is_seasonal: bool = False
    past_months: int = 0


def judge(kwh: Floats) -> Judgement:
    """Judge a user by readings of consecutive months, oldest first, NaN where there is none; none is negative.

    >>> past = [1000.0, 1100, 950, 1050, 1000, 980, 1020, 1010, 990]
    >>> judge(np.array([*past, 3000, 3100, 2900])).verdict, judge(np.array([*past, 1100, 1000, 1050])).verdict
    ('grown', 'usual')
    >>> judge(np.array([0.0] * 9 + [5000, 5200, 5100])).verdict
    'new_user'
    >>> judge(np.array([1000.0, 1000, 9000, 9000, 9000])).verdict
    'too_short'
    """
    recent, past = kwh[-RECENT_MONTHS:], kwh[:-RECENT_MONTHS]
    known = past[~np.isnan(past)]
    if known.size < LEAST_PAST or np.count_nonzero(~np.isnan(recent)) < LEAST_RECENT:
        return Judgement("too_short", past_months=int(known.size))
    level = float(np.median(known))
    now = float(np.nanmedian(recent))
    if level == 0:
        verdict: Verdict = "new_user" if now >= LEAST_MORE_KWH else "usual"
        return Judgement(verdict, now, 0.0, None, False, int(known.size))
    least = level * _LEAST_SHARE
    logs = np.log(np.maximum(kwh, least))  # NaN stays NaN
    expected, scale, is_seasonal = _expected(logs)
    score = float((np.log(max(now, least)) - expected) / max(scale, FLOOR))
    expected_kwh = float(np.exp(expected))
    is_more = now >= LEAST_GROWTH * expected_kwh and now - expected_kwh >= LEAST_MORE_KWH
    verdict = "grown" if score > THRESHOLD and is_more else "usual"
    return Judgement(verdict, now, expected_kwh, score, is_seasonal, int(known.size))


def judge_all(kwh: Floats) -> list[Judgement]:
    """Judge users by rows of readings as `judge` does; those that cannot be suspect are told at once, without figures.

    >>> [found.verdict for found in judge_all(np.array([[1000.0] * 12, [1000.0] * 9 + [3000.0] * 3]))]
    ['usual', 'grown']
    """
    return [judge(row) if worth else Judgement("usual") for row, worth in zip(kwh, _may_be_suspect(kwh), strict=True)]


def _may_be_suspect(kwh: Floats) -> npt.NDArray[np.bool_]:
    """Rows whose recent use is enough above the least that could be expected, and those too short to say."""
    recent, past = kwh[:, -RECENT_MONTHS:], kwh[:, :-RECENT_MONTHS]
    worth: npt.NDArray[np.bool_] = (~np.isnan(past)).sum(axis=1) < LEAST_PAST
    worth |= (~np.isnan(recent)).sum(axis=1) < LEAST_RECENT
    rows = np.flatnonzero(~worth)
    logs = np.log(np.maximum(kwh[rows], _LEAST_KWH))
    least = np.nanmedian(logs[:, :-RECENT_MONTHS], axis=1) if rows.size else np.empty(0)
    before = logs[:, -RECENT_MONTHS - YEAR : -YEAR]
    known = ~np.isnan(before).all(axis=1)
    if known.any():
        least[known] = np.minimum(least[known], np.nanmedian(before[known], axis=1))
    now = np.nanmedian(recent[rows], axis=1) if rows.size else np.empty(0)
    worth[rows] = (now >= LEAST_GROWTH * np.exp(least) * _HAIR) & (now - np.exp(least) >= LEAST_MORE_KWH * _HAIR)
    return worth


def _expected(logs: Floats) -> tuple[float, float, bool]:
    """Logarithm expected of the recent months, its scale, and whether it is of the year before."""
    past = logs[:-RECENT_MONTHS]
    plain = float(np.nanmedian(past))
    if np.count_nonzero(~np.isnan(logs)) < SEASONAL_MONTHS:
        return plain, _scale(past), False
    before = logs[-RECENT_MONTHS - YEAR : -YEAR]
    if np.isnan(before).all():
        return plain, _scale(past), False
    ratios = past[YEAR:] - past[:-YEAR]
    ratios = ratios[~np.isnan(ratios)]
    if ratios.size < LEAST_RATIOS:
        return float(np.nanmedian(before)), _scale(past), True
    growth = max(0.0, float(np.median(ratios)))  # who used less and less is not suspect for standing still
    return float(np.nanmedian(before)) + growth, _scale(ratios), True


def _scale(logs: Floats) -> float:
    """1.4826 x the median absolute deviation."""
    return MAD_TO_SIGMA * float(np.nanmedian(np.abs(logs - np.nanmedian(logs))))
