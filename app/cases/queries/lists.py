"""SQL of lists of cases: pages with counts, tiles, omissions."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.cases.queries.cases import COLUMNS, FROM
from app.cases.queries.parts import OMISSIONS
from app.scope import UNITS, Scope

EXTENT, BUFFER = 4096, 64

_ASKED = f"""{UNITS.format(path="c.unit_path")}
    AND (CAST(:unit_path AS ltree) IS NULL OR c.unit_path <@ CAST(:unit_path AS ltree))
    AND (CAST(:q AS text) IS NULL OR strpos(lower(concat_ws(' ', c.number, c.party_name, c.party_uscc, c.address,
        c.responsible_name, c.handler_name, c.description)), lower(CAST(:q AS text))) > 0)
    AND (CAST(:found_from AS date) IS NULL OR c.found_on >= :found_from)
    AND (CAST(:found_to AS date) IS NULL OR c.found_on <= :found_to)
    AND (CAST(:site_id AS uuid) IS NULL OR c.site_id = :site_id)"""
_FOUND = f"""found AS MATERIALIZED (
    SELECT c.id, c.state, c.category, c.supervised_level, c.place, {OMISSIONS} AS omissions
    FROM case_file c WHERE {_ASKED}
)"""  # noqa: S608 - constants
_CHOSEN = """chosen AS MATERIALIZED (
    SELECT f.id, f.place FROM found f
    WHERE (CAST(:state AS text) IS NULL OR f.state = :state
           OR (:state = 'open' AND f.state IN ('registered', 'rectifying')))
      AND (CAST(:category AS text) IS NULL OR f.category = :category)
      AND (NOT CAST(:supervised AS boolean) OR f.supervised_level IS NOT NULL)
      AND (CAST(:omission AS text) IS NULL OR :omission = ANY(f.omissions)
           OR (:omission = 'any' AND f.omissions <> '{}'))
)"""
_COUNTS = text(
    f"""WITH {_FOUND}, {_CHOSEN}
    SELECT (SELECT count(*) FROM chosen) AS total, (SELECT count(*) FROM found) AS of_all,
        (SELECT count(*) FROM found WHERE supervised_level IS NOT NULL) AS supervised,
        (SELECT COALESCE(json_object_agg(k.state, k.n), '{{}}') FROM (
            SELECT state, count(*) AS n FROM found GROUP BY state) AS k) AS states,
        (SELECT COALESCE(json_object_agg(k.category, k.n), '{{}}') FROM (
            SELECT category, count(*) AS n FROM found GROUP BY category) AS k) AS categories,
        (SELECT COALESCE(json_object_agg(k.kind, k.n), '{{}}') FROM (
            SELECT o.kind, count(*) AS n FROM found CROSS JOIN LATERAL unnest(omissions) AS o(kind)
            GROUP BY o.kind) AS k) AS omissions,
        (SELECT CASE WHEN count(place) > 0 THEN json_build_array(
            min(ST_X(place)), min(ST_Y(place)), max(ST_X(place)), max(ST_Y(place))) END FROM chosen) AS bounds"""  # noqa: S608
)
_PAGE = text(
    f"""WITH {_FOUND}, {_CHOSEN}
    SELECT {COLUMNS} {FROM} JOIN chosen USING (id)
    ORDER BY c.found_on DESC, c.number DESC LIMIT :limit OFFSET :skip"""
)
# The box that is looked up is a little wider than the tile is clipped to.
_TILE = text(
    f"""WITH tile AS MATERIALIZED (
        SELECT ST_TileEnvelope(:z, :x, :y) AS env,
               ST_Transform(ST_TileEnvelope(:z, :x, :y, margin => CAST(:margin AS float8)), 4326) AS box
    ), {_FOUND.replace("WHERE", "WHERE c.place && (SELECT box FROM tile) AND", 1)}, {_CHOSEN},
    shown AS (
        SELECT c.id::text AS id, c.number, c.party_name AS name, c.state, c.category,
            COALESCE(c.supervised_level, '') AS supervised, cardinality(f.omissions) AS omissions,
            ST_AsMVTGeom(ST_Transform(c.place, 3857), (SELECT env FROM tile), :extent, :buffer, true) AS geom
        FROM chosen JOIN found f USING (id) JOIN case_file c USING (id)
    )
    SELECT coalesce(ST_AsMVT(shown, 'cases', :extent, 'geom'), ''::bytea) FROM shown WHERE geom IS NOT NULL"""  # noqa: S608
)


def counts(session: Session, scope: Scope, asked: dict[str, Any]) -> Row[Any]:
    """total, of_all, supervised, states, categories, omissions, bounds; a None in `asked` means any."""
    return session.execute(_COUNTS, {**asked, **scope.params()}).one()


def page(session: Session, scope: Scope, asked: dict[str, Any], limit: int, skip: int) -> Sequence[Row[Any]]:
    """Some of the cases asked for, found last first."""
    return session.execute(_PAGE, {**asked, **scope.params(), "limit": limit, "skip": skip}).all()


def tile(session: Session, scope: Scope, asked: dict[str, Any], z: int, x: int, y: int) -> bytes:
    """The bytes of one vector tile; empty when nothing is there."""
    given = {"z": z, "x": x, "y": y, "extent": EXTENT, "buffer": BUFFER, "margin": BUFFER / EXTENT}
    return bytes(session.execute(_TILE, {**asked, **given, **scope.params()}).scalar() or b"")
