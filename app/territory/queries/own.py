"""What an officer is in charge of, as it is taken into the field."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

_VALID = "{0}.valid_from <= :on AND ({0}.valid_to IS NULL OR {0}.valid_to > :on)"
_GRIDS = text(
    f"""SELECT g.code FROM grid_officer d JOIN grid g ON g.code = d.grid_code
    WHERE d.officer_code = :officer_code AND {_VALID.format("d")} AND {_VALID.format("g")} ORDER BY g.code"""  # noqa: S608
)
_SHAPES = text(
    f"""SELECT g.code, u.name AS unit_name, CAST(ST_AsGeoJSON(g.geom, 7) AS json) AS geometry
    FROM grid g JOIN unit u ON u.code = g.unit_code WHERE g.code = ANY(:codes) AND {_VALID.format("g")}"""  # noqa: S608
)
_EXCLUSIONS = text(
    f"""SELECT e.code, e.kind, e.effect, e.name, e.state, e.reason, e.valid_to AS until,
        CAST(ST_AsGeoJSON(e.geom, 7) AS json) AS geometry
    FROM exclusion e
    WHERE e.state <> 'refused' AND {_VALID.format("e")} AND EXISTS (
        SELECT FROM grid g WHERE g.code = ANY(:codes) AND {_VALID.format("g")} AND ST_Intersects(g.geom, e.geom))
    ORDER BY e.code"""  # noqa: S608
)


def grid_codes(session: Session, officer_code: str, on: date) -> list[str]:
    """Codes of the grids that an officer is in charge of on a day."""
    return list(session.execute(_GRIDS, {"officer_code": officer_code, "on": on}).scalars())


def shapes(session: Session, codes: Sequence[str], on: date) -> dict[str, tuple[str, dict[str, Any]]]:
    """Name of the unit and outline (GeoJSON, WGS-84) of those of the grids that are valid on a day."""
    rows = session.execute(_SHAPES, {"codes": list(codes), "on": on})
    return {row.code: (row.unit_name, row.geometry) for row in rows}


def exclusions(session: Session, codes: Sequence[str], on: date) -> list[dict[str, Any]]:
    """Exclusions of a day, approved or asked for, that meet some grids, as GeoJSON features."""
    names = ("code", "kind", "effect", "name", "state", "reason")
    return [
        {
            "type": "Feature",
            "geometry": row.geometry,
            "properties": {
                **{name: getattr(row, name) for name in names},
                "until": None if row.until is None else row.until.isoformat(),
            },
        }
        for row in session.execute(_EXCLUSIONS, {"codes": list(codes), "on": on})
    ]
