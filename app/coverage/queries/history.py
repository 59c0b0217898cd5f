"""SQL of how shares went: zones that stood on some days, and their freshness rows of those days."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session


class StandingZone(NamedTuple):
    """A zone that stood on some of the days asked about, with its grid's facts.

    `rows` and `versions` (a sum) name its freshness rows of these days: versions only grow, so no other rows agree in
    both.
    """

    id: int
    unit_code: str
    is_grid: bool
    from_day: int
    to_day: int | None
    unassigned_cm2: int
    excluded_cm2: int
    risk: str | None
    cycle_days: int | None
    rows: int
    versions: int


class StandingRow(NamedTuple):
    """A histogram, encoded, as of `from_day` until the zone's next row."""

    zone_id: int
    from_day: int
    histogram: bytes


# Of each zone: the rows of the days, and the one that stood when they began.
_ZONES = text(
    """
SELECT z.id, z.unit_code, z.grid_id IS NOT NULL AS is_grid, z.from_day, z.to_day, z.unassigned_cm2, z.excluded_cm2,
       g.risk, g.cycle_days, COALESCE(f.rows, 0) AS rows, COALESCE(f.versions, 0) AS versions
FROM zone z
LEFT JOIN grid g ON g.id = z.grid_id
LEFT JOIN LATERAL (
    SELECT count(*) AS rows, CAST(sum(r.version) AS bigint) AS versions FROM freshness r
    WHERE r.zone_id = z.id AND r.from_day <= :last_day AND r.from_day >= COALESCE(
        (SELECT max(b.from_day) FROM freshness b WHERE b.zone_id = z.id AND b.from_day <= :first_day), 0)
) f ON true
WHERE z.path <@ CAST(:path AS ltree) AND z.from_day <= :last_day AND (z.to_day IS NULL OR z.to_day > :first_day)
ORDER BY z.unit_code, z.id
"""
)
_HISTOGRAMS = text(
    """
SELECT r.zone_id, r.from_day, r.histogram
FROM unnest(CAST(:ids AS bigint[])) AS z(id)
CROSS JOIN LATERAL (
    SELECT COALESCE(max(b.from_day), 0) AS from_day FROM freshness b WHERE b.zone_id = z.id AND b.from_day <= :first_day
) AS stood
JOIN freshness r ON r.zone_id = z.id AND r.from_day BETWEEN stood.from_day AND :last_day
ORDER BY r.zone_id, r.from_day
"""
)


def zones(session: Session, path: str, first_day: int, last_day: int) -> list[StandingZone]:
    """Zones at or below a path that stood on some of the days from first to last, by unit and id."""
    values = {"path": path, "first_day": first_day, "last_day": last_day}
    return [StandingZone(*row) for row in session.execute(_ZONES, values).all()]


def rows(session: Session, zone_ids: Iterable[int], first_day: int, last_day: int) -> list[StandingRow]:
    """Freshness rows of some zones that stood on some of the days, by zone and day."""
    values = {"ids": sorted(zone_ids), "first_day": first_day, "last_day": last_day}
    return [StandingRow(*row) for row in session.execute(_HISTOGRAMS, values).all()]
