"""SQL of looks and day tiles, and of the locks that order their writers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from geo.frame import TileKey

COVERAGE_LOCK = 0x7779_6C01
TRACKED = "tracked"
DECLARED = "declared"
_BATCH_ROWS = 512


class LayerKey(NamedTuple):
    """One day tile: column, row, and the kind of evidence. Sorts as the lock order."""

    x: int
    y: int
    kind: str


class LookRow(NamedTuple):
    """A stored look; `cells` still encoded."""

    kind: str
    day: int
    x: int
    y: int
    cells: bytes


# Whoever changes territory may hold the lock for long: an upload that cannot wait is told to come again.
_SHARED = text("SELECT set_config('lock_timeout', '20s', true), pg_advisory_xact_lock_shared(:lock)")
_EXCLUSIVE = text("SELECT pg_advisory_xact_lock(:lock)")

_INSERT_LOOKS = text(
    """
INSERT INTO look (evidence_id, kind, day, x, y, cells)
SELECT :evidence_id, n.kind, n.day, n.x, n.y, n.cells
FROM unnest(CAST(:kinds AS text[]), CAST(:days AS int[]), CAST(:xs AS int[]), CAST(:ys AS int[]),
            CAST(:cells AS bytea[])) AS n(kind, day, x, y, cells)
"""
)
_INSERT_MISSING = text(
    """
INSERT INTO day_tile (x, y, kind, version, days)
SELECT n.x, n.y, n.kind, 0, :empty
FROM unnest(CAST(:xs AS int[]), CAST(:ys AS int[]), CAST(:kinds AS text[])) AS n(x, y, kind)
ORDER BY n.x, n.y, n.kind
ON CONFLICT DO NOTHING
"""
)
_LOCK_TILES = text(
    """
SELECT t.x, t.y, t.kind, t.days
FROM day_tile t
WHERE (t.x, t.y, t.kind) IN (
    SELECT * FROM unnest(CAST(:xs AS int[]), CAST(:ys AS int[]), CAST(:kinds AS text[])))
ORDER BY t.x, t.y, t.kind
FOR NO KEY UPDATE
"""
)
_WRITE_TILES = text(
    """
UPDATE day_tile t SET days = n.days, version = c.number
FROM unnest(CAST(:xs AS int[]), CAST(:ys AS int[]), CAST(:kinds AS text[]), CAST(:days AS bytea[]))
         AS n(x, y, kind, days),
     (SELECT nextval('change_number') AS number) AS c
WHERE t.x = n.x AND t.y = n.y AND t.kind = n.kind
"""
)
# OFFSET 0 keeps the planner to one index probe a tile: a plan made while the table was small stays good as it grows.
_READ_TILES = text(
    """
SELECT t.x, t.y, t.kind, t.days
FROM unnest(CAST(:xs AS int[]), CAST(:ys AS int[])) AS n(x, y)
CROSS JOIN LATERAL (
    SELECT d.x, d.y, d.kind, d.days FROM day_tile d WHERE d.x = n.x AND d.y = n.y OFFSET 0
) AS t
"""
)
_WITHDRAW = text(
    """
UPDATE look SET withdrawn = true WHERE evidence_id = :evidence_id AND NOT withdrawn
RETURNING kind, day, x, y, cells
"""
)
_LOOKS_BETWEEN = """
SELECT t.kind, t.day, t.x, t.y, t.cells
FROM unnest(CAST(:xs AS int[]), CAST(:ys AS int[])) AS n(x, y)
CROSS JOIN LATERAL (
    SELECT l.kind, l.day, l.x, l.y, l.cells FROM look l
    WHERE l.x = n.x AND l.y = n.y AND NOT l.withdrawn AND l.day BETWEEN :from_day AND :until_day OFFSET 0
) AS t
ORDER BY t.day
"""
_LOOKS_FORWARD = text(_LOOKS_BETWEEN)
_LOOKS_BACKWARD = text(_LOOKS_BETWEEN + " DESC")
_LOOKS_AT = text(
    """
SELECT l.evidence_id, l.kind, l.day, l.x, l.y, l.cells
FROM look l
WHERE l.x = :x AND l.y = :y AND NOT l.withdrawn
ORDER BY l.day DESC, l.evidence_id, l.kind
"""
)
_TILE_VERSIONS = text(
    """
SELECT x, y, kind, version FROM day_tile
WHERE x BETWEEN :x0 AND :x1 AND y BETWEEN :y0 AND :y1
ORDER BY x, y, kind
"""
)
_DELETE_TILES = text("DELETE FROM day_tile")
_INSERT_TILES = text(
    """
INSERT INTO day_tile (x, y, kind, version, days)
SELECT n.x, n.y, n.kind, c.number, n.days
FROM unnest(CAST(:xs AS int[]), CAST(:ys AS int[]), CAST(:kinds AS text[]), CAST(:days AS bytea[]))
         AS n(x, y, kind, days),
     (SELECT nextval('change_number') AS number) AS c
