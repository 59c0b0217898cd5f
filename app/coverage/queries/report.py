"""SQL of what people are shown: zones with their freshness as it stood on a day, in one statement."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.coverage.schemas import Bbox
from app.scope import GRIDS, Scope
from geo.frame import TileKey


class ZoneState(NamedTuple):
    """A zone on a day with its grid's facts and its histogram as of that day (None for remainders).

    `version` names what the zone's cells held on that day: it changes whenever one of them does.
    """

    id: int
    grid_code: str | None
    unit_code: str
    path: str
    unassigned_cm2: int
    excluded_cm2: int
    risk: str | None
    cycle_days: int | None
    histogram: bytes | None
    version: int | None


_COLUMNS = """
SELECT z.id, z.grid_code, z.unit_code, z.path::text AS path, z.unassigned_cm2, z.excluded_cm2, g.risk, g.cycle_days,
       f.histogram, f.version
FROM zone z
LEFT JOIN grid g ON g.id = z.grid_id
LEFT JOIN LATERAL (
    SELECT r.histogram, r.version FROM freshness r
    WHERE r.zone_id = z.id AND r.from_day <= :day
    ORDER BY r.from_day DESC LIMIT 1
) f ON true
WHERE z.from_day <= :day AND (z.to_day IS NULL OR z.to_day > :day)
"""
_SCOPE = GRIDS.format(path="z.path", grid="z.grid_code")
_BELOW = text(_COLUMNS + " AND z.path <@ CAST(:path AS ltree) ORDER BY z.id")
_GRIDS_BELOW = text(
    _COLUMNS + f" AND z.grid_id IS NOT NULL AND z.path <@ CAST(:path AS ltree) AND {_SCOPE} ORDER BY z.grid_code"
)
_IN_SCOPE = text(_COLUMNS + f" AND {_SCOPE} ORDER BY z.id")
_OF_GRID = text(_COLUMNS + " AND z.grid_code = :grid_code")
_OF_GRIDS = text(_COLUMNS + " AND z.grid_code = ANY(:grid_codes) ORDER BY z.grid_code")
_IN_BOX = text(
    _COLUMNS
    + " AND z.grid_id IS NOT NULL AND g.geom && ST_MakeEnvelope(:west, :south, :east, :north, 4326)"
    + f" AND {_SCOPE} ORDER BY z.id"
)
_GRID_NAMES = text(
    """
SELECT z.id, g.name AS grid_name, v.code AS village_code, v.name AS village, t.name AS town
FROM zone z
JOIN grid g ON g.id = z.grid_id
JOIN unit v ON v.code = z.unit_code
LEFT JOIN unit t ON t.code = v.parent_code
WHERE z.id = ANY(:ids)
"""
)
_OWNERS_AT = text(
    """
SELECT z.id, z.grid_code, z.unit_code, z.path::text AS path, g.risk, g.cycle_days, zt.mask
FROM zone_tile zt
JOIN zone z ON z.id = zt.zone_id
LEFT JOIN grid g ON g.id = z.grid_id
WHERE zt.x = :x AND zt.y = :y AND z.from_day <= :day AND (z.to_day IS NULL OR z.to_day > :day)
ORDER BY z.id
"""
)
_MASKS = text(
    f"""
SELECT zt.x, zt.y, zt.mask
FROM zone_tile zt
JOIN zone z ON z.id = zt.zone_id
WHERE zt.x BETWEEN :x0 AND :x1 AND zt.y BETWEEN :y0 AND :y1
  AND z.from_day <= :day AND (z.to_day IS NULL OR z.to_day > :day) AND {_SCOPE}
"""  # noqa: S608 - a constant of this file
)
_LOOK_DAYS = text("SELECT min(day) AS first_day, max(day) AS last_day FROM look WHERE NOT withdrawn")
_PATROLS = text("SELECT count(*) FROM patrol WHERE state = 'accepted'")
# By units through their index: the sum over all of a city's records would be read by everybody who looks at a village.
_PATROLS_OF = text(
    """
