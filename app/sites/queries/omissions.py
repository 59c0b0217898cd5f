"""The list of what is left out: each omission of each site and tenancy a row."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.sites.queries.rules import HAS, IN_SCOPE, OF_SITE, SITE_RULES, TENANCY_RULES
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
_NTH = dict.fromkeys(SITE_RULES, "1") | {
    kind: f"generate_series(1, cardinality(array_positions(c.tenancy_omissions, '{kind}')))" for kind in TENANCY_RULES
}
_PAGE = {
    kind: text(
        f"""SELECT s.id, {nth} AS nth FROM {OF_SITE} WHERE {_CHOSEN} AND {HAS[kind]}
        ORDER BY s.code, 2 LIMIT :limit OFFSET :skip"""  # noqa: S608
    )
    for kind, nth in _NTH.items()
}
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


def page(session: Session, values: dict[str, Any], kind: str, limit: int, skip: int) -> list[tuple[UUID, int]]:
    """Id of the site and which of the kind at it, of one kind, by the sites' codes."""
    rows = session.execute(_PAGE[kind], {**values, "limit": limit, "skip": skip})
    return [(row.id, row.nth) for row in rows]


def places(session: Session, ids: Sequence[UUID]) -> dict[UUID, Row[Any]]:
    """What a list says of the sites."""
    return {row.id: row for row in session.execute(_PLACES, {"ids": list(ids)})}
