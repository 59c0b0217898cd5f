"""The list of what is left out: each omission of each site and tenancy a row."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.sites.queries.rules import HAS, IN_SCOPE, OF_SITE, SITE_RULES
from app.sites.schemas.codes import OMISSIONS

_CHOSEN = f"""s.removed_on IS NULL AND {IN_SCOPE}
    AND (CAST(:path AS ltree) IS NULL OR s.unit_path <@ CAST(:path AS ltree))"""
_SITE_COUNTS = text(
    f"""SELECT {", ".join(f"count(*) FILTER (WHERE {HAS[kind]}) AS {kind}" for kind in SITE_RULES)}
    FROM {OF_SITE} WHERE {_CHOSEN}"""  # noqa: S608
)
_TENANCY_COUNTS = text(
    f"""SELECT o.kind, count(*) AS n FROM site s JOIN site_check c ON c.site_id = s.id
    CROSS JOIN LATERAL unnest(c.tenancy_omissions) o (kind) WHERE {_CHOSEN} GROUP BY o.kind"""  # noqa: S608
)
# Which omission of its kind at the site: `nth` counts from 1, as the tenancies stand in their list.
_KINDS = f"ARRAY[{', '.join(repr(kind) for kind in OMISSIONS)}]"
_SITE_ENTRIES = ", ".join(f"('{kind}', {HAS[kind]})" for kind in SITE_RULES)
_ENTRIES = f"""
    SELECT s.id, s.code, o.kind, 1 AS nth FROM {OF_SITE} CROSS JOIN LATERAL (VALUES {_SITE_ENTRIES}) o (kind, holds)
    WHERE {_CHOSEN} AND o.holds AND (CAST(:kind AS text) IS NULL OR o.kind = :kind)
    UNION ALL
    SELECT s.id, s.code, o.kind, CAST(row_number() OVER (PARTITION BY s.id, o.kind) AS integer)
    FROM site s JOIN site_check c ON c.site_id = s.id CROSS JOIN LATERAL unnest(c.tenancy_omissions) o (kind)
    WHERE {_CHOSEN} AND (CAST(:kind AS text) IS NULL OR o.kind = :kind)"""  # noqa: S608
_PAGE = text(
    f"""SELECT e.id, e.kind, e.nth FROM ({_ENTRIES}) e
    ORDER BY array_position({_KINDS}, e.kind), e.code, e.nth LIMIT :limit OFFSET :skip"""  # noqa: S608
)
_PLACES = text(
    """SELECT s.id, s.code, s.name, s.address, ST_X(s.place) AS lon, ST_Y(s.place) AS lat, s.unit_code,
        s.stated_unit_code, s.grid_code
    FROM site s WHERE s.id = ANY(:ids)"""
)


def counts(session: Session, values: dict[str, Any]) -> dict[str, int]:
    """How many of each kind; every kind has an entry."""
    found = dict.fromkeys(OMISSIONS, 0)
    found |= {kind: int(n) for kind, n in session.execute(_SITE_COUNTS, values).one()._mapping.items()}
    return found | {row.kind: int(row.n) for row in session.execute(_TENANCY_COUNTS, values)}


def page(session: Session, values: dict[str, Any], kind: str | None, limit: int, skip: int) -> Sequence[Row[Any]]:
    """id of the site, kind, nth of the kind at the site."""
    return session.execute(_PAGE, {**values, "kind": kind, "limit": limit, "skip": skip}).all()


def places(session: Session, ids: Sequence[Any]) -> dict[Any, Row[Any]]:
    """What a list says of the sites."""
    return {row.id: row for row in session.execute(_PLACES, {"ids": list(ids)})}
