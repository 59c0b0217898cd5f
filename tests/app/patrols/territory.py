"""A village with two grids around the tests' walks, painted into zones."""

from datetime import date

import shapely
from sqlalchemy import Engine, text

from app.coverage import service as coverage
from app.db import transaction
from app.territory.codes import path_of
from tests.app.patrols.bodies import HOME

VILLAGE = "320404001001"
WEST, SOUTH, EAST, NORTH = HOME[0] - 0.005, HOME[1] - 0.005, HOME[0] + 0.015, HOME[1] + 0.005
FROM = date(2026, 1, 1)

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


def add_grids(engine: Engine) -> None:
    """One village, its western and its eastern half as grids."""
    middle = HOME[0] + 0.002
    whole = shapely.box(WEST, SOUTH, EAST, NORTH)
    halves = {"W": shapely.box(WEST, SOUTH, middle, NORTH), "E": shapely.box(middle, SOUTH, EAST, NORTH)}
    with transaction(engine) as session:
        session.execute(_UNIT, {"code": VILLAGE, "path": path_of(VILLAGE), "wkt": whole.wkt})
        for code, half in halves.items():
            values = {"code": f"{VILLAGE}-{code}", "unit": VILLAGE, "wkt": half.wkt, "valid_from": FROM}
            session.execute(_GRID, values)
        coverage.repaint(session, whole, FROM)
