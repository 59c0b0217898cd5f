"""Defects: reading them, their sums, and replacing those of some units."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.scope import UNITS, Scope
from app.territory.schemas import DefectSums

_SUMS = """coalesce(sum(d.area_m2) FILTER (WHERE d.kind = 'nobodys_land'), 0) AS nobodys_land_m2,
    coalesce(sum(d.area_m2) FILTER (WHERE d.kind = 'overlap'), 0) AS overlap_m2,
    coalesce(sum(d.area_m2) FILTER (WHERE d.kind = 'outside'), 0) AS outside_m2,
    count(*) FILTER (WHERE d.is_sliver) AS slivers,
    count(*) FILTER (WHERE d.kind = 'no_officer') AS no_officer,
    count(*) FILTER (WHERE d.kind = 'no_cycle') AS no_cycle"""

_UNIT_SUMS = text(
    f"""SELECT p.code, {_SUMS}
    FROM unit p JOIN unit u ON u.path <@ p.path JOIN defect d ON d.unit_code = u.code
    WHERE p.code = ANY(:codes) GROUP BY p.code"""  # noqa: S608
)
_GRID_SUMS = text(
    f"""SELECT part.code, {_SUMS}
    FROM defect d CROSS JOIN LATERAL unnest(d.part_codes) AS part (code)
    JOIN unit u ON u.code = d.unit_code
    WHERE d.part_codes && CAST(:codes AS text[]) AND part.code = ANY(:codes)
      AND NOT EXISTS (SELECT 1 FROM unit c WHERE c.code = part.code)
    GROUP BY part.code"""  # noqa: S608
)
_IN_SCOPE = f"({UNITS.format(path='u.path')} OR d.part_codes && CAST(:scope_grids AS text[]))"
_LIST = text(
    f"""SELECT d.id, d.kind, d.unit_code, u.name AS unit_name, d.part_codes, d.is_sliver, d.area_m2, d.width_m,
        ST_AsGeoJSON(d.geom, 7) AS geometry
    FROM defect d JOIN unit u ON u.code = d.unit_code
    WHERE (CAST(:path AS ltree) IS NULL OR u.path <@ CAST(:path AS ltree))
      AND (CAST(:kind AS text) IS NULL OR d.kind = :kind) AND {_IN_SCOPE}
    ORDER BY array_position(ARRAY['nobodys_land', 'overlap', 'outside', 'no_officer', 'no_cycle'], d.kind),
             d.area_m2 DESC, d.id LIMIT :limit"""  # noqa: S608
)
_KINDS = text(
    f"""SELECT d.kind, count(*) AS n, sum(d.area_m2) AS area_m2, count(*) FILTER (WHERE d.is_sliver) AS slivers
    FROM defect d JOIN unit u ON u.code = d.unit_code
    WHERE (CAST(:path AS ltree) IS NULL OR u.path <@ CAST(:path AS ltree)) AND {_IN_SCOPE}
    GROUP BY d.kind ORDER BY d.kind"""  # noqa: S608
)
_KINDS_OF = text(
    """SELECT kind, count(*) AS n, sum(area_m2) AS area_m2, count(*) FILTER (WHERE is_sliver) AS slivers
    FROM defect WHERE unit_code = ANY(:codes) GROUP BY kind ORDER BY kind"""
)
_DELETE = text("DELETE FROM defect WHERE unit_code = ANY(:codes)")
_INSERT = text(
    """INSERT INTO defect (kind, unit_code, part_codes, is_sliver, area_m2, width_m, geom)
    SELECT kind, unit_code, string_to_array(parts, E'\\x1f'), is_sliver, area_m2, width_m,
        ST_Multi(ST_GeomFromWKB(geom, 4326))
    FROM unnest(CAST(:kind AS text[]), CAST(:unit_code AS text[]), CAST(:parts AS text[]),
        CAST(:is_sliver AS boolean[]), CAST(:area_m2 AS float8[]), CAST(:width_m AS float8[]), CAST(:geom AS bytea[]))
        AS d (kind, unit_code, parts, is_sliver, area_m2, width_m, geom)"""
)
_WHOLES = text("""SELECT u.code, ST_AsBinary(u.geom) AS geom FROM unit u WHERE u.code = ANY(:codes) ORDER BY u.code""")
_CHILD_PARTS = text(
    """SELECT c.parent_code AS whole, c.code, ST_AsBinary(c.geom) AS geom FROM unit c
    WHERE c.parent_code = ANY(:codes) ORDER BY c.code"""
)
_GRID_PARTS = text(
    """SELECT g.unit_code AS whole, g.code, ST_AsBinary(g.geom) AS geom, g.area_m2,
        g.risk IS NULL AND g.cycle_days IS NULL AS no_cycle,
        NOT EXISTS (SELECT 1 FROM grid_officer d WHERE d.grid_code = g.code
            AND d.valid_from <= :on AND (d.valid_to IS NULL OR d.valid_to > :on)) AS no_officer
    FROM grid g WHERE g.unit_code = ANY(:codes) AND g.valid_from <= :on AND (g.valid_to IS NULL OR g.valid_to > :on)
    ORDER BY g.code"""
)


def _sums(row: Row[Any]) -> DefectSums:
    return DefectSums(
        nobodys_land_m2=float(row.nobodys_land_m2),
        overlap_m2=float(row.overlap_m2),
        outside_m2=float(row.outside_m2),
        slivers=int(row.slivers),
        no_officer=int(row.no_officer),
        no_cycle=int(row.no_cycle),
    )


def unit_sums(session: Session, codes: Sequence[str]) -> dict[str, DefectSums]:
    """Sums at or below each unit, one statement; a unit without defects has no entry."""
    return {row.code: _sums(row) for row in session.execute(_UNIT_SUMS, {"codes": list(codes)})}


def grid_sums(session: Session, codes: Sequence[str]) -> dict[str, DefectSums]:
    """Sums of the defects that each grid has part in; a grid without any has no entry."""
    return {row.code: _sums(row) for row in session.execute(_GRID_SUMS, {"codes": list(codes)})}


def listed(session: Session, scope: Scope, path: str | None, kind: str | None, limit: int) -> Sequence[Row[Any]]:
    """Defects of a scope at or below a path (None: all of it), largest first, geometry as GeoJSON text."""
    return session.execute(_LIST, {**scope.params(), "path": path, "kind": kind, "limit": limit}).all()


def kinds(session: Session, scope: Scope, path: str | None) -> Sequence[Row[Any]]:
    """kind, n, area_m2, slivers of a scope at or below a path."""
    return session.execute(_KINDS, {**scope.params(), "path": path}).all()


def kinds_of(session: Session, unit_codes: Sequence[str]) -> Sequence[Row[Any]]:
    """kind, n, area_m2, slivers of the defects of these units themselves."""
    return session.execute(_KINDS_OF, {"codes": list(unit_codes)}).all()


def replace(session: Session, unit_codes: Sequence[str], columns: dict[str, list[Any]]) -> None:
    """Put new defects of these units in the place of the old; `columns` by name, equal lengths."""
    session.execute(_DELETE, {"codes": list(unit_codes)})
    if columns["kind"]:
        session.execute(_INSERT, columns)


def wholes(session: Session, codes: Sequence[str]) -> Sequence[Row[Any]]:
    """code, geom (WKB) of units."""
    return session.execute(_WHOLES, {"codes": list(codes)}).all()


def child_parts(session: Session, codes: Sequence[str]) -> Sequence[Row[Any]]:
    """whole, code, geom (WKB) of the units straight below."""
    return session.execute(_CHILD_PARTS, {"codes": list(codes)}).all()


def grid_parts(session: Session, codes: Sequence[str], on: date) -> Sequence[Row[Any]]:
    """whole, code, geom (WKB), area_m2, no_cycle, no_officer of the grids straight below on a day."""
    return session.execute(_GRID_PARTS, {"codes": list(codes), "on": on}).all()
