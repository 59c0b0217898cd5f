"""Exclusions that were asked for by an import and wait for a decision, with the units they lie in."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.scope import PLACES, Scope
from app.territory.schemas import ExclusionDecision, ExclusionRequest, ExclusionRequests

# A drawn border strays into the neighbour by a sliver: a unit is met by more than a thousandth of the exclusion.
_WAITING = """FROM exclusion x CROSS JOIN LATERAL (
        SELECT COALESCE(array_agg(u.path ORDER BY u.path), '{{}}') AS paths FROM unit u
        WHERE u.geom && x.geom AND ST_Area(ST_Intersection(u.geom, x.geom)) > 0.001 * ST_Area(x.geom)
    ) AS met
    WHERE x.state = 'requested' AND x.valid_to IS NULL AND x.import_batch_id IS NOT NULL AND {places}"""
_IN_SCOPE = _WAITING.format(places=PLACES.format(paths="met.paths"))
_LISTED = text(
    f"""SELECT x.code, x.name, x.kind, x.effect, x.reason, x.requested_by, x.valid_from, x.area_m2,
        met.paths::text[] AS unit_paths, CAST(ST_AsGeoJSON(x.geom, 7) AS json) AS geometry
    {_IN_SCOPE} AND (CAST(:code AS text) IS NULL OR x.code = :code)
    ORDER BY x.valid_from, x.code LIMIT :limit OFFSET :skip"""
)
_COUNT = text(f"SELECT count(*) {_IN_SCOPE}")
_MET = text(
    """SELECT x.place, u.path::text AS path
    FROM unnest(CAST(:wkbs AS bytea[])) WITH ORDINALITY AS n(wkb, place)
    CROSS JOIN LATERAL (SELECT n.place, ST_GeomFromWKB(n.wkb, 4326) AS geom) AS x
    JOIN unit u ON u.geom && x.geom AND ST_Area(ST_Intersection(u.geom, x.geom)) > 0.001 * ST_Area(x.geom)
    ORDER BY x.place, u.path"""
)
_NEWEST = text("SELECT state, decided_by, decided_at FROM exclusion WHERE code = :code ORDER BY id DESC LIMIT 1")


def waiting(session: Session, scope: Scope, code: str | None, limit: int, skip: int) -> ExclusionRequests:
    """Requests that meet the scope, oldest first, or the one of a code."""
    values = {**scope.params(), "code": code, "limit": limit, "skip": skip}
    rows = session.execute(_LISTED, values).all()
    total = session.execute(_COUNT, values).scalar_one()
    return ExclusionRequests(total, [ExclusionRequest(*row) for row in rows])


def units_met(session: Session, wkbs: Sequence[bytes]) -> list[list[str]]:
    """Paths of the units that each of some WGS-84 geometries lies in, in the order given."""
    found: list[list[str]] = [[] for _ in wkbs]
    for row in session.execute(_MET, {"wkbs": list(wkbs)}):
        found[row.place - 1].append(row.path)
    return found


def newest(session: Session, code: str) -> ExclusionDecision | None:
    """How the newest version of an exclusion stands, and who decided it when; None when there is none."""
    row = session.execute(_NEWEST, {"code": code}).first()
    return None if row is None else ExclusionDecision(*row)
