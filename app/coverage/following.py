"""Whether a unit's stored coverage follows from the looks: what was changed behind the service's back, tile by tile."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from urllib.parse import quote

from sqlalchemy.orm import Session

from app.coverage import verify
from app.coverage.queries import zones as zone_sql
from app.coverage.queries.looks import DECLARED, TRACKED, LayerKey
from app.coverage.queries.zones import Zone
from app.omitted import Omitted
from geo.daytiles import day_date, day_number
from geo.frame import TileKey, tile_bounds

KIND = "tile_not_following"
_KIND_NAMES = {TRACKED: "轨迹", DECLARED: "手工标记"}


def unit_verify(session: Session, unit_path: str, day: date) -> list[Omitted]:
    """Day tiles and freshness rows of the grids at or below a unit on a day that do not follow from the looks.

    One for each differing tile and kind of evidence, and one for each grid with differing rows. Reads all looks of
    these tiles: some milliseconds a grid.
    """
    zones = [zone for zone in zone_sql.valid_below(session, unit_path, day_number(day)) if zone.grid_id is not None]
    paths: dict[TileKey, set[str]] = defaultdict(set)
    by_id = {zone.id: zone for zone in zones}
    for zone_id, tile in zone_sql.tiles_of(session, by_id):
        paths[tile].add(by_id[zone_id].path)
    found = [_tile(key, cells, paths[TileKey(key.x, key.y)]) for key, cells in verify.differing_tiles(session, paths)]
    rows: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for zone, row_day, text in verify.differing_rows(session, zones):
        rows[zone.id].append((row_day, text))
    return [*found, *(_rows(by_id[zone_id], some) for zone_id, some in rows.items())]


def _tile(key: LayerKey, cells: int, paths: Iterable[str]) -> Omitted:
    west, south, east, north = tile_bounds(TileKey(key.x, key.y))
    lon, lat = (west + east) / 2, (south + north) / 2
    return Omitted(
        kind=KIND,
        subject=f"tile:{key.x}:{key.y}:{key.kind}",
        name=f"日期瓦片 {key.x}/{key.y}（{_KIND_NAMES[key.kind]}）",
        unit_path=_common(paths),
        page=f"/?map=15.00/{lat:.5f}/{lon:.5f}&layers=units,grids,freshness",
        lon=lon,
        lat=lat,
        facts={"cells": cells},
    )


def _rows(zone: Zone, differing: list[tuple[int, str]]) -> Omitted:
    code = zone.grid_code or ""
    first = min(day for day, _ in differing)
    return Omitted(
        kind=KIND,
        subject=f"rows:{code}",
        name=f"网格 {code} 的新鲜度记录",
        unit_path=zone.path,
        page=f"/?grid={quote(code)}",
        grid_code=code,
        since=day_date(first),
        facts={"rows": len(differing), "found": differing[0][1]},
    )


def _common(paths: Iterable[str]) -> str:
    """The path of the smallest unit that holds all of some."""
    labels = [path.split(".") for path in paths]
    shared = []
    for level in zip(*labels, strict=False):
        if len(set(level)) > 1:
            break
        shared.append(level[0])
    return ".".join(shared)
