"""SQL of passings: ground that patrols passed without looking."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.daytiles import encode_cells
from geo.frame import TileKey
from geo.passing import Passing

_BATCH_ROWS = 512


class PassingRow(NamedTuple):
    """A stored passing; `cells` still encoded."""

    reason: str
    day: int
    x: int
    y: int
    cells: bytes


class PassedTile(NamedTuple):
    """A tile with passings that count within some days: the zones asked about in it, and what names those passings."""

    tile: TileKey
    zone_ids: list[int]
    last_day: int
    mark: int


_INSERT = text(
    """
INSERT INTO passing (evidence_id, reason, day, x, y, cells, withdrawn)
SELECT :evidence_id, n.reason, n.day, n.x, n.y, n.cells, :withdrawn
FROM unnest(CAST(:reasons AS text[]), CAST(:days AS int[]), CAST(:xs AS int[]), CAST(:ys AS int[]),
            CAST(:cells AS bytea[])) AS n(reason, day, x, y, cells)
"""
)
_WITHDRAW = text("UPDATE passing SET withdrawn = true WHERE evidence_id = :evidence_id AND NOT withdrawn")
_DELETE = text("DELETE FROM passing WHERE evidence_id = :evidence_id")
_OF_PATROL = text("SELECT reason, day, x, y, cells FROM passing WHERE evidence_id = :evidence_id")
# OFFSET 0 as for day tiles: one index probe a tile, whatever the size of the table was when the plan was made.
_TILES = text(
    """
SELECT t.x, t.y, t.zone_ids, p.last_day, p.mark
FROM (SELECT x, y, array_agg(zone_id) AS zone_ids FROM zone_tile WHERE zone_id = ANY(:ids) GROUP BY x, y) AS t
CROSS JOIN LATERAL (
    SELECT max(f.day) AS last_day, bit_xor(hashtextextended(f.evidence_id || f.reason || f.day, 0)) AS mark
    FROM (SELECT l.evidence_id, l.reason, l.day FROM passing l
          WHERE l.x = t.x AND l.y = t.y AND NOT l.withdrawn AND l.day BETWEEN :from_day AND :until_day OFFSET 0) AS f
) AS p
WHERE p.last_day IS NOT NULL
"""
)
_BETWEEN = text(
    """
SELECT t.reason, t.day, t.x, t.y, t.cells
FROM unnest(CAST(:xs AS int[]), CAST(:ys AS int[])) AS n(x, y)
CROSS JOIN LATERAL (
    SELECT l.reason, l.day, l.x, l.y, l.cells FROM passing l
    WHERE l.x = n.x AND l.y = n.y AND NOT l.withdrawn AND l.day BETWEEN :from_day AND :until_day OFFSET 0
) AS t
"""
)


def insert(session: Session, evidence_id: UUID, passings: Sequence[Passing], *, withdrawn: bool) -> None:
    """Store a patrol's passings; raises IntegrityError when it has one of them already."""
    session.execute(
        _INSERT,
        {
            "evidence_id": evidence_id,
            "withdrawn": withdrawn,
            "reasons": [each.reason.value for each in passings],
            "days": [each.day for each in passings],
            "xs": [each.key.x for each in passings],
            "ys": [each.key.y for each in passings],
            "cells": [encode_cells(each.cells) for each in passings],
        },
    )


def withdraw(session: Session, evidence_id: UUID) -> None:
    """Mark a patrol's passings as not counting."""
    session.execute(_WITHDRAW, {"evidence_id": evidence_id})


def delete(session: Session, evidence_id: UUID) -> None:
    """Forget a patrol's passings; only to derive them anew."""
    session.execute(_DELETE, {"evidence_id": evidence_id})


def of_patrol(session: Session, evidence_id: UUID) -> list[PassingRow]:
    """A patrol's passings, withdrawn ones too."""
    return [PassingRow(*row) for row in session.execute(_OF_PATROL, {"evidence_id": evidence_id})]


def tiles_of_zones(session: Session, zone_ids: Iterable[int], from_day: int, until_day: int) -> list[PassedTile]:
    """Tiles of some zones with passings that count between two days, both included."""
    values = {"ids": sorted(zone_ids), "from_day": from_day, "until_day": until_day}
    return [PassedTile(TileKey(r.x, r.y), r.zone_ids, r.last_day, r.mark) for r in session.execute(_TILES, values)]


def between(session: Session, tiles: Iterable[TileKey], from_day: int, until_day: int) -> Iterator[PassingRow]:
    """Passings that count in some tiles between two days, both included, in no order."""
    ordered = sorted(set(tiles))
    values = {"xs": [t.x for t in ordered], "ys": [t.y for t in ordered], "from_day": from_day, "until_day": until_day}
    with session.execute(_BETWEEN, values, execution_options={"yield_per": _BATCH_ROWS}) as result:
        for row in result:
            yield PassingRow(*row)
