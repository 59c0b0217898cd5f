"""SQL of zones, their masks and their freshness rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from geo.frame import TileKey

_BATCH_ROWS = 2000


@dataclass(frozen=True)
class Zone:
    """A zone without its masks; days are numbers since 2000-01-01, `to_day` is exclusive."""

    id: int
    grid_id: int | None
    grid_code: str | None
    unit_code: str
    path: str
    from_day: int
    to_day: int | None
    unassigned_cm2: int
    excluded_cm2: int


class Mask(NamedTuple):
    """A zone's mask in one tile, encoded."""

    zone_id: int
    tile: TileKey
    mask: bytes


class FreshnessRow(NamedTuple):
    """A zone's histogram as of a day, encoded."""

    zone_id: int
    from_day: int
    histogram: bytes


_FIELDS = (
    "z.id, z.grid_id, z.grid_code, z.unit_code, z.path::text, z.from_day, z.to_day, z.unassigned_cm2, z.excluded_cm2"
)

_GRID_MASKS_MEETING = text(
    """
SELECT zt.zone_id, zt.x, zt.y, zt.mask
FROM unnest(CAST(:xs AS int[]), CAST(:ys AS int[])) AS n(x, y)
JOIN zone_tile zt ON zt.x = n.x AND zt.y = n.y
JOIN zone z ON z.id = zt.zone_id
WHERE z.grid_id IS NOT NULL AND (z.to_day IS NULL OR z.to_day > :day)
"""
)
_LOCK = text("SELECT id FROM zone WHERE id = ANY(:ids) ORDER BY id FOR NO KEY UPDATE")
_WITH_LATEST = text(
    f"""
SELECT {_FIELDS}, (SELECT max(f.from_day) FROM freshness f WHERE f.zone_id = z.id) AS latest
FROM zone z WHERE z.id = ANY(:ids) ORDER BY z.id
"""  # noqa: S608 - a constant of this file
)
_MASKS = text("SELECT zone_id, x, y, mask FROM zone_tile WHERE zone_id = ANY(:ids) ORDER BY zone_id, x, y")
_UPSERT_FRESHNESS = text(
    """
INSERT INTO freshness (zone_id, from_day, histogram)
SELECT * FROM unnest(CAST(:zone_ids AS bigint[]), CAST(:from_days AS int[]), CAST(:histograms AS bytea[]))
ON CONFLICT (zone_id, from_day) DO UPDATE SET histogram = excluded.histogram, version = nextval('change_number')
"""
)
_DELETE_FRESHNESS = text("DELETE FROM freshness WHERE zone_id = :zone_id AND from_day >= :from_day")
_FRESHNESS_OF = text(
    "SELECT zone_id, from_day, histogram FROM freshness WHERE zone_id = ANY(:ids) ORDER BY zone_id, from_day"
)
_OF_PARTS = text(
    f"""
SELECT {_FIELDS} FROM zone z
WHERE (z.to_day IS NULL OR z.to_day > :day)
  AND (z.grid_id = ANY(CAST(:grid_ids AS bigint[]))
       OR (z.grid_id IS NULL AND z.unit_code = ANY(CAST(:unit_codes AS text[])))
       OR z.id IN (SELECT zt.zone_id
                   FROM unnest(CAST(:xs AS int[]), CAST(:ys AS int[])) AS n(x, y)
                   JOIN zone_tile zt ON zt.x = n.x AND zt.y = n.y))
ORDER BY z.id
"""  # noqa: S608 - a constant of this file
)
_VALID_ON = text(
    f"""
SELECT {_FIELDS} FROM zone z
WHERE z.from_day <= :day AND (z.to_day IS NULL OR z.to_day > :day)
ORDER BY z.id
"""  # noqa: S608 - a constant of this file
)
_VALID_BELOW = text(
    f"""
SELECT {_FIELDS} FROM zone z
WHERE z.path <@ CAST(:path AS ltree) AND z.from_day <= :day AND (z.to_day IS NULL OR z.to_day > :day)
ORDER BY z.id
"""  # noqa: S608 - a constant of this file
)
_TILES_OF = text("SELECT zone_id, x, y FROM zone_tile WHERE zone_id = ANY(:ids) ORDER BY zone_id, x, y")
_CLOSE = text("UPDATE zone SET to_day = :day WHERE id = ANY(:ids) AND from_day < :day")
_DELETE = text("DELETE FROM zone WHERE id = ANY(:ids) AND from_day >= :day")
_OF_GRIDS = text(f"SELECT {_FIELDS} FROM zone z WHERE z.grid_id IS NOT NULL ORDER BY z.id")  # noqa: S608 - constant
_INSERT = text(
    """
INSERT INTO zone (grid_id, grid_code, unit_code, path, from_day, unassigned_cm2, excluded_cm2)
SELECT n.grid_id, n.grid_code, n.unit_code, CAST(n.path AS ltree), :from_day, n.unassigned_cm2, n.excluded_cm2
FROM unnest(CAST(:grid_ids AS bigint[]), CAST(:grid_codes AS text[]), CAST(:unit_codes AS text[]),
            CAST(:paths AS text[]), CAST(:unassigned_cm2 AS bigint[]), CAST(:excluded_cm2 AS bigint[]))
         AS n(grid_id, grid_code, unit_code, path, unassigned_cm2, excluded_cm2)
RETURNING id, grid_id, unit_code
"""
)
_INSERT_MASKS = text(
    """
INSERT INTO zone_tile (zone_id, x, y, mask)
SELECT * FROM unnest(CAST(:zone_ids AS bigint[]), CAST(:xs AS int[]), CAST(:ys AS int[]), CAST(:masks AS bytea[]))
"""
)


