"""What is left out of territory: counts by unit, and rows that say where and since when.

Ground that is nobody's, overlaps and the like are what the last change of territory found; the rest is asked for a day.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.scope import UNITS

_VALID = "{0}.valid_from <= :on AND ({0}.valid_to IS NULL OR {0}.valid_to > :on)"
_HERE = f"u.path <@ CAST(:path AS ltree) AND {UNITS.format(path='u.path')}"
_NO_GRIDS = f"""NOT EXISTS (SELECT FROM unit child WHERE child.parent_code = u.code)
    AND NOT EXISTS (SELECT FROM grid g WHERE g.unit_code = u.code AND {_VALID.format("g")})"""  # noqa: S608
# A unit that has no grids at all is told once, not also as land that is nobody's.
_DEFECTS = f"""SELECT CASE WHEN d.is_sliver AND d.kind IN ('nobodys_land', 'overlap') THEN 'sliver'
        WHEN d.kind = 'outside' THEN 'grid_outside' ELSE d.kind END AS kind,
        'defect:' || d.unit_code || ':' || left(md5(ST_AsBinary(d.geom)), 16) AS subject,
        CASE WHEN d.kind = 'nobodys_land' THEN u.name ELSE array_to_string(d.part_codes, '、') END AS name,
        u.path::text AS unit_path, CASE WHEN d.kind <> 'nobodys_land' THEN d.part_codes[1] END AS grid_code,
        CAST(d.found_at AT TIME ZONE :zone AS date) AS since, d.area_m2, d.geom, d.width_m
    FROM defect d JOIN unit u ON u.code = d.unit_code
    WHERE d.kind IN ('nobodys_land', 'overlap', 'outside') AND {_HERE}
      AND NOT (d.kind = 'nobodys_land' AND {_NO_GRIDS})"""  # noqa: S608
_GRIDS = f"""SELECT o.kind, 'grid:' || g.code AS subject, g.name, u.path::text AS unit_path, g.code AS grid_code,
        o.since, g.area_m2, g.label_point AS geom, CAST(NULL AS float8) AS width_m
    FROM grid g JOIN unit u ON u.code = g.unit_code CROSS JOIN LATERAL (
        SELECT 'no_cycle' AS kind, g.valid_from AS since WHERE g.risk IS NULL AND g.cycle_days IS NULL
        UNION ALL SELECT 'no_officer', GREATEST(g.valid_from, (
            SELECT max(o.valid_to) FROM grid_officer o WHERE o.grid_code = g.code AND o.valid_to <= :on))
        WHERE NOT EXISTS (SELECT FROM grid_officer o WHERE o.grid_code = g.code AND {_VALID.format("o")})
    ) o WHERE {_VALID.format("g")} AND {_HERE}"""  # noqa: S608
_UNITS = f"""SELECT 'no_grids' AS kind, 'unit:' || u.code AS subject, u.name, u.path::text AS unit_path,
        CAST(NULL AS text) AS grid_code,
        (SELECT max(g.valid_to) FROM grid g WHERE g.unit_code = u.code AND g.valid_to <= :on) AS since,
        u.area_m2, u.label_point AS geom, CAST(NULL AS float8) AS width_m
    FROM unit u WHERE {_NO_GRIDS} AND {_HERE}"""  # noqa: S608
# A request that lies in several units is told at the first of them that was asked for. A drawn border strays into the
# neighbour by a sliver: a unit is met by more than a thousandth of the request.
_REQUESTS = f"""SELECT 'exclusion_waiting' AS kind, 'exclusion:' || x.code AS subject, COALESCE(x.name, x.code) AS name,
        met.path::text AS unit_path, (
            SELECT g.code FROM grid g WHERE {_VALID.format("g")} AND ST_Covers(g.geom, ST_PointOnSurface(x.geom))
            ORDER BY g.code LIMIT 1) AS grid_code,
        x.valid_from AS since, x.area_m2, x.geom, CAST(NULL AS float8) AS width_m
    FROM exclusion x CROSS JOIN LATERAL (
        SELECT u.path FROM unit u WHERE u.geom && x.geom AND {_HERE}
          AND ST_Area(ST_Intersection(u.geom, x.geom)) > 0.001 * ST_Area(x.geom)
          AND NOT EXISTS (SELECT FROM unit child WHERE child.parent_code = u.code)
        ORDER BY u.path LIMIT 1) met
    WHERE x.state = 'requested' AND {_VALID.format("x")}"""  # noqa: S608
_ALL = f"({_DEFECTS} UNION ALL {_GRIDS} UNION ALL {_UNITS} UNION ALL {_REQUESTS}) n"
_COUNTS = text(
    f"""SELECT n.kind, n.unit_path, count(*) AS n, sum(n.area_m2) AS area_m2
    FROM {_ALL} GROUP BY n.kind, n.unit_path"""  # noqa: S608
)
_PAGE = text(
    f"""SELECT n.kind, n.subject, n.name, n.unit_path, n.grid_code, n.since, n.area_m2, n.width_m,
        ST_X(ST_PointOnSurface(n.geom)) AS lon, ST_Y(ST_PointOnSurface(n.geom)) AS lat
    FROM {_ALL} WHERE n.kind = ANY(CAST(:kinds AS text[])) ORDER BY n.kind, n.subject LIMIT :limit OFFSET :skip"""  # noqa: S608
)


def counts(session: Session, values: dict[str, Any]) -> Sequence[Row[Any]]:
    """kind, unit_path, n, area_m2."""
    return session.execute(_COUNTS, values).all()


def page(session: Session, values: dict[str, Any]) -> Sequence[Row[Any]]:
    """Omissions of the kinds asked for, by kind and subject."""
    return session.execute(_PAGE, values).all()
