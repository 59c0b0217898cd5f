"""Zones after territory changed: paint the tiles concerned anew, and give each zone that differs a successor.

Figures of days before the change keep coming from the zones that were valid then.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import shapely
from sqlalchemy.orm import Session

from app.coverage.ingest import refresh
from app.coverage.queries import looks as look_sql
from app.coverage.queries import zones as zone_sql
from app.coverage.queries.zones import Zone
from app.territory import service as territory
from app.territory.schemas import UnitRow
from geo.daytiles import DAY_ZERO, day_date, day_number
from geo.frame import TileKey, tile_bounds
from geo.zones import (
    CLASS_BITS,
    EXCLUDED,
    ExclusionShape,
    GridShape,
    UnitShape,
    decode_mask,
    encode_mask,
    mask_area_cm2,
    paint,
    tiles_of,
)

Progress = Callable[[int, int], None]
Part = tuple[int | None, str]  # a grid's version and its unit, or a unit's remainder
EncodedMasks = dict[TileKey, bytes]
_ZONES_AT_ONCE = 256
_BLOCK_TILES = 8


@dataclass(frozen=True)
class Shapes:
    """Territory near some tiles on a day."""

    units: list[UnitShape]
    grids: list[GridShape]
    exclusions: list[ExclusionShape]


def repaint(session: Session, changed: shapely.Geometry, effective_day: date, progress: Progress | None = None) -> None:
    """Bring the zones under a changed area (WGS-84) to what territory says from a local day on; runs alone.

    `progress` is told tiles done and tiles in all. Changes already known for later days are painted again after it.
    """
    look_sql.lock_exclusive(session)
    # Painted masks must not be older than the changes of this transaction's territory: read after the lock.
    tiles = set(tiles_of(changed))
    day = day_number(effective_day)
    later = {zone.from_day for zone in zone_sql.of_parts(session, tiles, [], [], day) if zone.from_day > day}
    for each in sorted({day, *later}):
        _repaint_on(session, tiles, each, progress)


def _repaint_on(session: Session, tiles: set[TileKey], day: int, progress: Progress | None) -> None:
    shapes, tiles = _shapes(session, tiles, day)
    painted = _painted(shapes, sorted(tiles), progress)
    grid_ids = [grid_id for grid_id, _ in painted if grid_id is not None]
    unit_codes = [code for grid_id, code in painted if grid_id is None]
    before = zone_sql.of_parts(session, tiles, grid_ids, unit_codes, day)
    masks = _encoded_masks(session, before)
    alive = {grid.key for grid in shapes.grids}
    paths = {code: unit.path for code, unit in _units(session, before, painted).items()}
    wanted: dict[Part, EncodedMasks] = dict(painted)
    kept: set[Part] = set()
    ended: list[Zone] = []
    for zone in before:
        part = (zone.grid_id, zone.unit_code)
        ends = zone.grid_id is not None and zone.grid_id not in alive
        outside = {} if ends else {tile: mask for tile, mask in masks[zone.id].items() if tile not in tiles}
        now = {**outside, **painted.get(part, {})}
        valid = zone.from_day <= day and zone.to_day is None
        if valid and zone.path == paths.get(zone.unit_code) and _same(now, masks[zone.id]):
            kept.add(part)
            continue
        ended.append(zone)
        if now and part not in kept:
            wanted[part] = now
    codes = {grid.key: grid.code for grid in shapes.grids} | {z.grid_id: z.grid_code for z in before if z.grid_id}
    new = [(part, of) for part, of in sorted(wanted.items(), key=_by_code) if part not in kept and of]
    zone_sql.end(session, [zone.id for zone in ended], day)
    for batch in (new[i : i + _ZONES_AT_ONCE] for i in range(0, len(new), _ZONES_AT_ONCE)):
        _open(session, [(_zone(part, codes, paths, day, of), of) for part, of in batch], day)


def _by_code(item: tuple[Part, EncodedMasks]) -> tuple[str, int]:
    return item[0][1], item[0][0] or 0


def _shapes(session: Session, tiles: set[TileKey], day: int) -> tuple[Shapes, set[TileKey]]:
    """Territory on a day near some tiles, and these with all tiles of grids that have no zone yet."""
    shapes = _read_shapes(session, tiles, day)
    known = {zone.grid_id for zone in zone_sql.of_parts(session, [], [grid.key for grid in shapes.grids], [], day)}
    wider = tiles.union(*(tiles_of(grid.geometry) for grid in shapes.grids if grid.key not in known))
    return (shapes, tiles) if wider == tiles else (_read_shapes(session, wider, day), wider)


def _read_shapes(session: Session, tiles: set[TileKey], day: int) -> Shapes:
    if not tiles:
        return Shapes([], [], [])
    boxes = np.array([tile_bounds(tile) for tile in tiles])
    bounds = (*boxes[:, :2].min(axis=0), *boxes[:, 2:].max(axis=0))
    on = day_date(day) or DAY_ZERO
    units, grids, exclusions = territory.shapes_meeting(session, tuple(float(b) for b in bounds), on)  # type: ignore[arg-type]
    return Shapes(_rooted(units), grids, exclusions)


def _rooted(units: list[UnitShape]) -> list[UnitShape]:
    """Units without those whose parent is elsewhere: nothing of the parent lies here for them to take."""
    codes: set[str | None] = {None}
    kept = []
    for unit in sorted(units, key=lambda unit: unit.depth):
        if unit.parent_code in codes:
            codes.add(unit.code)
            kept.append(unit)
    return kept


def _painted(shapes: Shapes, tiles: list[TileKey], progress: Progress | None) -> dict[Part, EncodedMasks]:
    """Encoded masks by part. Block by block, since a city's masks unpacked would fill the memory."""
    units = {grid.key: grid.unit_code for grid in shapes.grids}
    found: dict[Part, EncodedMasks] = defaultdict(dict)
    done = 0
    for block, near in _blocks(shapes, tiles):
        painted = paint(block, near.units, near.grids, near.exclusions)
        for key, by_tile in painted.grid_masks.items():
            found[key, units[key]].update((tile, encode_mask(mask)) for tile, mask in by_tile.items())
        for code, by_tile in painted.remainder_masks.items():
            found[None, code].update((tile, encode_mask(mask)) for tile, mask in by_tile.items())
        done += len(block)
        if progress is not None:
            progress(done, len(tiles))
    return found


