"""Proof that what is stored follows from what it is derived from, and building it anew when it does not.

Looks from raw fixes are the patrols' part (`app.patrols.verify`, which calls this one too).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from app.coverage.ingest import refresh, repaint
from app.coverage.queries import looks as look_sql
from app.coverage.queries import zones as zone_sql
from app.coverage.queries.looks import TRACKED, LayerKey
from app.coverage.queries.zones import Zone
from app.coverage.schemas import Difference
from geo.daytiles import LAST_DAY, DayTile, add_look, day_date, decode, decode_cells, empty, encode
from geo.frame import TileKey
from geo.swath import Look

Progress = Callable[[str, int, int], None]
Item = TypeVar("Item")
_TILES_AT_ONCE = 16
_ZONES_AT_ONCE = 64


def _silent(_what: str, _done: int, _all: int) -> None:
    """Tell nobody."""


def verify(session: Session, today: date, progress: Progress | None = None) -> Iterator[Difference]:
    """Every difference between day tiles and looks, freshness rows and looks, today's zones and territory painted.

    Changes nothing. What is compared must not move meanwhile: the session must read one snapshot. `progress` is told
    what is compared, how much is done, and of how much.
    """
    say = progress or _silent
    yield from _differing_tiles(session, say)
    yield from _differing_rows(session, say)
    yield from _differing_zones(session, today, say)


def rebuild(session: Session, progress: Progress | None = None) -> None:
    """Drop day tiles and freshness rows and derive them from the looks that count and the zones' masks."""
    look_sql.lock_exclusive(session)
    say = progress or _silent
    look_sql.delete_day_tiles(session)
    tiles = look_sql.tiles_with_looks(session)
    for done, batch in _batches(tiles, _TILES_AT_ONCE):
        folded = {key: encode(tile) for key, tile in _folded(session, batch).items()}
        look_sql.insert_day_tiles(session, folded)
        say("日期瓦片", done, len(tiles))
    zones = zone_sql.of_grids(session)
    for done, some in _batches(zones, _ZONES_AT_ONCE):
        masks = refresh.masks_of(session, [zone.id for zone in some])
        for zone in some:
            zone_sql.delete_freshness(session, zone.id, 0)
        refresh.start_rows(session, some, masks)
        say("新鲜度", done, len(zones))


def differing_looks(
    session: Session, what: str, evidence_id: UUID, looks: Sequence[Look], kind: str = TRACKED
) -> Iterator[Difference]:
    """Where a record's stored looks are not those that follow from it; `what` names the record to people."""
    derived = {(kind, look.day, look.key): look.cells for look in looks if look.cells.any()}
    stored = {
        (row.kind, row.day, TileKey(row.x, row.y)): decode_cells(row.cells)
        for row in look_sql.looks_of_patrol(session, evidence_id)
    }
    for each in sorted(derived.keys() | stored.keys()):
        kind_found, day, tile = each
        where = f"{what} {evidence_id} {day_date(day)} 瓦片 {tile.x}/{tile.y} {kind_found}"
        if each not in stored:
            yield Difference("look", where, "缺少")
        elif each not in derived:
            yield Difference("look", where, "多出")
        elif cells := int((derived[each] ^ stored[each]).sum()):
            yield Difference("look", where, f"与由{what}推出的相差 {cells} 个单元")


def _differing_tiles(session: Session, say: Progress) -> Iterator[Difference]:
    tiles = {*look_sql.tiles_with_looks(session), *look_sql.tiles_with_days(session)}
    for key, cells in differing_tiles(session, tiles, say):
        yield Difference("day_tile", f"{key.kind} {key.x}/{key.y}", f"与视域合成的结果相差 {cells} 个单元")


def differing_tiles(
    session: Session, tiles: Iterable[TileKey], say: Progress = _silent
) -> Iterator[tuple[LayerKey, int]]:
    """Day tiles, of some tiles, that are not the fold of their looks, with how many cells differ."""
    ordered = sorted(set(tiles))
    for done, batch in _batches(ordered, _TILES_AT_ONCE):
        derived = _folded(session, batch)
        stored = {key: decode(days) for key, days in look_sql.read_day_tiles(session, batch).items()}
        for key in sorted(derived.keys() | stored.keys()):
            cells = int((derived.get(key, empty()) != stored.get(key, empty())).sum())
            if cells:
                yield key, cells
        say("日期瓦片", done, len(ordered))


def _folded(session: Session, tiles: Iterable[TileKey]) -> dict[LayerKey, DayTile]:
    found: dict[LayerKey, DayTile] = {}
    for look in look_sql.looks_forward(session, tiles, 0, LAST_DAY):
        tile = found.setdefault(LayerKey(look.x, look.y, look.kind), empty())
        add_look(tile, look.day, decode_cells(look.cells))
    return found


def _differing_rows(session: Session, say: Progress) -> Iterator[Difference]:
    for zone, day, text in differing_rows(session, zone_sql.of_grids(session), say):
        yield Difference("freshness", f"网格 {zone.grid_code} {day_date(day)}", text)


def differing_rows(session: Session, zones: Sequence[Zone], say: Progress = _silent) -> Iterator[tuple[Zone, int, str]]:
    """Freshness rows of some grids' zones that do not follow from the looks: whose, of which day, what is wrong."""
    for done, batch in _batches(zones, _ZONES_AT_ONCE):
        masks = refresh.masks_of(session, [zone.id for zone in batch])
        stored: dict[int, dict[int, bytes]] = {zone.id: {} for zone in batch}
        for row in zone_sql.freshness_of(session, stored):
            stored[row.zone_id][row.from_day] = bytes(row.histogram)
        for zone in batch:
            derived = {row.from_day: row.histogram for row in refresh.refolded(session, zone, masks.get(zone.id, {}))}
            for day, text in _compared(derived, stored[zone.id]):
                yield zone, day, text
        say("新鲜度", done, len(zones))


def _compared(derived: dict[int, bytes], stored: dict[int, bytes]) -> Iterator[tuple[int, str]]:
    for day in sorted(derived.keys() | stored.keys()):
        if derived.get(day) != stored.get(day):
            text = "多出" if day not in derived else "缺少" if day not in stored else "与由视域推出的不同"
            yield day, text


def _differing_zones(session: Session, today: date, say: Progress) -> Iterator[Difference]:
    for (grid_code, unit_code), text in repaint.differing_zones(
        session, today, lambda done, of: say("责任区", done, of)
    ):
        yield Difference("zone", f"网格 {grid_code}" if grid_code else f"{unit_code} 未划入网格的部分", text)


def _batches(items: Sequence[Item], size: int) -> Iterator[tuple[int, Sequence[Item]]]:
    for start in range(0, len(items), size):
        yield min(start + size, len(items)), items[start : start + size]
