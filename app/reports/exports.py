"""A list of one's scope as a file; each look is written down, since lists hold names and telephones."""

from datetime import date, datetime, timedelta
from typing import Any

import shapely
from sqlalchemy.orm import Session

from app import exporting
from app.actor import Actor
from app.errors import ForbiddenError
from app.exporting import Exported, Kind
from app.leads import service as leads
from app.leads.schemas import LeadRow
from app.reports.lists import LISTS, ListName, said
from app.reports.queries import lists as queries
from app.settings import Settings
from app.sites import service as sites
from app.sites.schemas import SiteState
from app.territory import service as territory

_FIRST = date(2000, 1, 1)


def export(
    session: Session, settings: Settings, actor: Actor, name: ListName, kind: Kind, unit_code: str | None
) -> Exported:
    """The rows of a list at or below a unit, or of the whole scope.

    Raises NotFoundError or ForbiddenError (unit; a token without the list's own right), TooLargeError beyond the bound.
    """
    listed = LISTS[name]
    if not actor.may(listed.right):
        raise ForbiddenError(f"没有查看{listed.title}的权限，不能导出。请换用有此权限的账号或令牌。", list=name)
    path = None if unit_code is None else territory.unit_in_scope(session, actor.scope, unit_code).path
    if name == "leads":
        rows = _leads(session, settings, actor, unit_code)
    else:
        rows = queries.rows(session, name, actor.scope, path)
    if name == "sites" and len(rows) <= exporting.MAX_ROWS:
        states = sites.states(session, settings, [row["id"] for row in rows])
        rows = [row | _state(states[row["id"]]) for row in rows]
    if name == "visits":
        actor.facts["officer_codes"] = sorted({row["officer_code"] for row in rows})
    actor.facts.update({"list": name, "rows": len(rows), "is_look": True})
    local = [{key: _local(value, settings) for key, value in row.items()} for row in rows]
    return exporting.export(said(local, listed.words), listed.columns, "geometry", kind, listed.title)


def _leads(session: Session, settings: Settings, actor: Actor, unit_code: str | None) -> list[dict[str, Any]]:
    """Leads in words; who reported, the officer too, is nobody's business here."""
    found = leads.page(session, settings, actor, leads.Filters(unit=unit_code), exporting.MAX_ROWS, 0)
    exporting.check_count(found.total)
    return [_lead(row) for row in found.items]


def _lead(row: LeadRow) -> dict[str, Any]:
    names = {"region": row.unit, "assigned_to": row.assigned_to, "site_name": row.site, "tenant_name": row.tenancy}
    return {
        **row.model_dump(),
        **{key: None if named is None else named.name for key, named in names.items()},
        "source": row.source_text,
        "what": row.what_text,
        "state": row.state_text,
        "grid_code": None if row.grid is None else row.grid.code,
        "site_code": None if row.site is None else row.site.code,
        "geometry": None if row.lon is None else shapely.Point(row.lon, row.lat),
    }


def _state(state: SiteState) -> dict[str, Any]:
    day = state.last_visit_day
    last = None if day is None else _FIRST + timedelta(day)
    return {"state": state.state, "last_visit_day": last, "due_on": state.due_on, "cycle_days": state.cycle_days}


def _local(value: Any, settings: Settings) -> Any:
    return value.astimezone(settings.zone) if isinstance(value, datetime) else value
