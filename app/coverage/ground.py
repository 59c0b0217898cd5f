"""Ground left out, grid by grid and for each reason: what the determination counts and lists.

Areas come from histograms; only grids with uncovered ground near which something was passed in their cycle are looked
into cell by cell, and what was found is kept as long as nothing it follows from changes.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple
from urllib.parse import quote

import numpy as np
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.coverage import passed, patches
from app.coverage.passed import Marks
from app.coverage.patches import Ground
from app.coverage.queries import report as sql
from app.coverage.recent import Recent, source
from app.coverage.table import ZoneTable, zone_table
from app.db import transaction
from app.omitted import Omitted, OmittedCount
from app.scope import EVERYTHING, Scope
from app.settings import Settings
from app.territory import service as territory
from geo.daytiles import DAY_ZERO, NEVER, day_number
from geo.frame import Ints, TileKey
from geo.ground import NUMBER, Lack, Lacks, Patch, lacks, largest, moved_cm2
from geo.shares import Share

KINDS = {f"ground_{lack.value}": lack for lack in Lack}
_LACKS = tuple(Lack)
_SHARE_COLUMN = {share: column for column, share in enumerate(Share)}
_BATCH = 128
_BLOCK = 8  # tiles
_ZOOM = 17


class _Place(NamedTuple):
    """The largest patch of a grid's ground of one lack, None when its tiles hold none, and when its oldest was seen."""

    patch: Patch | None
    oldest_day: int


_SPLIT: Recent[Ints] = Recent(50_000)
_PLACED: Recent[_Place] = Recent(20_000)


def ground_counts(session: Session, settings: Settings, scope: Scope, path: str, on: date) -> list[OmittedCount]:
    """How many grids at or below a unit's path lack ground of each kind, by their unit, with how much of it."""
    table = _table(session, settings, scope, path, on)
    areas = _areas(session, table, passed.marks(session, table))
    units = sorted({state.path for state in table.states})
    place = {unit: number for number, unit in enumerate(units)}
    of = np.array([place[state.path] for state in table.states], dtype=np.int64)
    found = []
    for column, kind in enumerate(KINDS):
        numbers = np.bincount(of, areas[:, column] > 0, len(units)).astype(np.int64).tolist()
        sums = np.zeros(len(units), dtype=np.int64)
        np.add.at(sums, of, areas[:, column])
        found += [
            OmittedCount(kind, unit, number, area / 1e4)
            for unit, number, area in zip(units, numbers, sums.tolist(), strict=True)
            if number
        ]
    return found


def ground_omissions(
    session: Session,
    settings: Settings,
    scope: Scope,
    path: str,
    on: date,
    kinds: Collection[str] | None = None,
    limit: int = 200,
    skip: int = 0,
) -> list[Omitted]:
    """One row for each grid at or below a unit's path and each kind of ground that it lacks, by kind and grid."""
    table = _table(session, settings, scope, path, on)
    marks = passed.marks(session, table)
    areas = _areas(session, table, marks)
    wanted = [kind for kind in sorted(KINDS) if kinds is None or kind in kinds]
    listed = [
        (int(row), KINDS[kind]) for kind in wanted for row in np.flatnonzero(areas[:, _LACKS.index(KINDS[kind])])
    ][skip : skip + limit]
    places = _places(session, table, marks, listed)
    names = sql.grid_names(session, {table.states[row].id for row, _ in listed})
    return [
        _omitted(table, row, lack, int(areas[row, _LACKS.index(lack)]), places[row, lack], names)
        for row, lack in listed
    ]


def look_into_all(engine: Engine, settings: Settings) -> int:
    """Look into all ground that was passed, as of today, ahead of whoever asks first; how many grids had some."""
    with transaction(engine) as session:
        return look_into(session, settings, settings.today())


def look_into(session: Session, settings: Settings, on: date) -> int:
    """What each grid lacks on a day, kept for whoever asks for it later; how many grids were passed in their cycle.

    For a whole city this takes many seconds once a day: what was passed must be read cell by cell.
    """
    looked = 0
    for root in territory.roots(session):
        table = _table(session, settings, EVERYTHING, root.path, on)
        marks = passed.marks(session, table)
        _areas(session, table, marks)
        looked += len(marks)
    return looked


def _table(session: Session, settings: Settings, scope: Scope, path: str, on: date) -> ZoneTable:
    day = day_number(on)
    return zone_table(settings, sql.grids_below(session, scope, path, day), None, day)


def _areas(session: Session, table: ZoneTable, marks: Mapping[int, Marks]) -> Ints:
    """What each row lacks, whole cm2, (n, 6) in the order of `Lack`; near ground that was passed from its cells."""
    areas = np.zeros((len(table.states), len(_LACKS)), dtype=np.int64)
    for lack, share in ((Lack.NEVER, Share.NEVER_SEEN), (Lack.STALE, Share.STALE), (Lack.DECLARED, Share.DECLARED)):
        areas[:, _LACKS.index(lack)] = table.whole[:, _SHARE_COLUMN[share]]
    fresh = {}
    for row, some in marks.items():
        known = _SPLIT.get(_key(session, table, row, some))
        if known is None:
            fresh[row] = some
        else:
            areas[row] = known
    for row, moved in _moved(session, table, fresh):
        areas[row] += moved
        _SPLIT.put(_key(session, table, row, marks[row]), areas[row].copy())
    return areas


