"""A patrol's looks into the coverage, and out of it again.

Locks, always in this order: the coverage lock (shared), the patrol (by the caller), day tiles by key, zones by id.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from app.coverage import asof
from app.coverage.ingest.refresh import Touch, refresh
from app.coverage.queries import looks as sql
from app.coverage.queries import passing as passing_sql
from app.coverage.queries.looks import DECLARED, TRACKED, LayerKey, LookRow
from geo.daytiles import LAST_DAY, NEVER, Cells, DayTile, add_look, decode, decode_cells, empty, encode, encode_cells
from geo.frame import TileKey
from geo.passing import Passing
from geo.swath import Look

_EMPTY = encode(empty())


def apply_looks(session: Session, evidence_id: UUID, looks: Sequence[Look], kind: str = TRACKED) -> None:
    """Store a patrol's looks and everything that follows from them. `kind` is tracked or declared."""
    if kind not in (TRACKED, DECLARED):
        raise ValueError(f"not a kind of evidence: {kind}")
    sql.lock_shared(session)
    seen = [look for look in looks if look.cells.any()]
    if not seen:
        return
    rows = [LookRow(kind, look.day, look.key.x, look.key.y, encode_cells(look.cells)) for look in seen]
    sql.insert_looks(session, evidence_id, rows)
    tiles = _locked(session, {LayerKey(look.key.x, look.key.y, kind) for look in seen})
    touches = _merge(tiles, seen, kind)
    sql.write_day_tiles(session, {key: encode(tiles[key]) for key in {LayerKey(*t.tile, kind) for t in touches}})
    refresh(session, touches, tiles, in_order=True)


def store_passings(session: Session, evidence_id: UUID, passings: Sequence[Passing]) -> None:
    """Store what a patrol passed without looking; nothing follows from it but the reasons of what is not covered."""
    if passings:
        passing_sql.insert(session, evidence_id, passings, withdrawn=False)


def replace_passings(session: Session, evidence_id: UUID, passings: Sequence[Passing], *, withdrawn: bool) -> None:
    """Store a patrol's passings in place of those it has; `withdrawn` when it was voided."""
    passing_sql.delete(session, evidence_id)
    if passings:
        passing_sql.insert(session, evidence_id, passings, withdrawn=withdrawn)


def _merge(tiles: dict[LayerKey, DayTile], looks: Sequence[Look], kind: str) -> list[Touch]:
    """Fold looks into their tiles; what they touch are cells not known to have been seen on that very day."""
    touches = []
    for look in looks:
        tile = tiles[LayerKey(look.key.x, look.key.y, kind)]
        cells = look.cells & (tile != look.day)
        if cells.any():
            touches.append(Touch(look.day, look.key, cells))
    for look in looks:
        add_look(tiles[LayerKey(look.key.x, look.key.y, kind)], look.day, look.cells)
    return touches


def withdraw(session: Session, evidence_id: UUID) -> None:
    """Take a voided patrol's looks and passings out of what counts; they stay stored. A second time changes nothing."""
    sql.lock_shared(session)
    passing_sql.withdraw(session, evidence_id)
    looks = [(row, decode_cells(row.cells)) for row in sql.withdraw_looks(session, evidence_id)]
    if not looks:
        return
    tiles = _locked(session, {LayerKey(row.x, row.y, row.kind) for row, _ in looks})
    unknown: dict[LayerKey, Cells] = {}
    for row, cells in looks:
        key = LayerKey(row.x, row.y, row.kind)
        lost = cells & (tiles[key] == row.day)
        unknown[key] = unknown[key] | lost if key in unknown else lost
    for key, cells in unknown.items():
        tiles[key][cells] = NEVER
    asof.look_back(session, tiles, unknown, LAST_DAY)
    sql.write_day_tiles(session, {key: encode(tile) for key, tile in tiles.items()})
    refresh(session, [Touch(row.day, TileKey(row.x, row.y), cells) for row, cells in looks], tiles, in_order=False)


def _locked(session: Session, keys: set[LayerKey]) -> dict[LayerKey, DayTile]:
    return {key: decode(days) for key, days in sql.lock_day_tiles(session, keys, _EMPTY).items()}