def _zone(row: Row[Any]) -> Zone:
    return Zone(*tuple(row)[:9])


def _ids(ids: Iterable[int]) -> dict[str, list[int]]:
    return {"ids": sorted(set(ids))}


def _places(tiles: Iterable[TileKey]) -> dict[str, list[int]]:
    ordered = sorted(set(tiles))
    return {"xs": [t.x for t in ordered], "ys": [t.y for t in ordered]}


def grid_masks_meeting(session: Session, tiles: Iterable[TileKey], day: int) -> list[Mask]:
    """Masks, in some tiles, of grids' zones that are valid on a day or later."""
    rows = session.execute(_GRID_MASKS_MEETING, {**_places(tiles), "day": day})
    return [Mask(r.zone_id, TileKey(r.x, r.y), r.mask) for r in rows]


def lock(session: Session, ids: Iterable[int]) -> list[tuple[Zone, int | None]]:
    """Lock zones in id order until the transaction ends; each with the day of its latest freshness row."""
    session.execute(_LOCK, _ids(ids))
    # A statement of its own: it must see what others committed while the first one waited.
    return [(_zone(row), row.latest) for row in session.execute(_WITH_LATEST, _ids(ids))]


def masks(session: Session, ids: Iterable[int]) -> list[Mask]:
    """All masks of some zones, ordered by zone and tile."""
    return [Mask(r.zone_id, TileKey(r.x, r.y), r.mask) for r in session.execute(_MASKS, _ids(ids))]


def write_freshness(session: Session, rows: Sequence[FreshnessRow]) -> None:
    """Store histograms, replacing those of the same zone and day."""
    if not rows:
        return
    zone_ids, from_days, histograms = ([row[i] for row in rows] for i in range(3))
    session.execute(_UPSERT_FRESHNESS, {"zone_ids": zone_ids, "from_days": from_days, "histograms": histograms})


def delete_freshness(session: Session, zone_id: int, from_day: int) -> None:
    """Forget a zone's histograms from a day on."""
    session.execute(_DELETE_FRESHNESS, {"zone_id": zone_id, "from_day": from_day})


def freshness_of(session: Session, ids: Iterable[int]) -> list[FreshnessRow]:
    """All histograms of some zones, ordered by zone and day."""
    return [FreshnessRow(r.zone_id, r.from_day, r.histogram) for r in session.execute(_FRESHNESS_OF, _ids(ids))]


def of_parts(
    session: Session, tiles: Iterable[TileKey], grid_ids: Iterable[int], unit_codes: Iterable[str], day: int
) -> list[Zone]:
    """Zones valid on a day or later that have a mask in some tiles, or belong to some grids or units; by id."""
    values = {**_places(tiles), "grid_ids": sorted(grid_ids), "unit_codes": sorted(unit_codes), "day": day}
    return [_zone(r) for r in session.execute(_OF_PARTS, values)]


def valid_on(session: Session, day: int) -> list[Zone]:
    """All zones valid on a day, by id."""
    return [_zone(r) for r in session.execute(_VALID_ON, {"day": day})]


def valid_below(session: Session, path: str, day: int) -> list[Zone]:
    """Zones at or below a path valid on a day, by id."""
    return [_zone(r) for r in session.execute(_VALID_BELOW, {"path": path, "day": day})]


def tiles_of(session: Session, ids: Iterable[int]) -> list[tuple[int, TileKey]]:
    """Zone and tile of the masks of some zones, without the masks."""
    return [(r.zone_id, TileKey(r.x, r.y)) for r in session.execute(_TILES_OF, _ids(ids))]


def of_grids(session: Session) -> list[Zone]:
    """All grids' zones there ever were, by id."""
    return [_zone(r) for r in session.execute(_OF_GRIDS)]


def end(session: Session, ids: Iterable[int], day: int) -> None:
    """Let zones end before a day; those that would never have been valid are deleted with all that hangs on them."""
    values = {**_ids(ids), "day": day}
    session.execute(_CLOSE, values)
    session.execute(_DELETE, values)


def insert(session: Session, zones: Sequence[Zone], masks: Sequence[Mapping[TileKey, bytes]], day: int) -> list[Zone]:
    """Store new zones, open from a day on, with their encoded masks; gives them with their ids, in the same order."""
    values: dict[str, Any] = {
        "grid_ids": [zone.grid_id for zone in zones],
        "grid_codes": [zone.grid_code for zone in zones],
        "unit_codes": [zone.unit_code for zone in zones],
        "paths": [zone.path for zone in zones],
        "unassigned_cm2": [zone.unassigned_cm2 for zone in zones],
        "excluded_cm2": [zone.excluded_cm2 for zone in zones],
        "from_day": day,
    }
    ids = {(row.grid_id, row.unit_code): row.id for row in session.execute(_INSERT, values)}
    stored = [replace(zone, id=ids[zone.grid_id, zone.unit_code], from_day=day, to_day=None) for zone in zones]
    rows = [
        Mask(zone.id, tile, mask) for zone, of in zip(stored, masks, strict=True) for tile, mask in sorted(of.items())
    ]
    for batch in (rows[i : i + _BATCH_ROWS] for i in range(0, len(rows), _BATCH_ROWS)):
        session.execute(
            _INSERT_MASKS,
            {
                "zone_ids": [row.zone_id for row in batch],
                "xs": [row.tile.x for row in batch],
                "ys": [row.tile.y for row in batch],
                "masks": [row.mask for row in batch],
            },
        )
    return stored
