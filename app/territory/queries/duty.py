"""Where an officer is in charge."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

_VALID = "{0}.valid_from <= :on AND ({0}.valid_to IS NULL OR {0}.valid_to > :on)"
_PLACES = text(
    f"""WITH asked AS MATERIALIZED (SELECT ST_GeomFromWKB(:places, 4326) AS geom),
    own AS MATERIALIZED (
        SELECT g.geom FROM grid_officer d JOIN grid g ON g.code = d.grid_code CROSS JOIN asked a
        WHERE d.officer_code = :officer_code AND {_VALID.format("d")} AND {_VALID.format("g")}
            AND g.geom && ST_Expand(a.geom, :near_deg))
    SELECT
        EXISTS (SELECT FROM grid_officer d WHERE d.officer_code = :officer_code AND {_VALID.format("d")}) AS has_grids,
        (SELECT count(*) FROM asked a CROSS JOIN LATERAL ST_DumpPoints(a.geom) p
         WHERE EXISTS (SELECT FROM own WHERE ST_DWithin(own.geom, p.geom, :near_deg))) AS inside"""  # noqa: S608
)


class Charge(NamedTuple):
    """Whether an officer has grids at all, and how many of some places lie in or near them."""

    has_grids: bool
    inside: int


def places(session: Session, officer_code: str, wkb: bytes, on: date, near_deg: float) -> Charge:
    """How an officer's grids of a day hold the points of a WGS-84 MultiPoint."""
    values = {"officer_code": officer_code, "places": wkb, "on": on, "near_deg": near_deg}
    return Charge(*session.execute(_PLACES, values).one())