"""
)
_TILES_WITH_LOOKS = text("SELECT DISTINCT x, y FROM look WHERE NOT withdrawn ORDER BY x, y")
_TILES_WITH_DAYS = text("SELECT DISTINCT x, y FROM day_tile ORDER BY x, y")
_LOOKS_OF_PATROL = text(
    "SELECT kind, day, x, y, cells FROM look WHERE evidence_id = :evidence_id ORDER BY kind, day, x, y"
)


def lock_shared(session: Session) -> None:
    """First lock of everything that takes in or withdraws looks; it runs beside others of its kind."""
    session.execute(_SHARED, {"lock": COVERAGE_LOCK})


def lock_exclusive(session: Session) -> None:
    """First lock of everything that changes zones; it runs alone."""
    session.execute(_EXCLUSIVE, {"lock": COVERAGE_LOCK})


def insert_looks(session: Session, evidence_id: UUID, rows: Sequence[LookRow]) -> None:
    """Store a patrol's looks; raises IntegrityError when it has one of them already."""
    session.execute(
        _INSERT_LOOKS,
        {
            "evidence_id": evidence_id,
            "kinds": [r.kind for r in rows],
            "days": [r.day for r in rows],
            "xs": [r.x for r in rows],
            "ys": [r.y for r in rows],
            "cells": [r.cells for r in rows],
        },
    )


def lock_day_tiles(session: Session, keys: Iterable[LayerKey], empty: bytes) -> dict[LayerKey, bytes]:
    """Create what is missing, lock all in key order until the transaction ends, and give the encoded days."""
    ordered = sorted(set(keys))
    values = _columns(ordered)
    session.execute(_INSERT_MISSING, {**values, "empty": empty})
    # A statement of its own: it must see what others committed while the first one waited.
    rows = session.execute(_LOCK_TILES, values)
    return {LayerKey(r.x, r.y, r.kind): r.days for r in rows}


def write_day_tiles(session: Session, tiles: Mapping[LayerKey, bytes]) -> None:
    """Store locked day tiles under the next change number."""
    if tiles:
        session.execute(_WRITE_TILES, {**_columns(list(tiles)), "days": list(tiles.values())})


def read_day_tiles(session: Session, tiles: Iterable[TileKey]) -> dict[LayerKey, bytes]:
    """The encoded days, of both kinds, of those tiles that have any."""
    rows = session.execute(_READ_TILES, _places(tiles))
    return {LayerKey(r.x, r.y, r.kind): r.days for r in rows}


def withdraw_looks(session: Session, evidence_id: UUID) -> list[LookRow]:
    """Mark a patrol's looks as not counting, and give them."""
    return [LookRow(r.kind, r.day, r.x, r.y, r.cells) for r in session.execute(_WITHDRAW, {"evidence_id": evidence_id})]


def looks_forward(session: Session, tiles: Iterable[TileKey], from_day: int, until_day: int) -> Iterator[LookRow]:
    """Looks that count in some tiles between two days, both included, ascending by day."""
    return _looks(session, _LOOKS_FORWARD, tiles, from_day, until_day)


def looks_backward(session: Session, tiles: Iterable[TileKey], until_day: int) -> Iterator[LookRow]:
    """Looks that count in some tiles up to a day, descending by day."""
    return _looks(session, _LOOKS_BACKWARD, tiles, 0, until_day)


def _looks(
    session: Session, statement: TextClause, tiles: Iterable[TileKey], from_day: int, until_day: int
) -> Iterator[LookRow]:
    # Batches, so that years fit in memory and a reader that has seen enough may stop.
    values = {**_places(tiles), "from_day": from_day, "until_day": until_day}
    with session.execute(statement, values, execution_options={"yield_per": _BATCH_ROWS}) as result:
        for r in result:
            yield LookRow(r.kind, r.day, r.x, r.y, r.cells)


def looks_at(session: Session, tile: TileKey) -> Iterator[tuple[UUID, LookRow]]:
    """Looks that count in one tile with their patrols, newest day first."""
    result = session.execute(_LOOKS_AT, {"x": tile.x, "y": tile.y})
    for r in result:
        yield r.evidence_id, LookRow(r.kind, r.day, r.x, r.y, r.cells)


def delete_day_tiles(session: Session) -> None:
    """Forget all day tiles; only to derive them anew."""
    session.execute(_DELETE_TILES)


def insert_day_tiles(session: Session, tiles: Mapping[LayerKey, bytes]) -> None:
    """Store day tiles that are not there yet."""
    if tiles:
        session.execute(_INSERT_TILES, {**_columns(list(tiles)), "days": list(tiles.values())})


def tiles_with_looks(session: Session) -> list[TileKey]:
    """Tiles in which a look counts, sorted."""
    return [TileKey(r.x, r.y) for r in session.execute(_TILES_WITH_LOOKS)]


def tiles_with_days(session: Session) -> list[TileKey]:
    """Tiles that have a day tile, sorted."""
    return [TileKey(r.x, r.y) for r in session.execute(_TILES_WITH_DAYS)]


def looks_of_patrol(session: Session, evidence_id: UUID) -> list[LookRow]:
    """A patrol's looks, withdrawn ones too."""
    rows = session.execute(_LOOKS_OF_PATROL, {"evidence_id": evidence_id})
    return [LookRow(r.kind, r.day, r.x, r.y, r.cells) for r in rows]


def tile_versions(session: Session, x0: int, y0: int, x1: int, y1: int) -> list[tuple[int, int, str, int]]:
    """(x, y, kind, version) of the day tiles in a block, ordered: what an ETag is made of."""
    rows = session.execute(_TILE_VERSIONS, {"x0": x0, "y0": y0, "x1": x1, "y1": y1})
    return [(r.x, r.y, r.kind, r.version) for r in rows]


def _columns(keys: Sequence[LayerKey]) -> dict[str, list[int] | list[str]]:
    return {"xs": [k.x for k in keys], "ys": [k.y for k in keys], "kinds": [k.kind for k in keys]}


def _places(tiles: Iterable[TileKey]) -> dict[str, list[int]]:
    ordered = sorted(set(tiles))
    return {"xs": [t.x for t in ordered], "ys": [t.y for t in ordered]}
