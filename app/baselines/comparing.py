"""Rows compared with the names on the ground: which is which, which needs a person, and why."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from rapidfuzz import fuzz, process

from app.baselines import scoring
from app.baselines.candidates import METRES_PER_DEGREE, Floats, Index, Ints, Side
from app.baselines.scoring import Bools, Signs

NOTHING_LIKE_IT = "没有代码、名称、地址或位置相近的场所"
BELOW = f"最相近的场所得分低于 {scoring.DOUBTFUL:.2f}"
NOT_AHEAD = "另有得分相近的场所"
TWO_PLACES = "同一代码登记在多处场所"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A target that a row may be."""

    target: int
    score: float
    reasons: list[str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a row: matched (one candidate), doubtful (up to five, best first) or unmatched (none)."""

    state: str
    score: float | None
    reasons: list[str]
    candidates: list[Candidate] = field(default_factory=list)


def compare(rows: Side, index: Index, sites: Sequence[object]) -> list[Verdict]:
    """A verdict for each row. `sites`: of each target the site it belongs to, by which a tenant's own site is told."""
    row, target = index.pairs(rows)
    signs = signs_of(rows, index.targets, row, target)
    score = scoring.scores(signs)
    # Best first; of a site and a tenant in it the tenant, which says more.
    is_part = np.array([known.is_part for known in index.targets.known], dtype=bool)
    order = np.lexsort((~is_part[target] if len(target) else target, -score, row))
    ends = np.searchsorted(row[order], np.arange(len(rows) + 1))
    return [_verdict(order[ends[at] : ends[at + 1]], signs, score, target, sites, is_part) for at in range(len(rows))]


def _verdict(best: Ints, signs: Signs, score: Floats, target: Ints, sites: Sequence[object], is_part: Bools) -> Verdict:
    if not len(best):
        return Verdict("unmatched", None, [NOTHING_LIKE_IT])
    first = best[0]
    top = float(score[first])
    if top < scoring.DOUBTFUL:
        return Verdict("unmatched", round(top, 4), [BELOW])
    rivals = [at for at in best[1:] if not _is_own_site(target[first], target[at], sites, is_part)]
    why_not = _why_not(first, rivals, signs, score)
    if why_not is None:
        return Verdict(
            "matched", round(top, 4), scoring.reasons(signs, first), [_candidate(first, signs, score, target)]
        )
    kept = [at for at in best[: scoring.MAX_CANDIDATES] if score[at] >= scoring.DOUBTFUL]
    candidates = [_candidate(at, signs, score, target) for at in kept]
    return Verdict("doubtful", round(top, 4), [*why_not, *candidates[0].reasons], candidates)


def _why_not(first: int, rivals: Sequence[int], signs: Signs, score: Floats) -> list[str] | None:
    """Why the best must wait for a person; None: it need not."""
    if signs.same_code[first]:
        return [TWO_PLACES] if any(signs.same_code[at] for at in rivals) else None
    if signs.other_code[first] or score[first] < scoring.MATCHED:
        return []
    second = max((float(score[at]) for at in rivals), default=0.0)
    return [NOT_AHEAD] if score[first] - second < scoring.AHEAD else None


def _is_own_site(first: int, other: int, sites: Sequence[object], is_part: Bools) -> bool:
    """Whether the other is the site in which the first is a tenant, or the other way round."""
    return bool(sites[first] == sites[other] and is_part[first] != is_part[other])


def _candidate(at: int, signs: Signs, score: Floats, target: Ints) -> Candidate:
    return Candidate(int(target[at]), round(float(score[at]), 4), scoring.reasons(signs, at))


def signs_of(rows: Side, targets: Side, row: Ints, target: Ints) -> Signs:
    """What speaks for each pair of positions."""
    ours = [rows.known[at].code for at in row]
    theirs = [targets.known[at].code for at in target]
    names, other_names = [rows.names[at] for at in row], [targets.names[at] for at in target]
    same_own = np.array([a.own == b.own != "" for a, b in zip(names, other_names, strict=True)], dtype=bool)
    same_whole = np.array([a.whole == b.whole != "" for a, b in zip(names, other_names, strict=True)], dtype=bool)
    other_form = same_own & ~same_whole
    likeness = _likeness([a.own or a.whole for a in names], [b.own or b.whole for b in other_names])
    likeness = np.where(same_whole, 1.0, np.minimum(likeness, scoring.OTHER_FORM))
    return Signs(
        same_code=np.array([a is not None and a == b for a, b in zip(ours, theirs, strict=True)], dtype=bool),
        other_code=np.array([None not in (a, b) and a != b for a, b in zip(ours, theirs, strict=True)], dtype=bool),
        name=np.where(
            np.array([bool(a.whole and b.whole) for a, b in zip(names, other_names, strict=True)], dtype=bool),
            likeness,
            np.nan,
        ),
        short_name=np.array([len(a.whole) < scoring.SHORT_NAME for a in names], dtype=bool),
        other_form=other_form,
        address=_addresses_alike(rows, targets, row, target),
        distance_m=_distances(rows, targets, row, target),
    )


def _likeness(ours: Sequence[str], theirs: Sequence[str]) -> Floats:
    """How alike texts are, 0 to 1: twice their longest common subsequence by both lengths (rapidfuzz.fuzz.ratio)."""
    if not ours:
        return np.empty(0)
    result: Floats = process.cpdist(ours, theirs, scorer=fuzz.ratio, dtype=np.float64) / 100
    return result


def _addresses_alike(rows: Side, targets: Side, row: Ints, target: Ints) -> Floats:
    ours, theirs = [rows.addresses[at] for at in row], [targets.addresses[at] for at in target]
    known = np.array([bool(a.road and b.road) for a, b in zip(ours, theirs, strict=True)], dtype=bool)
    both = np.array([bool(a.house and b.house) for a, b in zip(ours, theirs, strict=True)], dtype=bool)
    same = np.array([a.house == b.house for a, b in zip(ours, theirs, strict=True)], dtype=bool)
    likeness = _likeness([a.road for a in ours], [b.road for b in theirs])
    # The number tells house from house: another number is another house, however alike the rest.
    told = np.where(both & same, 1.0, np.where(both, scoring.OTHER_HOUSE, scoring.HOUSE_UNKNOWN))
    result: Floats = np.where(known, likeness * told, np.nan)
    return result


def _distances(rows: Side, targets: Side, row: Ints, target: Ints) -> Floats:
    lat, other = rows.lat[row], targets.lat[target]
    east = (rows.lon[row] - targets.lon[target]) * np.cos(np.radians((lat + other) / 2))
    result: Floats = np.hypot(east, lat - other) * METRES_PER_DEGREE
    return result
