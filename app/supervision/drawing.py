"""Random, and the same again for whoever knows the seed: pure, and of no library's random numbers.

Each subject has a number between 0 and 1 of its own: the SHA-256 digest of the seed, a line break and the subject
(UTF-8), as an integer n, gives u = (n + 1) / (2^256 + 1). Of those that can be drawn the ones with the greatest keys
u^(1/w) are taken, w being the weight: Efraimidis and Spirakis (2006), "Weighted random sampling with a reservoir",
Information Processing Letters 97(5):181-185, which is drawing without replacement with chances as the weights. Keys are
compared by ln(u)/w, computed in decimal with 60 digits: the same on every machine and in every version. Nobody's
chances depend on the order in which things are stored.
"""

import hashlib
import math
from collections.abc import Iterable
from decimal import Context, Decimal
from typing import NamedTuple

DIGITS = 60
_WHOLE = 2**256 + 1
LIGHTEST, EVEN, HEAVIEST = 25, 100, 400  # weights are whole hundredths


class Candidate(NamedTuple):
    """Something that can be drawn: its subject ("site:…") and its weight in hundredths."""

    subject: str
    weight: int


class Drawn(NamedTuple):
    """Something drawn: its uniform number (6 decimals, cut off) and its place among all, from 1."""

    subject: str
    weight: int
    uniform: str
    rank: int


def uniform(seed: str, subject: str) -> Decimal:
    """The subject's own number, above 0 and below 1.

    >>> str(uniform("2026", "site:1"))[:10]
    '0.35690085'
    """
    return Context(prec=DIGITS).divide(Decimal(_number(seed, subject)), Decimal(_WHOLE))


def draw(seed: str, candidates: Iterable[Candidate], number: int) -> list[Drawn]:
    """The `number` with the greatest keys, greatest first; all of them when there are fewer.

    Raises ValueError for a weight below one hundredth, or a subject that stands there twice.
    """
    known = list(candidates)
    if len({each.subject for each in known}) != len(known) or any(each.weight < 1 for each in known):
        raise ValueError("subjects must differ and weights be positive")
    context = Context(prec=DIGITS)
    keyed = []
    for each in _likely(seed, known, number):
        own = uniform(seed, each.subject)
        keyed.append((context.divide(context.ln(own), Decimal(each.weight)), own, each))
    keyed.sort(key=lambda one: (-one[0], one[2].subject))
    return [
        Drawn(each.subject, each.weight, f"{own:.60f}"[:8], rank)
        for rank, (_, own, each) in enumerate(keyed[: max(0, number)], 1)
    ]


def _number(seed: str, subject: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{seed}\n{subject}".encode()).digest()) + 1


def _likely(seed: str, known: list[Candidate], number: int) -> list[Candidate]:
    """Those that may be among the greatest, told in floating point with room for its errors: decimal is slow."""
    if number < 1 or number >= len(known):
        return known if number > 0 else []
    rough = [math.log(_number(seed, each.subject) / _WHOLE) / each.weight for each in known]
    last = sorted(rough, reverse=True)[number - 1]
    least = last - 1e-12 + 1e-9 * last  # keys are negative
    return [each for each, key in zip(known, rough, strict=True) if key >= least]


def weight(checked: int, problems: int, all_checked: int, all_problems: int) -> int:
    """How much a unit's subjects weigh, in hundredths: more where few problems were found per checked site.

    A unit as the whole weighs 100; one that found half as many per site 200. Without a check, or without a problem, the
    most. Between a quarter and four times.

    >>> weight(100, 5, 1000, 100), weight(50, 10, 1000, 100), weight(0, 0, 1000, 100)
    (200, 50, 400)
    """
    if not checked or not problems:
        return HEAVIEST
    return min(HEAVIEST, max(LIGHTEST, EVEN * all_problems * checked // (all_checked * problems)))
