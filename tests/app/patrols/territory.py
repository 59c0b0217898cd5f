"""A village with two grids around the tests' walks, painted into zones."""

from datetime import date

import shapely
from sqlalchemy import Engine, text

from app.coverage import service as coverage
from app.db import transaction
from app.territory.codes import path_of
from tests.app.patrols.bodies import HOME

VILLAGE = "320404001001"
FROM = date(2024, 1, 1)

_UNIT = text(
    """INSERT INTO unit (code, name, level, path, geom, label_point, area_m2, source_datum)
    VALUES (:code, '试验村', 'village', text2ltree(:path), ST_Multi(ST_GeomFromText(:wkt, 4326)),
            ST_PointOnSurface(ST_GeomFromText(:wkt, 4326)), 1, 'WGS-84')"""
)
_GRID = text(
    """INSERT INTO grid (code, name, unit_code, risk, geom, label_point, area_m2, source_datum, valid_from)
    VALUES (:code, :code, :unit, 'high', ST_Multi(ST_GeomFromText(:wkt, 4326)),
            ST_PointOnSurface(ST_GeomFromText(:wkt, 4326)), 1, 'WGS-84', :valid_from)"""
)


def add_grids(engine: Engine, at: tuple[float, float] = HOME) -> None:
    """One village of 2 km2, its western and its eastern half as grids."""
    west, south, middle, east, north = at[0] - 0.005, at[1] - 0.005, at[0] + 0.002, at[0] + 0.015, at[1] + 0.005
    whole = shapely.box(west, south, east, north)
    halves = {"W": shapely.box(west, south, middle, north), "E": shapely.box(middle, south, east, north)}
    with transaction(engine) as session:
        session.execute(_UNIT, {"code": VILLAGE, "path": path_of(VILLAGE), "wkt": whole.wkt})
        for code, half in halves.items():
            values = {"code": f"{VILLAGE}-{code}", "unit": VILLAGE, "wkt": half.wkt, "valid_from": FROM}
            session.execute(_GRID, values)
        coverage.repaint(session, whole, FROM)
