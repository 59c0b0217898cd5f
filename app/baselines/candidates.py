"""Which names on the ground a row may be: few enough to be compared one by one.

By the firm's code, by the same name, by the same address, by the place, and by rare pairs of characters in the name
(bigrams weighted by how seldom they are), so that not every row is compared with every name.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from app.baselines import scoring
from app.baselines.addresses import NO_ADDRESS, Addresser
from app.baselines.names import FirmName, Namer

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

BY_NAME = 8
BY_ADDRESS = 20
BY_PLACE = 10
BY_SAME = 20
# A pair of characters in more names than this tells little, and costs most of the time.
COMMONEST = 400
LEAST_LIKENESS = 0.3
METRES_PER_DEGREE = 111_320.0
NO_NAME = FirmName("", "", "")


@dataclass(frozen=True, slots=True)
class Known:
    """A row or a name on the ground, as it is compared. `code`: valid, else None. Place in WGS-84, NaN for none.

    `is_part`: a tenant inside a site, whose address and place are the site's.
    """

    name: str | None
    code: str | None
    address: str | None
    lon: float
    lat: float
    is_part: bool = False


class Side:
    """Rows, or names on the ground, brought to the form in which they are compared."""

    def __init__(self, known: Sequence[Known], namer: Namer, addresser: Addresser) -> None:
        self.known = known
        self.names = [namer.read(k.name) if k.name else NO_NAME for k in known]
        self.addresses = [addresser.read(k.address) if k.address else NO_ADDRESS for k in known]
        self.lon = np.array([k.lon for k in known], dtype=np.float64)
        self.lat = np.array([k.lat for k in known], dtype=np.float64)

    def __len__(self) -> int:
        return len(self.known)


class Index:
    """The names on the ground, found again."""

    def __init__(self, targets: Side) -> None:
        self.targets = targets
        whole = [at for at, known in enumerate(targets.known) if not known.is_part]
        self._by_code = _groups((known.code or "", at) for at, known in enumerate(targets.known))
        self._by_whole = _groups((name.whole, at) for at, name in enumerate(targets.names))
        self._by_own = _groups((name.own, at) for at, name in enumerate(targets.names))
        self._by_address = _groups((targets.addresses[at].key, at) for at in whole)
        self._vocabulary, self._weights, self._matrix = _matrix(targets.names)
        placed = [at for at in whole if not np.isnan(targets.lon[at])]
        self._placed: Ints = np.array(placed, dtype=np.int64)
        self._middle = float(np.mean(targets.lat[placed])) if placed else 0.0
        self._tree = cKDTree(self._metres(targets.lon[placed], targets.lat[placed])) if placed else None

    def pairs(self, rows: Side) -> tuple[Ints, Ints]:
        """Positions of rows and targets to be compared, each pair once, by row."""
        found = [self._same(rows), self._alike(rows), self._near(rows)]
        keys = np.unique(np.concatenate([row * len(self.targets) + target for row, target in found]))
        if not len(self.targets):
            return keys, keys
        return keys // len(self.targets), keys % len(self.targets)

    def _same(self, rows: Side) -> tuple[Ints, Ints]:
        row_at: list[int] = []
        target_at: list[int] = []
        for at, (known, name, address) in enumerate(zip(rows.known, rows.names, rows.addresses, strict=True)):
            same = [
                *self._by_code.get(known.code or "", ())[:BY_SAME],
                *self._by_whole.get(name.whole, ())[:BY_SAME],
                *self._by_own.get(name.own, ())[:BY_SAME],
                *self._by_address.get(address.key, ())[:BY_ADDRESS],
            ]
            row_at += [at] * len(same)
            target_at += same
        return np.array(row_at, dtype=np.int64), np.array(target_at, dtype=np.int64)

    def _alike(self, rows: Side) -> tuple[Ints, Ints]:
        """The targets that share the most of their rare bigrams with each row's name."""
        vectors = _vectors(rows.names, self._vocabulary, self._weights)
        likeness = csr_array(vectors @ self._matrix)
        lengths = np.sqrt(csr_array(vectors.multiply(vectors)).sum(axis=1))
        row = np.repeat(np.arange(len(rows)), np.diff(likeness.indptr))
        like = np.flatnonzero(likeness.data >= LEAST_LIKENESS * lengths[row])  # few are left to be sorted
        row, target, value = row[like], likeness.indices[like], likeness.data[like]
        order = np.lexsort((-value, row))
        first = np.searchsorted(row, np.arange(len(rows)))
        kept = order[np.arange(len(row)) - first[row[order]] < BY_NAME]
        return row[kept].astype(np.int64), target[kept].astype(np.int64)

    def _near(self, rows: Side) -> tuple[Ints, Ints]:
        placed = np.flatnonzero(~np.isnan(rows.lon))
        if self._tree is None or not len(placed):
            return np.empty(0, np.int64), np.empty(0, np.int64)
        around = min(BY_PLACE, len(self._placed))
        points = self._metres(rows.lon[placed], rows.lat[placed])
        # A little wider: the exact distance decides.
        _, found = self._tree.query(points, k=[*range(1, around + 1)], distance_upper_bound=scoring.NEAR_M * 1.05)
        row, rank = np.nonzero(found < len(self._placed))
        return placed[row].astype(np.int64), self._placed[found[row, rank]]

    def _metres(self, lon: Floats, lat: Floats) -> Floats:
        east = METRES_PER_DEGREE * np.cos(np.radians(self._middle))
        return np.column_stack([lon * east, lat * METRES_PER_DEGREE])


def _groups(pairs: Iterable[tuple[str, int]]) -> dict[str, list[int]]:
    groups: dict[str, list[int]] = defaultdict(list)
    for key, at in pairs:
        if key:
            groups[key].append(at)
    return dict(groups)


def bigrams(name: FirmName) -> list[str]:
    """Neighbouring characters of a firm's own name, each once."""
    text = name.own or name.whole
    return list(dict.fromkeys(text[at : at + 2] for at in range(max(len(text) - 1, min(len(text), 1)))))


def _matrix(names: Sequence[FirmName]) -> tuple[dict[str, int], Floats, Any]:
    """Vocabulary, weight of each bigram by how seldom it is, and vocabulary x names with columns of length 1."""
    vocabulary: dict[str, int] = {}
    rows: list[int] = []
    columns: list[int] = []
    for at, name in enumerate(names):
        for bigram in bigrams(name):
            rows.append(vocabulary.setdefault(bigram, len(vocabulary)))
            columns.append(at)
    row, column = np.array(rows, dtype=np.int64), np.array(columns, dtype=np.int64)
    frequency = np.bincount(row, minlength=len(vocabulary))
    weights = np.log1p(len(names) / np.maximum(frequency, 1))
    lengths = np.sqrt(np.bincount(column, weights=weights[row] ** 2, minlength=len(names)))
    rare = frequency[row] <= COMMONEST
    values = weights[row[rare]] / lengths[column[rare]]
    shape = (len(vocabulary), len(names))
    return vocabulary, weights, csr_array((values, (row[rare], column[rare])), shape=shape)


def _vectors(names: Sequence[FirmName], vocabulary: dict[str, int], weights: Floats) -> Any:
    columns: list[int] = []
    starts = [0]
    for name in names:
        columns += [vocabulary[bigram] for bigram in bigrams(name) if bigram in vocabulary]
        starts.append(len(columns))
    at = np.array(columns, dtype=np.int64)
    return csr_array((weights[at], at, np.array(starts)), shape=(len(names), len(vocabulary)))
