"""Which unit and grid sites lie in: found for many at once, since a change of territory may move thousands."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session


# As `territory.service.place_at`: of units that cover a place the last by path, of grids the first by code. Shapes are
# the outer side of the loop: the database prepares each once for all sites in its box. Those it looks up among are the
# few that were named (`old`), or all of the table by its index of places (`site`).
def _where(among: str) -> str:
    return f"""
    lies AS (
        SELECT DISTINCT ON (m.id) m.id, u.code, u.path
        FROM unit u CROSS JOIN LATERAL (
            SELECT o.id FROM {among} o WHERE o.place && u.geom AND ST_Covers(u.geom, o.place) OFFSET 0) m
        WHERE u.geom && (SELECT box FROM extent)
        ORDER BY m.id, u.path DESC
    ),
    within_grid AS (
        SELECT DISTINCT ON (m.id) m.id, g.code
        FROM grid g CROSS JOIN LATERAL (
            SELECT o.id FROM {among} o WHERE o.place && g.geom AND ST_Covers(g.geom, o.place) OFFSET 0) m
        WHERE g.geom && (SELECT box FROM extent)
          AND g.valid_from <= :on AND (g.valid_to IS NULL OR g.valid_to > :on)
        ORDER BY m.id, g.code
    ),
    new AS (
        SELECT o.id, lies.code AS unit_code, COALESCE(lies.path, su.path) AS unit_path, within_grid.code AS grid_code
        FROM old o JOIN unit su ON su.code = o.stated_unit_code
        LEFT JOIN lies ON lies.id = o.id LEFT JOIN within_grid ON within_grid.id = o.id
    )"""  # noqa: S608 - constants


# From how many sites on looking at all of them is cheaper than comparing each with every shape of the city.
MANY = 1_000
_MOVED = """
    moved AS (
        UPDATE site s SET unit_code = n.unit_code, grid_code = n.grid_code, unit_path = n.unit_path, located_on = :on
        FROM new n JOIN old o ON o.id = n.id
        WHERE s.id = n.id
          AND (s.unit_code, s.grid_code, s.unit_path) IS DISTINCT FROM (n.unit_code, n.grid_code, n.unit_path)
        RETURNING s.id, o.unit_code AS old_unit, o.grid_code AS old_grid, s.unit_code, s.grid_code
    )"""
_OLD = "SELECT s.id, s.place, s.stated_unit_code, s.unit_code, s.grid_code FROM site s"
_EXTENT = "extent AS MATERIALIZED (SELECT ST_SetSRID(CAST(ST_Extent(place) AS geometry), 4326) AS box FROM old)"
_TOLD = """
    INSERT INTO site_event (site_id, kind, changes, words, by_name)
    SELECT m.id, 'moved', jsonb_strip_nulls(jsonb_build_object(
            'unit_code', CASE WHEN m.old_unit IS DISTINCT FROM m.unit_code
                THEN jsonb_build_array(m.old_unit, m.unit_code) END,
            'grid_code', CASE WHEN m.old_grid IS DISTINCT FROM m.grid_code
                THEN jsonb_build_array(m.old_grid, m.grid_code) END)), :words, :by_name
    FROM moved m ORDER BY m.id RETURNING site_id"""


_NAMED = {
    among: f"WITH old AS MATERIALIZED ({_OLD} WHERE s.id = ANY(:ids)), {_EXTENT}, {_where(among)}, {_MOVED}"
    for among in ("old", "site")
}
_LOCATE = {among: text(f"{named} SELECT count(*) FROM moved") for among, named in _NAMED.items()}  # noqa: S608
_RELOCATE = {among: text(f"{named} {_TOLD}") for among, named in _NAMED.items()}
_ELSEWHERE = text(
    f"""WITH old AS MATERIALIZED ({_OLD}), {_EXTENT}, {_where("site")}
    SELECT s.code, n.unit_code, n.grid_code FROM new n JOIN site s ON s.id = n.id
    WHERE (s.unit_code, s.grid_code, s.unit_path) IS DISTINCT FROM (n.unit_code, n.grid_code, n.unit_path)
    ORDER BY s.code"""  # noqa: S608
)
_MEETING = text(
    """SELECT id FROM site WHERE place && ST_GeomFromWKB(CAST(:area AS bytea), 4326)
        AND ST_Intersects(place, ST_GeomFromWKB(CAST(:area AS bytea), 4326))
    ORDER BY id FOR NO KEY UPDATE"""
)
_PLACED = text("SELECT id FROM site WHERE place IS NOT NULL ORDER BY id FOR NO KEY UPDATE")


def locate(session: Session, ids: Sequence[UUID], on: date) -> None:
    """Find unit and grid of sites whose place somebody has just stated, as of a day."""
    session.execute(_LOCATE[_among(ids)], {"ids": list(ids), "on": on})


def relocate(session: Session, ids: Sequence[UUID], on: date, words: str, by_name: str) -> list[UUID]:
    """Find unit and grid of sites anew; those that another claims now, each with the change written down."""
    values = {"ids": list(ids), "on": on, "words": words, "by_name": by_name}
    return [row.site_id for row in session.execute(_RELOCATE[_among(ids)], values)]


def elsewhere(session: Session, on: date) -> Sequence[Row[Any]]:
    """code, unit_code, grid_code (as they should be) of the sites that do not lie where is stored."""
    return session.execute(_ELSEWHERE, {"on": on}).all()


def placed(session: Session, area: bytes | None) -> list[UUID]:
    """Sites that have a place, in an area (WKB, WGS-84; None: anywhere), held until the transaction ends."""
    rows = session.execute(_PLACED) if area is None else session.execute(_MEETING, {"area": area})
    return [row.id for row in rows]


def _among(ids: Sequence[UUID]) -> str:
    return "site" if len(ids) >= MANY else "old"
