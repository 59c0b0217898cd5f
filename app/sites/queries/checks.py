"""Whether sites were looked into: derived from visits and tenancies, kept in site_check, and compared with it."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.sites.queries.rules import (
    CURRENT,
    CYCLE,
    DAY,
    EPOCH,
    LAST_LOOK,
    LATEST_CHECKS,
    ON,
    STATE,
    TENANCY_LEFT_OUT,
    TENANCY_RULES,
    VISIT_COUNTS,
)

# A tenancy has a row for each kind that it might have; of these one stands for it when tenancies are counted.
_ONCE = f"o.kind = '{next(iter(TENANCY_RULES))}'"
# The last visit stands as `c` for the rules; so they read the same here as over what is stored.
_LAST_VISIT = f"""
LEFT JOIN LATERAL (
    SELECT v.day AS last_visit_day, v.id AS last_visit_id FROM visit v
    WHERE v.site_id = s.id AND {VISIT_COUNTS} AND v.day <= {DAY}
    ORDER BY v.day DESC, v.visited_at DESC, v.id LIMIT 1
) c ON true"""  # noqa: S608
_CHECKED_DAY = """CASE WHEN c.last_visit_day IS NULL OR n.unseen > 0 THEN NULL
    ELSE LEAST(c.last_visit_day, n.oldest) END AS checked_day"""
DERIVED = f"""
SELECT s.id AS site_id, {DAY} AS as_of_day, c.last_visit_day, c.last_visit_id, {_CHECKED_DAY},
    n.all_of AS tenancies, n.unseen AS tenancies_unseen, n.kinds AS tenancy_omissions
