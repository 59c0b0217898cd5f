"""A small city put straight into the tables: two counties, three towns, five villages, sixteen grids.

        119.80                119.88                119.96
  31.80 +----------+----------+---------------------+
        | village 11 | village 12 |                   |   town 1 (upper half of county A)
  31.764|----------+----------|  county B: one town,  |
        | village 21 | village 22 |  one village, no grid |   town 2
  31.728+----------+----------+---------------------+

Every village of county A has four grids in two columns and two rows. Grid 1 of village 22 is missing: nobody's land.
Grids are about 1.9 x 2.0 km. Officers W1 and W2; village 12 has none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from shapely import MultiPolygon, Point, Polygon, box
from sqlalchemy import text
from sqlalchemy.orm import Session

CITY = "320499000000"
COUNTY_A = "320491000000"
COUNTY_B = "320492000000"
TOWN_1, TOWN_2, TOWN_3 = "320491001000", "320491002000", "320492001000"
VILLAGE_11, VILLAGE_12 = "320491001001", "320491001002"
VILLAGE_21, VILLAGE_22 = "320491002001", "320491002002"
VILLAGE_31 = "320492001001"
VALID_FROM = date(2026, 1, 1)
WEST, SOUTH, WIDTH, HEIGHT = 119.80, 31.728, 0.02, 0.018


@dataclass(frozen=True)
class Unit:
    """A unit to be put in."""

    code: str
    name: str
    level: str
    parents: tuple[str, ...]
    shape: Polygon


def cell(column: float, row: float, columns: float = 1, rows: float = 1) -> Polygon:
    """A box counted in grid sizes from the south-west corner of the city."""
    west, south = WEST + column * WIDTH, SOUTH + row * HEIGHT
    return box(west, south, west + columns * WIDTH, south + rows * HEIGHT)


def units() -> list[Unit]:
    """The units, parents first."""
    a, b = (CITY, COUNTY_A), (CITY, COUNTY_B)
    return [
        Unit(CITY, "试验市", "city", (), cell(0, 0, 8, 4)),
        Unit(COUNTY_A, "东山区", "county", (CITY,), cell(0, 0, 4, 4)),
        Unit(COUNTY_B, "西河县", "county", (CITY,), cell(4, 0, 4, 4)),
        Unit(TOWN_1, "南桥镇", "town", a, cell(0, 2, 4, 2)),
        Unit(TOWN_2, "北塘街道", "town", a, cell(0, 0, 4, 2)),
        Unit(TOWN_3, "河口镇", "town", b, cell(4, 0, 4, 4)),
        Unit(VILLAGE_11, "柳树村", "village", (*a, TOWN_1), cell(0, 2, 2, 2)),
        Unit(VILLAGE_12, "石桥村", "village", (*a, TOWN_1), cell(2, 2, 2, 2)),
        Unit(VILLAGE_21, "清水村", "village", (*a, TOWN_2), cell(0, 0, 2, 2)),
        Unit(VILLAGE_22, "新塘社区", "village", (*a, TOWN_2), cell(2, 0, 2, 2)),
        Unit(VILLAGE_31, "渡口村", "village", (*b, TOWN_3), cell(4, 0, 4, 4)),
    ]


def grids() -> Iterator[tuple[str, str, str, str, Polygon]]:
    """Code, name, village, risk and shape of the grids."""
    for village, column, row in ((VILLAGE_11, 0, 2), (VILLAGE_12, 2, 2), (VILLAGE_21, 0, 0), (VILLAGE_22, 2, 0)):
        for index in range(4):
            if village == VILLAGE_22 and index == 0:
                continue
            risk = ("high", "medium", "low", "low")[index]
            shape = cell(column + index % 2, row + index // 2)
            yield f"{village}{index + 1:03d}", f"{NAMES[village]}第{index + 1}网格", village, risk, shape


NAMES = {VILLAGE_11: "柳树", VILLAGE_12: "石桥", VILLAGE_21: "清水", VILLAGE_22: "新塘"}

_UNIT = text("""
INSERT INTO unit (code, name, level, parent_code, path, geom, label_point, area_m2, source_datum, generated)
VALUES (:code, :name, :level, :parent, CAST(:path AS ltree), ST_GeomFromText(:wkt, 4326), ST_GeomFromText(:point, 4326),
        ST_Area(ST_GeomFromText(:wkt, 4326)::geography), 'WGS-84', true)
""")
_GRID = text("""
INSERT INTO grid (code, name, unit_code, risk, geom, label_point, area_m2, source_datum, generated, valid_from)
VALUES (:code, :name, :unit, :risk, ST_GeomFromText(:wkt, 4326), ST_GeomFromText(:point, 4326),
        ST_Area(ST_GeomFromText(:wkt, 4326)::geography), 'WGS-84', true, :valid_from)
""")
_DEFECT = text("""
INSERT INTO defect (kind, unit_code, part_codes, is_sliver, area_m2, width_m, geom)
VALUES (:kind, :unit, :parts, false, ST_Area(ST_GeomFromText(:wkt, 4326)::geography), :width,
        ST_GeomFromText(:wkt, 4326))
""")
_EXCLUSION = text("""
INSERT INTO exclusion (code, kind, effect, name, reason, state, requested_by, decided_by, decided_at, geom, area_m2,
                       source_datum, valid_from)
VALUES ('X1', 'water', 'excluded', '清水塘', '水面', 'approved', 'operator', 'operator', now(),
        ST_GeomFromText(:wkt, 4326), ST_Area(ST_GeomFromText(:wkt, 4326)::geography), 'WGS-84', :valid_from)
""")


def seed_city(session: Session, valid_from: date = VALID_FROM) -> None:
    """Put the city in; its territory version becomes 1."""
    for unit in units():
        facts = {"code": unit.code, "name": unit.name, "level": unit.level, **_shape(unit.shape)}
        parent = unit.parents[-1] if unit.parents else None
        session.execute(_UNIT, {**facts, "parent": parent, "path": ".".join((*unit.parents, unit.code))})
    _seed_grids(session, valid_from)
    gap = {"kind": "nobodys_land", "unit": VILLAGE_22, "parts": [], "width": 1900.0}
    session.execute(_DEFECT, {**gap, "wkt": _shape(cell(2, 0))["wkt"]})
    overlap = {"kind": "overlap", "unit": VILLAGE_21, "parts": [f"{VILLAGE_21}001", f"{VILLAGE_21}002"], "width": 90.0}
    session.execute(_DEFECT, {**overlap, "wkt": _shape(cell(0.95, 0, 0.05))["wkt"]})
    session.execute(_EXCLUSION, {"wkt": _shape(cell(1.3, 0.3, 0.4, 0.4))["wkt"], "valid_from": valid_from})
    session.execute(text("UPDATE territory_version SET version = 1"))


def _seed_grids(session: Session, valid_from: date) -> None:
    session.execute(text("INSERT INTO officer VALUES ('W1', '王建国', '138-0013-8001'), ('W2', '李秀英', NULL)"))
    for code, name, village, risk, shape in grids():
        facts = {"code": code, "name": name, "unit": village, "risk": risk, "valid_from": valid_from, **_shape(shape)}
        session.execute(_GRID, facts)
        if village != VILLAGE_12:
            charge = {"grid": code, "officer": "W1" if village == VILLAGE_11 else "W2", "valid_from": valid_from}
            session.execute(text("INSERT INTO grid_officer VALUES (:grid, :officer, :valid_from)"), charge)


def _shape(shape: Polygon) -> dict[str, str]:
    return {"wkt": MultiPolygon([shape]).wkt, "point": Point(shape.centroid).wkt}
