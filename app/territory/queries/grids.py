"""Reading grids, officers and exclusions as they stand on a day."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.territory.schemas import Bbox, GridRow, OfficerRow

_VALID = "{0}.valid_from <= :on AND ({0}.valid_to IS NULL OR {0}.valid_to > :on)"
_COLUMNS = """g.id, g.code, g.name, g.unit_code, u.path::text AS path, g.risk, g.cycle_days, g.area_m2, g.generated,
    g.valid_from, g.valid_to,
    ST_XMin(g.geom) AS west, ST_YMin(g.geom) AS south, ST_XMax(g.geom) AS east, ST_YMax(g.geom) AS north"""
_SELECT = f"SELECT {_COLUMNS} FROM grid g JOIN unit u ON u.code = g.unit_code WHERE {_VALID.format('g')}"  # noqa: S608

_BY_CODES = text(f"{_SELECT} AND g.code = ANY(:codes) ORDER BY g.code")
_OF_UNIT = text(f"{_SELECT} AND g.unit_code = :unit_code ORDER BY g.code")
_WITHIN = text(f"{_SELECT} AND u.path <@ CAST(:path AS ltree) ORDER BY g.code")
_AT = text(f"{_SELECT} AND ST_Covers(g.geom, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)) ORDER BY g.code LIMIT 1")
_COUNTS = text(
    f"""SELECT p.code, count(g.id) AS n
    FROM unit p JOIN unit u ON u.path <@ p.path JOIN grid g ON g.unit_code = u.code AND {_VALID.format("g")}
    WHERE p.code = ANY(:codes) GROUP BY p.code"""  # noqa: S608
)
_IN_CHARGE = text(
    f"""SELECT DISTINCT ON (d.grid_code) d.grid_code, o.code, o.name, o.phone
    FROM grid_officer d JOIN officer o ON o.code = d.officer_code
    WHERE d.grid_code = ANY(:codes) AND {_VALID.format("d")}
    ORDER BY d.grid_code, d.valid_from DESC, o.code"""  # noqa: S608
)
_OFFICERS = text("SELECT code, name, phone FROM officer WHERE code = ANY(:codes)")
_BOX = "ST_MakeEnvelope(:west, :south, :east, :north, 4326)"
_GRIDS_MEETING = text(
    f"""SELECT g.id, g.code, g.unit_code, ST_AsBinary(g.geom) AS geom FROM grid g
    WHERE {_VALID.format("g")} AND g.geom && {_BOX} ORDER BY g.code"""  # noqa: S608
)
_EXCLUSIONS_MEETING = text(
    f"""SELECT e.id, e.code, e.effect, ST_AsBinary(e.geom) AS geom FROM exclusion e
    WHERE e.state = 'approved' AND {_VALID.format("e")} AND e.geom && {_BOX} ORDER BY e.code"""  # noqa: S608
)


def _grid(row: Row[Any]) -> GridRow:
    return GridRow(
        id=row.id,
        code=row.code,
        name=row.name,
        unit_code=row.unit_code,
        path=row.path,
        risk=row.risk,
        cycle_days=row.cycle_days,
        area_m2=row.area_m2,
        bbox=(row.west, row.south, row.east, row.north),
        generated=row.generated,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


def by_codes(session: Session, codes: Iterable[str], on: date) -> list[GridRow]:
    """Grids of these codes valid on a day."""
    return [_grid(row) for row in session.execute(_BY_CODES, {"codes": list(codes), "on": on})]


def of_unit(session: Session, unit_code: str, on: date) -> list[GridRow]:
    """Grids straight under a unit, valid on a day."""
    return [_grid(row) for row in session.execute(_OF_UNIT, {"unit_code": unit_code, "on": on})]


def within(session: Session, path: str, on: date) -> list[GridRow]:
    """Grids at or below a path, valid on a day."""
    return [_grid(row) for row in session.execute(_WITHIN, {"path": path, "on": on})]


def at(session: Session, lon: float, lat: float, on: date) -> GridRow | None:
    """The grid that covers a WGS-84 position on a day; of several the smaller code, as in painting."""
    row = session.execute(_AT, {"lon": lon, "lat": lat, "on": on}).one_or_none()
    return None if row is None else _grid(row)


def counts(session: Session, codes: Sequence[str], on: date) -> dict[str, int]:
    """Grids valid on a day at or below each unit; units without any are left out."""
    return {row.code: int(row.n) for row in session.execute(_COUNTS, {"codes": list(codes), "on": on})}


def in_charge(session: Session, grid_codes: Iterable[str], on: date) -> dict[str, OfficerRow]:
    """The officer in charge of each grid on a day (of several, the one that came last); none, no entry."""
    rows = session.execute(_IN_CHARGE, {"codes": list(grid_codes), "on": on})
    return {row.grid_code: OfficerRow(row.code, row.name, row.phone) for row in rows}


def officers(session: Session, codes: Iterable[str]) -> dict[str, OfficerRow]:
    """Officers by code."""
    rows = session.execute(_OFFICERS, {"codes": list(codes)})
    return {row.code: OfficerRow(row.code, row.name, row.phone) for row in rows}


def _box(bounds: Bbox) -> dict[str, Any]:
    return dict(zip(("west", "south", "east", "north"), bounds, strict=True))


def grids_meeting(session: Session, bounds: Bbox, on: date) -> Sequence[Row[Any]]:
    """id, code, unit_code, geom (WKB) of grids valid on a day whose box meets a WGS-84 box."""
    return session.execute(_GRIDS_MEETING, {**_box(bounds), "on": on}).all()


def exclusions_meeting(session: Session, bounds: Bbox, on: date) -> Sequence[Row[Any]]:
    """id, code, effect, geom (WKB) of approved exclusions valid on a day whose box meets a WGS-84 box."""
    return session.execute(_EXCLUSIONS_MEETING, {**_box(bounds), "on": on}).all()
