"""What is left out at sites and tenancies: counts by unit, and rows that say where, whose and since when."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.sites.queries.checks import DERIVED
from app.sites.queries.rules import (
    CURRENT,
    HAS,
    IN_SCOPE,
    LAST_LOOK,
    LATEST_CHECKS,
    OF_SITE,
    ON,
    SITE_LEFT_OUT,
    SITE_RULES,
    TENANCY_LEFT_OUT,
)

_CHOSEN = f"""s.unit_path <@ CAST(:path AS ltree) AND {IN_SCOPE}
    AND (s.removed_on IS NULL OR s.removed_on > {ON})
    AND CAST(s.created_at AT TIME ZONE :zone AS date) <= {ON}"""
# Checks are kept as of today; of a day that is past they are derived.
_PAST = f"""WITH past AS MATERIALIZED ({DERIVED} WHERE {_CHOSEN}) """
_CHECKS = {True: ("", "site_check c"), False: (_PAST, "past c")}


# One row a unit for what sites lack, and one for each kind that tenancies there do: what is derived, is derived once.
def _counting(given: str, checks: str) -> str:
    columns = ", ".join(f"count(*) FILTER (WHERE {HAS[kind]}) AS {kind}" for kind in SITE_RULES)
    none = ", ".join("NULL" for _ in SITE_RULES)
    return f"""{given}SELECT s.unit_path::text AS unit_path, CAST(NULL AS text) AS kind, CAST(NULL AS bigint) AS n,
        {columns}
    FROM {OF_SITE.replace("site_check c", checks)} WHERE {_CHOSEN} GROUP BY s.unit_path
    UNION ALL
    SELECT s.unit_path::text, o.kind, count(*), {none}
    FROM site s JOIN {checks} ON c.site_id = s.id CROSS JOIN LATERAL unnest(c.tenancy_omissions) o (kind)
    WHERE {_CHOSEN} GROUP BY s.unit_path, o.kind"""  # noqa: S608


def _paging(given: str, checks: str) -> str:
    same = """s.unit_path::text AS unit_path, s.grid_code, o.since, ST_X(s.place) AS lon, ST_Y(s.place) AS lat,
        s.id AS site_id, s.code, s.address"""
    return f"""{given}SELECT * FROM (
        SELECT 'site_' || o.kind AS kind, 'site:' || s.id AS subject, s.name, {same}, CAST(NULL AS text) AS site_name
        FROM {OF_SITE.replace("site_check c", checks)} {SITE_LEFT_OUT} WHERE {_CHOSEN} AND o.holds
          AND 'site_' || o.kind = ANY(CAST(:kinds AS text[]))
        UNION ALL
        SELECT 'tenancy_' || o.kind, 'tenancy:' || t.id, t.tenant_name, {same}, s.name
        FROM site s JOIN {checks} ON c.site_id = s.id JOIN tenancy t ON t.site_id = s.id
            {LAST_LOOK} {LATEST_CHECKS} {TENANCY_LEFT_OUT}
        WHERE {_CHOSEN} AND c.tenancy_omissions <> '{{}}' AND {CURRENT} AND o.holds
          AND 'tenancy_' || o.kind = ANY(CAST(:kinds AS text[]))
    ) n ORDER BY kind, subject LIMIT :limit OFFSET :skip"""  # noqa: S608


_COUNTS = {today: text(_counting(*checks)) for today, checks in _CHECKS.items()}
_PAGES = {today: text(_paging(*checks)) for today, checks in _CHECKS.items()}


def counts(session: Session, values: dict[str, Any], *, today: bool) -> list[tuple[str, str, int]]:
    """Kind, unit path and number, of what is left out at all; `today`: from what is kept."""
    found = []
    for row in session.execute(_COUNTS[today], values):
        if row.kind is not None:
            found.append((f"tenancy_{row.kind}", row.unit_path, int(row.n)))
        else:
            lacks = ((kind, getattr(row, kind)) for kind in SITE_RULES)
            found += [(f"site_{kind}", row.unit_path, int(number)) for kind, number in lacks if number]
    return found


def page(session: Session, values: dict[str, Any], *, today: bool) -> Sequence[Row[Any]]:
    """Omissions of the kinds asked for, by kind and subject."""
    return session.execute(_PAGES[today], values).all()