def _moved(session: Session, table: ZoneTable, marks: Mapping[int, Marks]) -> Iterator[tuple[int, Ints]]:
    """What passing changes of what some rows lack, whole cm2, a few rows at a time so that memory stays small."""
    for batch in _batches(sorted(marks, key=lambda row: _block(marks[row][0][0]))):
        cells = passed.cells(session, table, {row: marks[row] for row in batch})
        grounds = patches.grounds(session, table, batch, {row: cells[row].keys() for row in batch})
        for row, ground in grounds.items():
            after = table.day - int(table.cycles[row])
            parts = [
                moved_cm2(tile, mask, ground.tracked.get(tile), ground.declared.get(tile), cells[row][tile], after)
                for tile, mask in ground.masks.items()
            ]
            yield row, sum(parts, np.zeros(len(_LACKS), dtype=np.int64))


def _block(tile: TileKey) -> tuple[int, int, TileKey]:
    """What sorts neighbours side by side in blocks: they share tiles, which are read once a batch."""
    return tile.y // _BLOCK, tile.x // _BLOCK, tile


def _batches(ordered: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ordered), _BATCH):
        yield ordered[start : start + _BATCH]


def _key(session: Session, table: ZoneTable, row: int, marks: Marks) -> tuple[object, ...]:
    """What names the content of a row's lacks."""
    state = table.states[row]
    return source(session), state.id, state.version, table.day, int(table.cycles[row]), marks


def _looked_into(
    session: Session, table: ZoneTable, rows: Iterable[int], marks: Mapping[int, Marks]
) -> Iterator[tuple[int, dict[TileKey, Lacks], Ground]]:
    """What each cell of some rows lacks, tile by tile, a few rows at a time so that memory stays small."""
    for batch in _batches(sorted(rows, key=lambda row: table.states[row].id)):  # neighbours share tiles
        grounds = patches.grounds(session, table, batch)
        cells = passed.cells(session, table, {row: marks.get(row, ()) for row in batch})
        for row, ground in grounds.items():
            after = table.day - int(table.cycles[row])
            tiles = {
                tile: lacks(mask, ground.tracked.get(tile), ground.declared.get(tile), cells[row].get(tile, {}), after)
                for tile, mask in ground.masks.items()
            }
            yield row, tiles, ground


def _places(
    session: Session, table: ZoneTable, marks: Mapping[int, Marks], listed: Sequence[tuple[int, Lack]]
) -> dict[tuple[int, Lack], _Place]:
    keys = {(row, lack): (*_key(session, table, row, marks.get(row, ())), lack) for row, lack in listed}
    found = {each: place for each, key in keys.items() if (place := _PLACED.get(key)) is not None}
    fresh = {row for row, lack in listed if (row, lack) not in found}
    for row, tiles, ground in _looked_into(session, table, fresh, marks):
        for lack in (lack for of, lack in listed if of == row):
            found[row, lack] = _place(tiles, ground, lack)
            _PLACED.put(keys[row, lack], found[row, lack])
    return found


def _place(tiles: Mapping[TileKey, Lacks], ground: Ground, lack: Lack) -> _Place:
    cells = {tile: some == NUMBER[lack] for tile, some in tiles.items()}
    seen = ground.last_seen()
    days = [int(seen[tile][some].min()) for tile, some in cells.items() if tile in seen and some.any()]
    return _Place(largest(cells), min((day for day in days if day != NEVER), default=NEVER))


def _omitted(table: ZoneTable, row: int, lack: Lack, area_cm2: int, place: _Place, names: Mapping[int, Any]) -> Omitted:
    state, cycle = table.states[row], int(table.cycles[row])
    code, patch = state.grid_code or "", place.patch
    lon, lat = (None, None) if patch is None else patch.point
    since = DAY_ZERO + timedelta(days=place.oldest_day + cycle) if lack is Lack.STALE and place.oldest_day else None
    return Omitted(
        kind=f"ground_{lack.value}",
        subject=f"grid:{code}",
        name=names[state.id].grid_name,
        unit_path=state.path,
        page=_page(code, patch),
        grid_code=code,
        since=since,
        lon=lon,
        lat=lat,
        area_m2=area_cm2 / 1e4,
        facts={"cycle_days": cycle, "largest_m2": patch and patch.area_cm2 / 1e4},
    )


def _page(grid_code: str, patch: Patch | None) -> str:
    """The main map at a grid, and at the middle of its patch: who looked there, and why it does not count."""
    grid = f"/?grid={quote(grid_code)}"
    if patch is None:  # histogram and tiles disagree: `tile_not_following` tells of that
        return grid
    lon, lat = patch.point
    return f"{grid}&point={lon:.6f},{lat:.6f}&map={_ZOOM}.00/{lat:.5f}/{lon:.5f}"
