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

from app.coverage.days import FIRST_DAY
from app.coverage.ingest import refresh
from app.coverage.queries import looks as look_sql
from app.coverage.queries import zones as zone_sql
from app.coverage.queries.zones import Zone
from app.territory import service as territory
from app.territory.schemas import Bbox, UnitRow
from geo.daytiles import day_date, day_number
from geo.frame import TileKey, tile_bounds, tiles_in_bounds
from geo.zones import (
    DOMAIN,
    EXCLUDED,
    ExclusionShape,
    GridShape,
    UnitShape,
    decode_mask,
    encode_mask,
    masks_area_cm2,
    paint_blocks,
    tiles_of,
)

Progress = Callable[[int, int], None]
Part = tuple[int | None, str]  # a grid's version and its unit, or a unit's remainder
EncodedMasks = dict[TileKey, bytes]
_ZONES_AT_ONCE = 256


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
    day = day_number(effective_day)
    tiles, later = _with_later(session, set(tiles_of(changed)), day)
    for each in sorted({day, *later, *_exclusion_days(session, tiles, day)}):
        _repaint_on(session, tiles, each, progress)


def _exclusion_days(session: Session, tiles: set[TileKey], day: int) -> set[int]:
    """Days after `day` on which exclusions here begin or end: no zone tells of those that are painted only now."""
    if not tiles:
        return set()
    after = day_date(day) or FIRST_DAY
    return {day_number(each) for each in territory.exclusion_change_days(session, _bounds(tiles), after)}


def _with_later(session: Session, tiles: set[TileKey], day: int) -> tuple[set[TileKey], set[int]]:
    """Days after `day` on which zones here change again, and the tiles with all of those zones' own.

    Such zones are dropped and painted again after it, so all they cover has to be.
    """
    while True:
        later = [zone for zone in zone_sql.of_parts(session, tiles, [], [], day) if zone.from_day > day]
        wider = tiles.union(mask.tile for mask in zone_sql.masks(session, [zone.id for zone in later]))
        if wider == tiles:
            return tiles, {zone.from_day for zone in later}
        tiles = wider


def differing_zones(
    session: Session, on: date, progress: Progress | None = None
) -> Iterator[tuple[tuple[str | None, str], str]]:
    """Zones of a day that are not what territory of that day gives: (grid code or None, unit code), what is wrong.

    Only for the present: units' shapes of the past are not kept.
    """
    day = day_number(on)
    zones = zone_sql.valid_on(session, day)
    masks = _encoded_masks(session, zones)
    tiles = {tile for by_tile in masks.values() for tile in by_tile}
    tiles.update(tile for root in territory.roots(session) for tile in tiles_in_bounds(*root.bbox))
    shapes = _read_shapes(session, tiles, day)
    painted = _painted(shapes, sorted(tiles), progress)
    codes = {grid.key: grid.code for grid in shapes.grids}
    for zone in zones:
        if not _same(painted.pop((zone.grid_id, zone.unit_code), {}), masks[zone.id]):
            yield (zone.grid_code, zone.unit_code), "与当前区划绘制的结果不同"
    for grid_id, unit_code in painted:
        yield (codes[grid_id] if grid_id else None, unit_code), "缺少，区划中有而未绘制"


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
        ends = zone.from_day > day or (zone.grid_id is not None and zone.grid_id not in alive)
        outside = {} if ends else {tile: mask for tile, mask in masks[zone.id].items() if tile not in tiles}
        now = {**outside, **painted.get(part, {})}
        valid = zone.from_day <= day and zone.to_day is None
        if valid and zone.path == paths.get(zone.unit_code) and _same(now, masks[zone.id]):
            kept.add(part)
            continue
        ended.append(zone)
        if not ends:
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
    units, grids, exclusions = territory.shapes_meeting(session, _bounds(tiles), day_date(day) or FIRST_DAY)
    return Shapes(_rooted(units), grids, exclusions)


def _bounds(tiles: set[TileKey]) -> Bbox:
    west, south, east, north = np.array([tile_bounds(tile) for tile in tiles]).T
    return float(west.min()), float(south.min()), float(east.max()), float(north.max())


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
    for block, painted in paint_blocks(tiles, shapes.units, shapes.grids, shapes.exclusions):
        for key, by_tile in painted.grid_masks.items():
            found[key, units[key]].update((tile, encode_mask(mask)) for tile, mask in by_tile.items())
        for code, by_tile in painted.remainder_masks.items():
            found[None, code].update((tile, encode_mask(mask)) for tile, mask in by_tile.items())
        done += len(block)
        if progress is not None:
            progress(done, len(tiles))
    return found


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
    # Mask by mask: all of a large unit's unpacked at once fill the memory.
    areas = np.sum([masks_area_cm2({tile: decode_mask(mask)}) for tile, mask in masks.items()], axis=0)
    return replace(blank, unassigned_cm2=int(areas[DOMAIN]), excluded_cm2=int(areas[EXCLUDED]))


def _open(session: Session, zones: list[tuple[Zone, EncodedMasks]], day: int) -> None:
    stored = zone_sql.insert(session, [zone for zone, _ in zones], [masks for _, masks in zones], day)
    masks = {
        zone.id: {tile: decode_mask(mask) for tile, mask in of.items()}
        for zone, (_, of) in zip(stored, zones, strict=True)
        if zone.grid_id is not None
    }
    refresh.start_rows(session, stored, masks)