def _blocks(shapes: Shapes, tiles: list[TileKey]) -> Iterator[tuple[list[TileKey], Shapes]]:
    grids = shapely.STRtree([grid.geometry for grid in shapes.grids])
    exclusions = shapely.STRtree([exclusion.geometry for exclusion in shapes.exclusions])
    blocks: dict[tuple[int, int], list[TileKey]] = defaultdict(list)
    for tile in tiles:
        blocks[tile.x // _BLOCK_TILES, tile.y // _BLOCK_TILES].append(tile)
    for block in blocks.values():
        box = shapely.union_all([shapely.box(*tile_bounds(tile)) for tile in block]).envelope
        yield (
            block,
            Shapes(
                shapes.units,  # all of them: whether a unit is a root must not depend on the block
                [shapes.grids[i] for i in grids.query(box)],
                [shapes.exclusions[i] for i in exclusions.query(box)],
            ),
        )


def _encoded_masks(session: Session, zones: Iterable[Zone]) -> dict[int, EncodedMasks]:
    found: dict[int, EncodedMasks] = defaultdict(dict)
    for zone_id, tile, mask in zone_sql.masks(session, [zone.id for zone in zones]):
        found[zone_id][tile] = mask
    return found


def _units(session: Session, before: Iterable[Zone], painted: Iterable[Part]) -> Mapping[str, UnitRow]:
    return territory.units_by_code(session, {zone.unit_code for zone in before} | {code for _, code in painted})


def _same(one: EncodedMasks, other: EncodedMasks) -> bool:
    """Whether masks are equal, cell by cell; equal bytes are, but so may be those of another version of the codec."""
    return one.keys() == other.keys() and all(
        mask == other[tile] or np.array_equal(decode_mask(mask), decode_mask(other[tile])) for tile, mask in one.items()
    )


def _zone(part: Part, codes: Mapping[int, str | None], paths: Mapping[str, str], day: int, masks: EncodedMasks) -> Zone:
    grid_id, unit_code = part
    blank = Zone(0, grid_id, codes[grid_id] if grid_id else None, unit_code, paths[unit_code], day, None, 0, 0)
    if grid_id is not None:
        return blank
    areas = sum(mask_area_cm2(decode_mask(mask), tile.y) for tile, mask in masks.items())
    assert not isinstance(areas, int)  # noqa: S101 - only for the type: masks are not empty
    excluded = int(areas[EXCLUDED])
    return replace(blank, unassigned_cm2=int(areas[1 : CLASS_BITS + 1].sum()) - excluded, excluded_cm2=excluded)


def _open(session: Session, zones: list[tuple[Zone, EncodedMasks]], day: int) -> None:
    stored = zone_sql.insert(session, [zone for zone, _ in zones], [masks for _, masks in zones], day)
    masks = {
        zone.id: {tile: decode_mask(mask) for tile, mask in of.items()}
        for zone, (_, of) in zip(stored, zones, strict=True)
        if zone.grid_id is not None
    }
    refresh.start_rows(session, stored, masks)