FROM site s {_LAST_VISIT}
CROSS JOIN LATERAL (
    SELECT CAST(count(*) FILTER (WHERE {_ONCE}) AS integer) AS all_of,
        CAST(count(*) FILTER (WHERE {_ONCE} AND l.day IS NULL) AS integer) AS unseen, min(l.day) AS oldest,
        COALESCE(array_agg(o.kind ORDER BY o.kind COLLATE "C") FILTER (WHERE o.holds), CAST('{{}}' AS text[])) AS kinds
    FROM tenancy t {LAST_LOOK} {LATEST_CHECKS} {TENANCY_LEFT_OUT}
    WHERE t.site_id = s.id AND {CURRENT}
) n"""  # noqa: S608
# Of these only the days, which need neither leases nor checks before letting.
_SEEN = f"""
SELECT s.id AS site_id, c.last_visit_day, {_CHECKED_DAY}
FROM site s {_LAST_VISIT}
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE l.day IS NULL) AS unseen, min(l.day) AS oldest
    FROM tenancy t {LAST_LOOK} WHERE t.site_id = s.id AND {CURRENT}
) n"""  # noqa: S608
_OF_IDS = f"{DERIVED} WHERE s.id = ANY(:ids)"

_LOCK = text("SELECT id FROM site WHERE id = ANY(:ids) ORDER BY id FOR NO KEY UPDATE")
_REFRESH = text(
    f"""INSERT INTO site_check AS k (site_id, as_of_day, last_visit_day, last_visit_id, checked_day, tenancies,
        tenancies_unseen, tenancy_omissions)
    SELECT site_id, as_of_day, last_visit_day, last_visit_id, checked_day, tenancies, tenancies_unseen,
        tenancy_omissions
    FROM ({_OF_IDS}) d
    ON CONFLICT (site_id) DO UPDATE SET as_of_day = excluded.as_of_day, last_visit_day = excluded.last_visit_day,
        last_visit_id = excluded.last_visit_id, checked_day = excluded.checked_day, tenancies = excluded.tenancies,
        tenancies_unseen = excluded.tenancies_unseen, tenancy_omissions = excluded.tenancy_omissions"""  # noqa: S608
)
# Sites of which something began or ended by itself since they were derived, found by the days of what changes.
_STALE = text(
    f"""WITH oldest AS MATERIALIZED (SELECT min(as_of_day) AS day, {EPOCH} + min(as_of_day) AS on_day FROM site_check),
    turned AS (
        SELECT t.site_id FROM tenancy t, oldest o WHERE t.started_on > o.on_day AND t.started_on <= {ON}
        UNION ALL
        SELECT t.site_id FROM tenancy t, oldest o WHERE t.ended_on > o.on_day AND t.ended_on <= {ON}
        UNION ALL
        SELECT t.site_id FROM tenancy t, oldest o WHERE t.lease_to >= o.on_day AND t.lease_to < {ON}
        UNION ALL
        SELECT v.site_id FROM visit v, oldest o WHERE v.day > o.day AND v.day <= {DAY}
    )
    SELECT c.site_id FROM site_check c WHERE c.as_of_day < {DAY} AND c.site_id IN (SELECT site_id FROM turned)"""  # noqa: S608
)
_OLDER = text(
    f"""SELECT s.id FROM site s LEFT JOIN site_check c ON c.site_id = s.id
    WHERE c.as_of_day IS NULL OR c.as_of_day < {DAY} ORDER BY s.id LIMIT :limit"""  # noqa: S608
)
_ALL = text("SELECT id FROM site ORDER BY id")
_AS_OF = text("SELECT s.id, c.as_of_day FROM site s LEFT JOIN site_check c ON c.site_id = s.id ORDER BY s.id")
_COLUMNS = """site_id, last_visit_day, last_visit_id, checked_day, tenancies, tenancies_unseen, tenancy_omissions"""
_STORED = text(f"SELECT {_COLUMNS} FROM site_check WHERE site_id = ANY(:ids)")  # noqa: S608
_FOLLOWING = text(f"SELECT {_COLUMNS} FROM ({_OF_IDS}) d")  # noqa: S608
_CODES = text("SELECT id, code FROM site WHERE id = ANY(:ids)")
_STATES = text(
    f"""SELECT s.id, {STATE} AS state, c.last_visit_day, c.checked_day, {CYCLE} AS cycle_days
    FROM site s LEFT JOIN site_check c ON c.site_id = s.id WHERE s.id = ANY(:ids)"""  # noqa: S608
)
_STATES_ON = text(
    f"""SELECT s.id, {STATE} AS state, c.last_visit_day, c.checked_day, {CYCLE} AS cycle_days
    FROM site s JOIN ({_SEEN} WHERE s.id = ANY(:ids)) c ON c.site_id = s.id"""  # noqa: S608
)
_LOOKS = text(
    f"""SELECT t.id, l.day FROM tenancy t {LAST_LOOK} WHERE t.id = ANY(:ids) AND l.day IS NOT NULL"""  # noqa: S608
)


def lock(session: Session, ids: Iterable[UUID]) -> None:
    """Hold sites until the transaction ends: what is derived next sees all that others did to them before."""
    session.execute(_LOCK, {"ids": list(ids)})


def refresh(session: Session, ids: Sequence[UUID], asked: dict[str, Any]) -> None:
    """Derive the checks of locked sites anew, as of the day asked."""
    session.execute(_REFRESH, {**asked, "ids": list(ids)})


def stale(session: Session, asked: dict[str, Any]) -> list[UUID]:
    """Sites whose check was derived before something began or ended that it does not tell of."""
    return [row.site_id for row in session.execute(_STALE, asked)]


def older(session: Session, asked: dict[str, Any], limit: int) -> list[UUID]:
    """Sites whose check is of a day before the one asked, or missing."""
    return [row.id for row in session.execute(_OLDER, {**asked, "limit": limit})]


def every(session: Session) -> list[UUID]:
    """All sites, removed ones too."""
    return [row.id for row in session.execute(_ALL)]


def days_derived_for(session: Session) -> dict[UUID, int | None]:
    """The day that each site's check was derived for; None where it has none."""
    return {row.id: row.as_of_day for row in session.execute(_AS_OF)}


def stored(session: Session, ids: Sequence[UUID]) -> dict[UUID, Row[Any]]:
    """What site_check says of sites."""
    return {row.site_id: row for row in session.execute(_STORED, {"ids": list(ids)})}


def following(session: Session, ids: Sequence[UUID], asked: dict[str, Any]) -> dict[UUID, Row[Any]]:
    """What follows for sites from visits and tenancies, in the columns of `stored`."""
    return {row.site_id: row for row in session.execute(_FOLLOWING, {**asked, "ids": list(ids)})}


def codes(session: Session, ids: Sequence[UUID]) -> dict[UUID, str]:
    """How people call sites."""
    return {row.id: row.code for row in session.execute(_CODES, {"ids": list(ids)})}


def states(session: Session, ids: Sequence[UUID], asked: dict[str, Any], *, stored: bool) -> Sequence[Row[Any]]:
    """id, state, last_visit_day, checked_day, cycle_days; not `stored`: derived for the day asked."""
    return session.execute(_STATES if stored else _STATES_ON, {**asked, "ids": list(ids)}).all()


def looks(session: Session, ids: Sequence[UUID], on: date, day: int) -> dict[UUID, int]:
    """The day each tenancy was last seen; one never seen has no entry."""
    values = {"ids": list(ids), "on": on, "day": day}
    return {row.id: row.day for row in session.execute(_LOOKS, values)}
