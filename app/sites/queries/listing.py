"""Lists of sites by filters that combine, with what is left out at each."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.scope import Scope
from app.sites.queries.rules import CURRENT, CYCLE, HAS, IN_SCOPE, OF_SITE, SITE_LEFT_OUT, STATE, URGENCY
from app.sites.schemas.incoming import SiteFilter

_BY_WORDS = f"""(CAST(:inside AS text) IS NULL
        OR s.name ILIKE :inside OR s.code ILIKE :prefix OR s.address ILIKE :inside OR s.uscc ILIKE :prefix
        OR s.id IN (SELECT t.site_id FROM tenancy t
                    WHERE (t.tenant_name ILIKE :inside OR t.uscc ILIKE :prefix) AND {CURRENT}))"""  # noqa: S608
# All filters but the state's and the omission's.
CHOSEN = f"""s.removed_on IS NULL AND {IN_SCOPE}
    AND (CAST(:path AS ltree) IS NULL OR s.unit_path <@ CAST(:path AS ltree))
    AND (CAST(:grid AS text) IS NULL OR s.grid_code = :grid)
    AND (CAST(:kinds AS text[]) IS NULL OR s.kind = ANY(CAST(:kinds AS text[])))
    AND (CAST(:occupancies AS text[]) IS NULL OR s.occupancy = ANY(CAST(:occupancies AS text[])))
    AND (CAST(:risks AS text[]) IS NULL OR s.risk = ANY(CAST(:risks AS text[])))
    AND {_BY_WORDS}"""
IN_STATE = f"(CAST(:states AS text[]) IS NULL OR {STATE} = ANY(CAST(:states AS text[])))"
# Statements are made for each kind of omission once, so that each has a plan of its own; None: any site.
BY_OMISSION: dict[str | None, str] = dict[str | None, str](HAS) | {None: "true"}

_COLUMNS = f"""s.id, s.code, s.name, s.kind, s.occupancy, s.shut_down_kind, s.risk, s.address,
    ST_X(s.place) AS lon, ST_Y(s.place) AS lat, s.unit_code, s.stated_unit_code, s.grid_code,
    CAST(s.unit_path AS text) AS unit_path, s.version, {STATE} AS state, {CYCLE} AS cycle_days,
    c.last_visit_day, c.checked_day,
    COALESCE(c.tenancies, 0) AS tenancy_count, COALESCE(c.tenancies_unseen, 0) AS unseen_count"""
_PAGE = {
    kind: text(
        f"""SELECT {_COLUMNS} FROM {OF_SITE} WHERE {CHOSEN} AND {IN_STATE} AND {has}
        ORDER BY array_position({URGENCY}, {STATE}), array_position(ARRAY['high', 'medium', 'low'], s.risk), s.code
        LIMIT :limit OFFSET :skip"""  # noqa: S608
    )
    for kind, has in BY_OMISSION.items()
}
_COUNTS = {
    kind: text(f"SELECT {STATE} AS state, count(*) AS n FROM {OF_SITE} WHERE {CHOSEN} AND {has} GROUP BY 1")  # noqa: S608
    for kind, has in BY_OMISSION.items()
}
_PLAN = text("SELECT set_config('plan_cache_mode', 'force_custom_plan', true)")
_ONE = text(
    f"""SELECT {_COLUMNS}, s.cycle_days AS stated_cycle_days, s.uscc, s.lessor_name, s.lessor_phone,
        ST_AsGeoJSON(s.outline, 7) AS outline, s.point IS NOT NULL AS has_point, s.source_datum, s.dust_kind,
        s.dust_confirmed_by, s.dust_confirmed_on, s.safety_officer, s.provenance, s.removed_on, s.removed_why,
        s.created_at, s.created_by
    FROM {OF_SITE} WHERE s.id = :id"""  # noqa: S608
)
_LEFT_OUT = text(
    f"""SELECT s.id AS site_id, o.kind, o.since FROM {OF_SITE} {SITE_LEFT_OUT}
    WHERE s.id = ANY(:ids) AND o.holds"""  # noqa: S608
)


def plan_for_values(session: Session) -> None:
    """Have the transaction's statements planned for what is asked: a village and the province need other plans."""
    session.execute(_PLAN)


def filter_values(scope: Scope, asked: dict[str, Any], wanted: SiteFilter, path: str | None) -> dict[str, Any]:
    """What the statements name; `path`: of the unit asked for, None for the whole scope."""
    words = " ".join(wanted.q.split())
    safe = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return {
        **asked,
        **scope.params(),
        "path": path,
        "grid": wanted.grid,
        "kinds": wanted.kind or None,
        "occupancies": wanted.occupancy or None,
        "risks": wanted.risk or None,
        "states": wanted.state or None,
        "inside": f"%{safe}%" if words else None,
        "prefix": f"{safe}%" if words else None,
    }


def page(session: Session, omission: str | None, values: dict[str, Any], limit: int, skip: int) -> Sequence[Row[Any]]:
    """Sites that pass all filters, most urgent first."""
    return session.execute(_PAGE[omission], {**values, "limit": limit, "skip": skip}).all()


def counts(session: Session, omission: str | None, values: dict[str, Any]) -> dict[str, int]:
    """How many sites stand how, by all filters but the state's; a state without any has no entry."""
    return {row.state: row.n for row in session.execute(_COUNTS[omission], values)}


def one(session: Session, site_id: UUID, asked: dict[str, Any]) -> Row[Any] | None:
    """A site with all its facts, also a removed one; None when there is none."""
    return session.execute(_ONE, {**asked, "id": site_id}).first()


def left_out(session: Session, ids: Sequence[UUID], asked: dict[str, Any]) -> Sequence[Row[Any]]:
    """site_id, kind, since of what is left out at sites themselves."""
    return session.execute(_LEFT_OUT, {**asked, "ids": list(ids)}).all()
