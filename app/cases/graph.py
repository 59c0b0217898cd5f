"""Laying out the chain of a case: suppliers to the left, buyers to the right, landlords above, other relations below.

Pure: parties and links in, columns and rows out.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

MOST_NODES = 60
_COLUMN = {"supplier": -1, "buyer": 1}
_BAND = {"landlord": -1, "supplier": 0, "buyer": 0, "tenant": 1, "related": 1}
_BACK = {"supplier": "buyer", "buyer": "supplier", "landlord": "tenant", "tenant": "landlord", "related": "related"}


class Tie(NamedTuple):
    """A link: `other` is a `relation` (supplier, buyer, landlord, tenant, related) of `party`."""

    party: str
    other: str
    relation: str


class Spot(NamedTuple):
    """Where a party is drawn. `hop`: links away from the middle, 0 for the middle itself."""

    column: int
    row: int
    hop: int


def neighbours(ties: Sequence[Tie]) -> dict[str, list[tuple[str, str]]]:
    """(other, what it is to the party) of each party, from either side, in the order of the ties."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for tie in ties:
        found[tie.party].append((tie.other, tie.relation))
        found[tie.other].append((tie.party, _BACK[tie.relation]))
    return found


def lay_out(middle: str, ties: Sequence[Tie], hops: int = 2, most: int = MOST_NODES) -> tuple[dict[str, Spot], int]:
    """The spot of each party up to some hops away, and how many there is no room for; no two share a spot.

    >>> spots, left_out = lay_out("me", [Tie("me", "maker", "supplier"), Tie("shop", "me", "supplier")])
    >>> spots["maker"], spots["shop"], left_out
    (Spot(column=-1, row=0, hop=1), Spot(column=1, row=0, hop=1), 0)
    """
    places = {middle: (0, 0, 0)}  # column, band, hop
    around, edge = neighbours(ties), [middle]
    for hop in range(1, hops + 1):
        reached = []
        for party in edge:
            column, band, _ = places[party]
            for other, relation in around.get(party, ()):
                if other not in places:
                    places[other] = (column + _COLUMN.get(relation, 0), band or _BAND[relation], hop)
                    reached.append(other)
        edge = reached
    shown = dict(list(places.items())[:most])
    return _rows(shown), len(places) - len(shown)


def _rows(places: Mapping[str, tuple[int, int, int]]) -> dict[str, Spot]:
    """Parties of a column one below the other: band -1 upwards from row -1, 0 from row 0 on, 1 below all those."""
    taken: dict[tuple[int, int], int] = defaultdict(int)
    middle = [column for column, band, _ in places.values() if band == 0]
    below = max(middle.count(column) for column in middle)
    first = {-1: -1, 0: 0, 1: below}
    spots = {}
    for party, (column, band, hop) in places.items():
        step = taken[column, band]
        taken[column, band] += 1
        spots[party] = Spot(column, first[band] + (-step if band < 0 else step), hop)
    return spots