SELECT count(*) FROM evidence e
WHERE e.kind = 'patrol' AND e.review <> 'voided' AND e.id IN (
    SELECT i.id FROM unnest(CAST(:scope_paths AS ltree[])) AS s(path) JOIN evidence i ON i.unit_paths <@ s.path
    UNION ALL
    SELECT o.id FROM evidence o WHERE o.officer_code = :officer_code)
"""
)
_CHANGE_NUMBER = text("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM change_number")


def _state(row: Row[Any]) -> ZoneState:
    return ZoneState(*tuple(row))


def zones_below(session: Session, path: str, day: int) -> list[ZoneState]:
    """All zones at or below a path valid on a day, grids' and remainders'."""
    return [_state(row) for row in session.execute(_BELOW, {"path": path, "day": day})]


def grids_below(session: Session, scope: Scope, path: str, day: int) -> list[ZoneState]:
    """Zones of a scope's grids at or below a path valid on a day, by the grid's code."""
    return [_state(row) for row in session.execute(_GRIDS_BELOW, {**scope.params(), "path": path, "day": day})]


def zones_in_scope(session: Session, scope: Scope, day: int) -> list[ZoneState]:
    """All zones of a scope valid on a day."""
    return [_state(row) for row in session.execute(_IN_SCOPE, {**scope.params(), "day": day})]


def zone_of_grid(session: Session, grid_code: str, day: int) -> ZoneState | None:
    """The zone of a grid on a day."""
    row = session.execute(_OF_GRID, {"grid_code": grid_code, "day": day}).one_or_none()
    return None if row is None else _state(row)


def zones_of_grids(session: Session, grid_codes: Iterable[str], day: int) -> list[ZoneState]:
    """The zones of some grids on a day, by code; a grid that holds no cell has none."""
    return [_state(row) for row in session.execute(_OF_GRIDS, {"grid_codes": sorted(grid_codes), "day": day})]


def zones_in_box(session: Session, scope: Scope, bounds: Bbox, day: int) -> list[ZoneState]:
    """Zones of a scope's grids valid on a day whose grid's box meets a WGS-84 box."""
    west, south, east, north = bounds
    values = {**scope.params(), "west": west, "south": south, "east": east, "north": north, "day": day}
    return [_state(row) for row in session.execute(_IN_BOX, values)]


def grid_names(session: Session, zone_ids: Iterable[int]) -> dict[int, Row[Any]]:
    """grid_name, village_code, village, town of grids' zones."""
    return {row.id: row for row in session.execute(_GRID_NAMES, {"ids": sorted(set(zone_ids))})}


def zones_at(session: Session, tile: TileKey, day: int) -> Sequence[Row[Any]]:
    """id, grid_code, unit_code, path, risk, cycle_days, mask of the zones in a tile on a day."""
    return session.execute(_OWNERS_AT, {"x": tile.x, "y": tile.y, "day": day}).all()


def masks_in_scope(
    session: Session, scope: Scope, block: tuple[int, int, int, int], day: int
) -> Iterator[tuple[TileKey, bytes]]:
    """Masks, encoded, of a scope's zones on a day in a block of tiles (x0, y0, x1, y1, both ends in it)."""
    values = {**scope.params(), **dict(zip(("x0", "y0", "x1", "y1"), block, strict=True)), "day": day}
    for row in session.execute(_MASKS, values):
        yield TileKey(row.x, row.y), row.mask


def look_days(session: Session) -> tuple[int | None, int | None]:
    """First and last local day with a look that counts."""
    row = session.execute(_LOOK_DAYS).one()
    return row.first_day, row.last_day


def patrol_count(session: Session, scope: Scope, officer_code: str | None) -> int:
    """Patrols that were not voided: of a scope's units, and the officer's own."""
    if scope.is_everything:
        return int(session.execute(_PATROLS).scalar_one())
    values = {"scope_paths": list(scope.unit_paths), "officer_code": officer_code}
    return int(session.execute(_PATROLS_OF, values).scalar_one())


def change_number(session: Session) -> int:
    """The number of the last change that a map can show."""
    return int(session.execute(_CHANGE_NUMBER).scalar_one())
